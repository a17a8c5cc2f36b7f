'use client';

import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';

const registerDataset = graphql(`
  mutation RegisterDataset($name: String!) {
    registerDataset(input: { name: $name }) { ok errors { message } }
  }
`);

/** Those that come with Espalier, by the name that the API knows. */
const SHIPPED = ['cifar10', 'mnist', 'fashion-mnist'] as const;

export function AddDataset({ have }: { have: readonly string[] }) {
  const action = useAction();
  return (
    <div className="grid gap-3 pt-1">
      <div className="flex flex-wrap gap-2">
        {SHIPPED.filter((name) => !have.includes(name)).map((name) => (
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
        Your own, a folder of images for each class:{' '}
        <code className="font-mono text-ink">espalier push --dataset FOLDER --name NAME</code>
      </p>
      {action.error && <Notice kind="error">{action.error}</Notice>}
    </div>
  );
}
