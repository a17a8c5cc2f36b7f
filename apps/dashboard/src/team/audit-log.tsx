import { DataTable } from '#src/ui/data-table.tsx';
import type { AuditEntry } from './team-query.ts';

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
              {actor.user?.name ?? 'somebody who is gone'}
              {actor.apiKeyName && <span className="text-ink-soft"> by key {actor.apiKeyName}</span>}
            </>
          ),
        },
        { name: 'What', cell: ({ words }) => words },
        {
          name: 'Of',
          from: 'md',
          className: 'font-mono text-small text-ink-soft',
          cell: ({ subject }) => subject.reference,
        },
        { name: 'When', time: ({ createdAt }) => createdAt },
      ]}
    />
  );
}
