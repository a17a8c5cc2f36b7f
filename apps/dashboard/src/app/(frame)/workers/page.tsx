import type { Metadata } from 'next';
import { duration, grouped } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { FollowWorkers } from '#src/live/follow.tsx';
import { Refresh } from '#src/live/refresh.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { WorkersTable, workerRow } from '#src/workers/workers-table.tsx';

export const metadata: Metadata = { title: 'Workers' };

const workersPage = graphql(
  `
    query WorkersPage {
      viewer { viewerCanManage }
      workers { ...WorkerRow }
      queue { waiting active ahead oldestWaitingSeconds overall { waiting active } }
    }
  `,
  [workerRow],
);

export default async function WorkersPage() {
  const { workers, queue, viewer } = await query(workersPage, {});
  return (
    <>
      <FollowWorkers />
      {/* No stream tells of the queue, or how far a worker is. */}
      <Refresh seconds={5} />
      <PageHeader
        title="Workers"
        facts={
          <>
            <Fact name="your jobs at work">{grouped(queue.active)}</Fact>
            <Fact name="your jobs waiting">{grouped(queue.waiting)}</Fact>
            {queue.oldestWaitingSeconds !== null && (
              <Fact name="longest wait">{duration(queue.oldestWaitingSeconds)}</Fact>
            )}
            <Fact name="of all teams">
              {grouped(queue.overall.active)} at work, {grouped(queue.overall.waiting)} waiting
            </Fact>
          </>
        }
      />
      <WorkersTable workers={workers} canManage={viewer.viewerCanManage} />
    </>
  );
}
