import { DataTable } from '#src/ui/data-table.tsx';

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
    <DataTable
      caption="Audit log"
      rows={entries}
      keyOf={({ id }) => id}
      columns={[
        {
          name: 'Who',
          className: 'font-medium',
          cell: ({ actor }) => (
            <>
              {actor?.user.name ?? 'somebody who is gone'}
              {actor?.apiKeyName && <span className="text-ink-soft"> by key {actor.apiKeyName}</span>}
            </>
          ),
        },
        { name: 'What', cell: ({ action }) => action.replace('.', ': ').replaceAll('-', ' ') },
        {
          name: 'Of',
          from: 'md',
          className: 'font-mono text-small text-ink-soft',
          cell: ({ subject }) => subject,
        },
        { name: 'When', time: ({ createdAt }) => createdAt },
      ]}
    />
  );
}
