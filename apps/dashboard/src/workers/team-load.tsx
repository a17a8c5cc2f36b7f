'use client';

import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { StatusBadge } from '#src/ui/status-badge.tsx';
import type { teamLoad } from './team-load-fields.ts';

const endRun = graphql(`
  mutation EndRun($id: ID!) {
    endRuns(input: { ids: [$id] }) { ok errors { message } }
  }
`);

/** What all teams have under way: that it is there, and a way to end it. */
export function TeamLoad({ loads }: { loads: readonly ResultOf<typeof teamLoad>[] }) {
  const action = useAction();
  const runs = loads.flatMap(({ team, runs }) => runs.map((run) => ({ ...run, team: team.name })));
  if (runs.length === 0) return <p className="py-2 text-ink-soft">Nothing runs and nothing waits.</p>;
  return (
    <>
      {action.error && <Notice kind="error">{action.error}</Notice>}
      <DataTable
        caption="Runs of all teams"
        rows={runs}
        keyOf={({ reference }) => reference}
        columns={[
          { name: 'Team', className: 'font-medium', cell: ({ team }) => team },
          { name: 'Run', className: 'font-mono text-small', cell: ({ reference }) => reference },
          { name: 'State', cell: ({ state }) => <StatusBadge state={state} /> },
          { name: 'Started', time: ({ createdAt }) => createdAt },
          {
            name: 'Actions',
            unseen: true,
            right: true,
            cell: ({ reference, team }) => (
              <Button
                look="quiet"
                disabled={action.pending}
                aria-label={`End ${reference}`}
                onClick={() =>
                  confirm(`End a run of ${team}? Their audit log says that you did.`) &&
                  action.mutate(endRun, { id: reference })
                }
              >
                End
              </Button>
            ),
          },
        ]}
      />
    </>
  );
}
