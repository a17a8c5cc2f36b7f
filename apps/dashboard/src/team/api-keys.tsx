'use client';

import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import type { Named } from '#src/ui/named.ts';
import { Notice } from '#src/ui/notice.tsx';
import { Time } from '#src/ui/time.tsx';
import { rightsWords } from './key-rights.ts';
import { NewKey } from './new-key.tsx';
import type { Role } from './roles.ts';
import type { ApiKey } from './team-query.ts';

const revokeKey = graphql(`
  mutation RevokeApiKey($id: ID!) {
    revokeApiKey(input: { id: $id }) { ok errors { message } }
  }
`);

/** Keys for commands and scripts; none allows more than its owner may. */
export function ApiKeys({
  keys,
  role,
  projects,
}: {
  keys: readonly ApiKey[];
  role: Role;
  projects: readonly Named[];
}) {
  const action = useAction();
  return (
    <div className="grid gap-3 pt-2">
      <NewKey role={role} projects={projects} />
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {keys.length > 0 && (
        <DataTable
          caption="API keys"
          rows={keys}
          keyOf={({ id }) => id}
          columns={[
            { name: 'Name', className: 'font-medium', cell: ({ name }) => name },
            { name: 'Begins with', className: 'font-mono text-small', cell: ({ prefix }) => `${prefix}…` },
            {
              name: 'May',
              cell: ({ scopes, projects: within }) => rightsWords(scopes, within?.length ?? null),
            },
            { name: 'Last used', time: ({ lastUsedAt }) => lastUsedAt, from: 'md' },
            {
              name: 'Expires',
              right: true,
              from: 'md',
              className: 'text-ink-soft',
              cell: ({ expiresAt }) => (expiresAt ? <Time at={expiresAt} /> : 'never'),
            },
            {
              name: 'Key',
              right: true,
              cell: ({ id, name }) => (
                <Button
                  look="quiet"
                  disabled={action.pending}
                  aria-label={`Revoke ${name}`}
                  onClick={() => action.mutate(revokeKey, { id })}
                >
                  Revoke
                </Button>
              ),
            },
          ]}
        />
      )}
    </div>
  );
}
