import { headers } from 'next/headers';
import { query } from '#src/graphql/server.ts';
import { kindOf } from '#src/things/kind.ts';
import { inTrash } from '#src/trash/trash-query.ts';
import { ButtonLink } from '#src/ui/button.tsx';

export default async function NotFound() {
  // "/runs/run_k3v9x2ab?tab=matrix"
  const [, id] = /\/([a-z]+_\w+)/.exec((await headers()).get('x-path') ?? '') ?? [];
  const [item] = id ? (await query(inTrash, { id })).trash.nodes : [];
  return (
    <div className="mx-auto max-w-lg px-6 py-24 text-center">
      <h1 className="text-title font-semibold">{item ? 'It is in the trash' : 'There is nothing here'}</h1>
      <p className="mt-2 text-ink-soft">
        {item
          ? `The ${kindOf(item.reference)} "${item.name}" was deleted. It can be restored as long as nobody deletes it for good.`
          : 'The address is wrong, or what was here belongs to another team or was deleted.'}
      </p>
      <ButtonLink href={item ? '/trash' : '/'} className="mt-6">
        {item ? 'To the trash' : 'To the overview'}
      </ButtonLink>
    </div>
  );
}
