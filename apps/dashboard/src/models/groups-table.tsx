import { grouped } from '#src/format/numbers.ts';
import { type Column, DataTable } from '#src/ui/data-table.tsx';
import type { ModelGroup } from './summary.ts';

/** Channel groups with their members, and why some stay whole. */
export function GroupsTable({ groups }: { groups: readonly ModelGroup[] }) {
  const widest = Math.max(1, ...groups.map(({ width }) => width));
  return (
    <DataTable
      caption="Channel groups: the channels that can only go together"
      rows={groups}
      keyOf={({ name }) => name}
      columns={[
        { name: 'Group', long: ({ name }) => name },
        {
          name: 'Width',
          head: { className: 'w-1/4' },
          cell: ({ width, reason }) => (
            <span
              aria-hidden
              className={`block h-3 rounded-xs ${reason ? 'bg-line-strong' : 'bg-accent'}`}
              style={{ width: `${(width / widest) * 100}%` }}
            />
          ),
        },
        { name: 'Channels', right: true, cell: ({ width }) => grouped(width) },
        {
          name: 'Prunable',
          className: 'text-ink-soft',
          cell: ({ reason }) => (reason ? `no: ${reason}` : 'yes'),
        },
        members('Made by', ({ producers }) => producers ?? []),
        members('Read by', ({ consumers }) => consumers ?? []),
      ]}
    />
  );
}

/** The first of some nodes, and all of them on hover. */
function members(name: string, of: (group: ModelGroup) => readonly string[]): Column<ModelGroup> {
  return {
    name,
    from: 'lg',
    className: 'max-w-48 truncate font-mono text-small text-ink-soft',
    title: (group) => of(group).join('\n'),
    cell: (group) => {
      const [first = '–', ...others] = of(group);
      return others.length > 0 ? `${first} and ${others.length} more` : first;
    },
  };
}
