import { Rename } from '#src/annotations/rename.tsx';
import { MoveToTrash } from '#src/trash/move-to-trash.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import type { Named } from '#src/ui/named.ts';
import { TextLink } from '#src/ui/text-link.tsx';

/** What models and experiments lie in, each leading to its own. */
export function Projects({ projects, canEdit }: { projects: readonly Named[]; canEdit: boolean }) {
  return (
    <DataTable
      caption="Projects"
      rows={projects}
      keyOf={({ id }) => id}
      columns={[
        { name: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
        { name: 'Models', cell: ({ id }) => <TextLink href={`/models?projects=${id}`}>its models</TextLink> },
        {
          name: 'Experiments',
          cell: ({ id }) => <TextLink href={`/experiments?projects=${id}`}>its experiments</TextLink>,
        },
        canEdit && {
          name: 'Change',
          unseen: true,
          right: true,
          cell: ({ id, name }: Named) => (
            <span className="inline-flex">
              <Rename id={id} name={name} />
              <MoveToTrash id={id} name={name} back="/models" />
            </span>
          ),
        },
      ]}
    />
  );
}
