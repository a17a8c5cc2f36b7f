import type { Metadata } from 'next';
import { duration, grouped } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { FollowWorkers } from '#src/live/follow.tsx';
import { Refresh } from '#src/live/refresh.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Section } from '#src/ui/section.tsx';
import { EngineWorkers } from '#src/workers/engine-workers.tsx';
import { operates } from '#src/workers/operates.ts';
import { TeamLoad } from '#src/workers/team-load.tsx';
import { teamLoad } from '#src/workers/team-load-fields.ts';
import { WorkersTable, workerRow } from '#src/workers/workers-table.tsx';

export const metadata: Metadata = { title: 'Workers' };

const workersPage = graphql(
  `
    query WorkersPage($operates: Boolean!, $after: String) {
      engines { engine workers }
      queue {
        waiting
        active
        oldestWaitingSeconds
        overall @include(if: $operates) { waiting active }
      }
      workers(first: 50, after: $after, filter: { stoppedAt: { null: true } }) @include(if: $operates) {
        nodes { ...WorkerRow }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
      load @include(if: $operates) { ...TeamLoad }
    }
  `,
  [workerRow, teamLoad],
);

export default async function WorkersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const after = one(await searchParams, 'after') || null;
  const page = await query(workersPage, { operates: await operates(), after });
  const { queue, engines, workers, load } = page;
  return (
    <>
      {workers && <FollowWorkers />}
      {/* No stream tells of the queue, or how far a worker is. */}
      <Refresh seconds={5} />
      <PageHeader
        title="Workers"
        facts={
          <>
            {workers && <Fact name="workers">{grouped(workers.totalCount)}</Fact>}
            <Fact name="your jobs at work">{grouped(queue.active)}</Fact>
            <Fact name="your jobs waiting">{grouped(queue.waiting)}</Fact>
            {queue.oldestWaitingSeconds !== null && (
              <Fact name="longest wait">{duration(queue.oldestWaitingSeconds)}</Fact>
            )}
            {queue.overall && (
              <Fact name="of all teams">
                {grouped(queue.overall.active)} at work, {grouped(queue.overall.waiting)} waiting
              </Fact>
            )}
          </>
        }
      />
      {workers ? (
        <>
          <WorkersTable workers={workers.nodes} />
          <Pager page={workers.pageInfo} path="/workers" after={after} />
        </>
      ) : (
        <EngineWorkers engines={engines} />
      )}
      {load && (
        <div className="mt-8">
          <Section title="Under way" aside="of all teams">
            <TeamLoad loads={load} />
          </Section>
        </div>
      )}
    </>
  );
}
