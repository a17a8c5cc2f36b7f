'use client';

import { useRouter } from 'next/navigation';
import { kindWords, pageOf } from '#src/things/kind.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { Select } from '#src/ui/field.tsx';
import type { Named } from '#src/ui/named.ts';
import { SearchBox } from '#src/ui/search-box.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { type TeamPages, withAudit } from './pages.ts';
import type { AuditEntry } from './team-query.ts';

/** Who changed what, newest first: of all, or of whom and what one chooses, which stands in the address. */
export function AuditLog({
  entries,
  people,
  pages,
}: {
  entries: readonly AuditEntry[];
  people: readonly Named[];
  pages: TeamPages;
}) {
  const router = useRouter();
  const choose = (choice: Parameters<typeof withAudit>[0]) =>
    router.replace(`/team?${withAudit(choice, pages)}`, { scroll: false });
  return (
    <div className="grid gap-2">
      <search className="flex flex-wrap items-center gap-2 pt-1">
        <Select
          aria-label="Who"
          className="w-auto max-w-48"
          value={pages.who}
          options={[{ id: '', name: 'Everybody' }, ...people]}
          onChange={(who) => choose({ who })}
        />
        <SearchBox
          label="Actions with this text"
          placeholder="Action, such as run"
          text={pages.did}
          onSearch={(did) => choose({ did })}
        />
      </search>
      <DataTable
        caption="Audit log"
        rows={entries}
        keyOf={({ id }) => id}
        empty="No entry is like that."
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
          { name: 'Of', from: 'md', cell: ({ subject }) => <Subject of={subject} /> },
          { name: 'When', time: ({ createdAt }) => createdAt },
        ]}
      />
    </div>
  );
}

/** By its name, leading to its page where it is there; what has no name is told by its kind and its id. */
function Subject({ of: { reference, name, node } }: { of: AuditEntry['subject'] }) {
  const page = node && pageOf(reference);
  const kind = kindWords(reference);
  const told = name ?? (node && 'name' in node ? node.name : null) ?? (
    <>
      {kind && `${kind} `}
      <span className="font-mono text-small text-ink-soft">{reference}</span>
    </>
  );
  if (page) return <TextLink href={page}>{told}</TextLink>;
  return name !== null && kind ? (
    <>
      {told} <span className="text-ink-soft">({kind}, deleted)</span>
    </>
  ) : (
    told
  );
}
