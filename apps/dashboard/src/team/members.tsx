'use client';

import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { Select } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { ROLES } from './roles.ts';
import type { Member } from './team-query.ts';

const changeRole = graphql(`
  mutation ChangeMemberRole($userId: ID!, $role: Role!) {
    changeMemberRole(input: { userId: $userId, role: $role }) { ok errors { message } }
  }
`);

const removeMember = graphql(`
  mutation RemoveMember($userId: ID!) {
    removeMember(input: { userId: $userId }) { ok errors { message } }
  }
`);

/** Who is in the team, and as what; an administrator changes it here. */
export function Members({ members, canManage }: { members: readonly Member[]; canManage: boolean }) {
  const action = useAction();
  return (
    <div className="grid gap-2">
      {action.error && <Notice kind="error">{action.error}</Notice>}
      <DataTable
        caption="Members of the team"
        rows={members}
        keyOf={({ id }) => id}
        columns={[
          { name: 'Name', className: 'font-medium', cell: ({ user }) => user.name },
          { name: 'E-mail', from: 'md', className: 'text-ink-soft', cell: ({ user }) => user.email },
          {
            name: 'Role',
            cell: ({ user, role }) =>
              canManage ? (
                <Select
                  aria-label={`Role of ${user.name}`}
                  className="w-28"
                  value={role}
                  disabled={action.pending}
                  options={ROLES}
                  onChange={(role) => void action.mutate(changeRole, { userId: user.id, role })}
                />
              ) : (
                wordOf(role)
              ),
          },
          { name: 'Since', time: ({ createdAt }) => createdAt, from: 'md' },
          canManage && {
            name: 'Membership',
            right: true,
            cell: ({ user }) => (
              <Button
                look="quiet"
                disabled={action.pending}
                aria-label={`Remove ${user.name} from the team`}
                onClick={() =>
                  confirm(`Remove ${user.name}? Their keys for this team end at once.`) &&
                  action.mutate(removeMember, { userId: user.id })
                }
              >
                Remove
              </Button>
            ),
          },
        ]}
      />
    </div>
  );
}
