'use client';

import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Select } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';
import { ROLES, type Role } from './roles.ts';

const changeRole = graphql(`
  mutation ChangeMemberRole($userId: ID!, $role: Role!) {
    changeMemberRole(userId: $userId, role: $role) { ok error { message } }
  }
`);

const removeMember = graphql(`
  mutation RemoveMember($userId: ID!) {
    removeMember(userId: $userId) { ok error { message } }
  }
`);

interface Member {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: string;
}

/** Who is in the team, and as what; an administrator changes it here. */
export function Members({ members, canManage }: { members: readonly Member[]; canManage: boolean }) {
  const action = useAction();
  return (
    <div className="grid gap-2">
      {action.error && <Notice kind="error">{action.error}</Notice>}
      <Table caption="Members of the team">
        <thead>
          <tr>
            <Th>Name</Th>
            <Th className="hidden md:table-cell">E-mail</Th>
            <Th>Role</Th>
            <Th right className="hidden md:table-cell">
              Since
            </Th>
            {canManage && <Th right>Membership</Th>}
          </tr>
        </thead>
        <tbody>
          {members.map(({ id, name, email, role, createdAt }) => (
            <Tr key={id}>
              <Td className="font-medium">{name}</Td>
              <Td className="hidden text-ink-soft md:table-cell">{email}</Td>
              <Td>
                {canManage ? (
                  <Select
                    aria-label={`Role of ${name}`}
                    className="w-28"
                    value={role}
                    disabled={action.pending}
                    onChange={(event) =>
                      action.run(
                        async () =>
                          (await send(changeRole, { userId: id, role: event.target.value as Role }))
                            .changeMemberRole,
                      )
                    }
                  >
                    {ROLES.map((each) => (
                      <option key={each}>{each}</option>
                    ))}
                  </Select>
                ) : (
                  role
                )}
              </Td>
              <Td right className="hidden text-ink-soft md:table-cell">
                <Time at={createdAt} />
              </Td>
              {canManage && (
                <Td right>
                  <Button
                    look="quiet"
                    disabled={action.pending}
                    aria-label={`Remove ${name} from the team`}
                    onClick={() =>
                      confirm(`Remove ${name}? Their keys for this team end at once.`) &&
                      action.run(async () => (await send(removeMember, { userId: id })).removeMember)
                    }
                  >
                    Remove
                  </Button>
                </Td>
              )}
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
