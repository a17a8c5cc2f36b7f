import Link from 'next/link';
import { plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { Refresh } from '#src/live/refresh.tsx';
import { Checklist } from '#src/overview/checklist.tsx';
import { firstSteps } from '#src/overview/first-steps.ts';
import { runRow } from '#src/runs/run-row.ts';
import { RunsTable } from '#src/runs/runs-table.tsx';
import { ButtonLink } from '#src/ui/button.tsx';
import { DataTable, RowLink } from '#src/ui/data-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Section } from '#src/ui/section.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { EngineWorkers } from '#src/workers/engine-workers.tsx';

const overview = graphql(
  `
    query Overview {
      working: runs(
        first: 20
        filter: { state: { not: [QUEUED, FINISHED, FAILED, CANCELLED] } }
      ) {
        nodes { ...RunRow }
        totalCount
      }
      queued: runs(first: 1, filter: { state: { in: [QUEUED] } }) { totalCount }
      latest: runs(first: 10, filter: { state: { in: [FINISHED, FAILED] } }) {
        nodes { ...RunRow }
      }
      results: runs(first: 1, filter: { state: { in: [FINISHED] } }) { totalCount }
      experiments(first: 5) {
        nodes { id name createdAt model { name } dataset { name } }
        totalCount
      }
      models(first: 1) { totalCount }
      datasets(first: 1) { totalCount }
      viewer { viewerCanEdit }
      engines { engine workers }
      queue { waiting active }
    }
  `,
  [runRow],
);

/** Columns that a small desk has room for. */
const AT_WORK = ['experiment', 'model', 'target', 'state'];
const RESULTS = ['experiment', 'target', 'state', 'value', 'drop', 'ratioMacs'];

export default async function OverviewPage() {
  const { working, queued, latest, experiments, engines, queue, ...page } = await query(overview, {});
  const steps = firstSteps({
    models: page.models.totalCount,
    datasets: page.datasets.totalCount,
    experiments: experiments.totalCount,
    results: page.results.totalCount,
  });
  const isOnTheWay = page.viewer.viewerCanEdit && steps.some(({ done }) => !done);
  return (
    <>
      <Refresh seconds={5} />
      <PageHeader
        title="Overview"
        actions={
          page.viewer.viewerCanEdit &&
          !isOnTheWay && (
            <ButtonLink look="primary" href="/experiments/new">
              New experiment
            </ButtonLink>
          )
        }
      />
      {isOnTheWay && <Checklist steps={steps} />}
      <div className="grid gap-8">
        <Section title="At work">
          {working.nodes.length > 0 ? (
            <RunsTable runs={working.nodes} columns={AT_WORK} caption="Runs at work" />
          ) : (
            <p className="py-2 text-ink-soft">No run is at work now.</p>
          )}
          {queue.active === 0 && queue.waiting > 0 && engines.some(({ workers }) => workers > 0) && (
            <p className="py-2 text-ink-soft">
              No worker is at your runs now: the workers are busy with other teams. Teams take turns.
            </p>
          )}
          {queued.totalCount > 0 && (
            <p className="py-2">
              <TextLink href="/runs?states=queued">
                {plural(queued.totalCount, 'run waits', 'runs wait')}
              </TextLink>{' '}
              <span className="text-ink-soft">for a worker</span>
            </p>
          )}
        </Section>
        {latest.nodes.length > 0 && (
          <Section title="Latest results" aside={<Link href="/runs">All runs</Link>}>
            <RunsTable runs={latest.nodes} columns={RESULTS} caption="Latest results" />
          </Section>
        )}
        <div className="grid gap-8 lg:grid-cols-2">
          {experiments.totalCount > 0 && (
            <Section title="Experiments" aside={<Link href="/experiments">All experiments</Link>}>
              <DataTable
                caption="Latest experiments"
                rows={experiments.nodes}
                keyOf={({ id }) => id}
                columns={[
                  {
                    name: 'Name',
                    cell: ({ id, name }) => <RowLink href={`/experiments/${id}`}>{name}</RowLink>,
                  },
                  { name: 'Model', cell: ({ model }) => model.name },
                  { name: 'Data set', cell: ({ dataset }) => dataset.name },
                  { name: 'Created', time: ({ createdAt }) => createdAt },
                ]}
              />
            </Section>
          )}
          <Section title="Workers" aside={<Link href="/workers">All workers</Link>}>
            <EngineWorkers engines={engines} />
          </Section>
        </div>
      </div>
    </>
  );
}
