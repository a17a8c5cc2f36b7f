import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';

interface AuditEntry {
  readonly id: string;
  readonly action: string;
  readonly subject: string;
  readonly createdAt: string;
  readonly actor: { readonly apiKeyName: string | null; readonly user: { readonly name: string } } | null;
}

/** Who changed what, newest first. */
export function AuditLog({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <Table caption="Audit log">
      <thead>
        <tr>
          <Th>Who</Th>
          <Th>What</Th>
          <Th className="hidden md:table-cell">Of</Th>
          <Th right>When</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ id, action, subject, createdAt, actor }) => (
          <Tr key={id}>
            <Td className="font-medium">
              {actor?.user.name ?? 'somebody who is gone'}
              {actor?.apiKeyName && <span className="text-ink-soft"> by key {actor.apiKeyName}</span>}
            </Td>
            <Td>{action.replace('.', ': ').replaceAll('-', ' ')}</Td>
            <Td className="hidden font-mono text-small text-ink-soft md:table-cell">{subject}</Td>
            <Td right className="text-ink-soft">
              <Time at={createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
