import { grouped } from '#src/format/numbers.ts';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import type { ModelGroup } from './summary.ts';

/** Channel groups with their members, and why some stay whole. */
export function GroupsTable({ groups }: { groups: readonly ModelGroup[] }) {
  const widest = Math.max(1, ...groups.map(({ width }) => width));
  return (
    <Table caption="Channel groups: the channels that can only go together">
      <thead>
        <tr>
          <Th>Group</Th>
          <Th className="w-1/4">Width</Th>
          <Th right>Channels</Th>
          <Th>Prunable</Th>
          <Th className="hidden lg:table-cell">Made by</Th>
          <Th className="hidden lg:table-cell">Read by</Th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ id, width, reason, producers = [], consumers = [] }) => (
          <Tr key={id}>
            <Td className="max-w-56 truncate font-mono text-small" title={id}>
              {id}
            </Td>
            <Td>
              <span
                aria-hidden
                className={`block h-3 rounded-xs ${reason ? 'bg-line-strong' : 'bg-accent'}`}
                style={{ width: `${(width / widest) * 100}%` }}
              />
            </Td>
            <Td right>{grouped(width)}</Td>
            <Td className="text-ink-soft">{reason ? `no: ${reason}` : 'yes'}</Td>
            <Members names={producers} />
            <Members names={consumers} />
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function Members({ names }: { names: readonly string[] }) {
  const [first, ...others] = names;
  return (
    <Td
      className="hidden max-w-48 truncate font-mono text-small text-ink-soft lg:table-cell"
      title={names.join('\n')}
    >
      {first ?? '–'}
      {others.length > 0 && ` and ${others.length} more`}
    </Td>
  );
}
