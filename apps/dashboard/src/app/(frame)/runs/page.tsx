import type { Metadata } from 'next';
import { plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { runRow } from '#src/runs/run-row.ts';
import { RunsTable } from '#src/runs/runs-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'Runs' };

const runsPage = graphql(
  `
    query RunsPage($after: ID) {
      runs(first: 100, after: $after) {
        nodes { ...RunRow }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
    }
  `,
  [runRow],
);

export default async function RunsPage({ searchParams }: { searchParams: Promise<{ after?: string }> }) {
  const { after = null } = await searchParams;
  const { runs } = await query(runsPage, { after });
  return (
    <>
      <PageHeader title="Runs" facts={plural(runs.totalCount, 'run')} />
      {runs.nodes.length === 0 ? (
        <Empty title="No run yet">Runs are started in an experiment.</Empty>
      ) : (
        <>
          <RunsTable runs={runs.nodes} withExperiment />
          <Pager {...runs.pageInfo} path="/runs" />
        </>
      )}
    </>
  );
}
