'use client';

import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { AddImages } from './add-images.tsx';

const registerDataset = graphql(`
  mutation RegisterDataset($name: String!) {
    registerDataset(input: { name: $name }) { ok errors { message } }
  }
`);

/** Those that come with Espalier, by the name that the API knows. */
const SHIPPED = ['cifar10', 'mnist', 'fashion-mnist'] as const;

/**
 * @param have names of all data sets
 * @param limit the most bytes that a zip may have
 */
export function AddDataset({ have, limit }: { have: readonly string[]; limit: number }) {
  const action = useAction();
  const shipped = SHIPPED.filter((name) => !have.includes(name));
  return (
    <div className="grid gap-3 pt-1">
      <AddImages taken={have} limit={limit} />
      <div className="flex flex-wrap items-center gap-2">
        {shipped.length > 0 && <span className="text-ink-soft">Comes with Espalier:</span>}
        {shipped.map((name) => (
          <Button
            key={name}
            disabled={action.pending}
            onClick={() => void action.mutate(registerDataset, { name })}
          >
            Add {name}
          </Button>
        ))}
      </div>
      <p className="text-ink-soft">
        Very many images are packed faster on your own machine:{' '}
        <code className="font-mono text-ink">espalier push --dataset FOLDER --name NAME</code>
      </p>
      {action.error && <Notice kind="error">{action.error}</Notice>}
    </div>
  );
}
