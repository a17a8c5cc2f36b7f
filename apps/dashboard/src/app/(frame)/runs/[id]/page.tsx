import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { authorWords } from '#src/format/author.ts';
import { markOf } from '#src/format/origin.ts';
import { isOver } from '#src/format/status.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { query } from '#src/graphql/server.ts';
import { everyTag } from '#src/lists/choices.ts';
import { everyNode } from '#src/lists/every.ts';
import { FollowRuns } from '#src/live/follow.tsx';
import { NotifyWhenOver } from '#src/live/notify.tsx';
import { Refresh } from '#src/live/refresh.tsx';
import { warningsOf } from '#src/runs/read-run.ts';
import { RecomputationNotice } from '#src/runs/recomputation-notice.tsx';
import { RunActions } from '#src/runs/run-actions.tsx';
import { RunHeadline } from '#src/runs/run-headline.tsx';
import { runPage, workerOf, workersAtBehind } from '#src/runs/run-page-query.ts';
import { RunParts } from '#src/runs/run-parts.tsx';
import { Shipped } from '#src/runs/shipped.tsx';
import { StageStrip } from '#src/runs/stage-strip.tsx';
import { stepsOf } from '#src/runs/stages.ts';
import { VerdictNotice } from '#src/runs/verdict-notice.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { OriginMark } from '#src/ui/origin-mark.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { StatusBadge } from '#src/ui/status-badge.tsx';
import { operates } from '#src/workers/operates.ts';

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<{ tab?: string }>;
}

const load = cache(async (id: string) => query(runPage, { id, operates: await operates() }));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { run } = await load((await params).id);
  return { title: run ? run.name : 'No such run' };
}

export default async function RunPage({ params, searchParams }: Props) {
  const page = await load((await params).id);
  const { run, viewer, tags, methods } = page;
  if (!run) notFound();
  const workers =
    page.workers && !isOver(run.state)
      ? await everyNode(page.workers, async (after) => (await query(workersAtBehind, { after })).workers)
      : [];
  const { tab } = await searchParams;
  const author = authorWords(run);
  const warnings = warningsOf(run);
  return (
    <>
      {!isOver(run.state) && (
        <FollowRuns
          key={run.id}
          experimentId={run.experiment.id}
          after={run.experiment.cursor}
          runId={run.id}
        />
      )}
      {/* No event tells how many are ahead of it. */}
      {run.state === 'QUEUED' && <Refresh seconds={5} />}
      <PageHeader
        title={run.name}
        crumbs={[
          { name: 'Experiments', href: '/experiments' },
          { name: run.experiment.name, href: `/experiments/${run.experiment.id}` },
        ]}
        actions={
          <>
            <NotifyWhenOver title={run.name} over={isOver(run.state) ? wordOf(run.state) : null} />
            <RunActions run={run} canEdit={viewer.viewerCanEdit} methods={methods} />
          </>
        }
        facts={
          <>
            <StatusBadge state={run.state} waits={run.progress.waits} />
            {author && <Fact name="made by">{author}</Fact>}
            {run.source && <Fact name="computed by">{run.source.tool}</Fact>}
            <OriginMark of={markOf(run)} />
            <Shipped of={run.shipped} />
          </>
        }
      />
      {run.error && (
        <div className="mb-4">
          <Notice kind="error">
            <p>The run failed: {run.error}.</p>
            <p>
              Model and samples are safe. Fix the cause and retry
              {viewer.viewerCanEdit && run.origin === 'ESPALIER' && (
                <>
                  , or{' '}
                  <Link href={`/experiments/new?run=${run.id}`} className="underline">
                    start it with other settings
                  </Link>
                </>
              )}
              .
            </p>
          </Notice>
        </div>
      )}
      {warnings.length > 0 && (
        <div className="mb-4">
          <Notice>
            {warnings.map((text) => (
              <p key={text}>{text}</p>
            ))}
          </Notice>
        </div>
      )}
      <RecomputationNotice of={run.recomputation} />
      <RunHeadline run={run} />
      <VerdictNotice run={run} canEdit={viewer.viewerCanEdit} />
      <StageStrip
        steps={stepsOf(run)}
        progress={run.progress}
        ahead={run.state === 'QUEUED' ? run.ahead : null}
        worker={workerOf(run, workers)}
      />
      <RunParts run={run} tab={tab} known={await everyTag(tags)} canEdit={viewer.viewerCanEdit} />
    </>
  );
}
