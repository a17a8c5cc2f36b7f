import Link from 'next/link';
import { plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { Refresh } from '#src/live/refresh.tsx';
import { runRow } from '#src/runs/run-row.ts';
import { RunsTable } from '#src/runs/runs-table.tsx';
import { ButtonLink } from '#src/ui/button.tsx';
import { DataTable, RowLink } from '#src/ui/data-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Empty, Section } from '#src/ui/section.tsx';
import { EngineWorkers } from '#src/workers/engine-workers.tsx';

const overview = graphql(
  `
    query Overview {
      working: runs(
        first: 20
        filter: { state: { not: [FINISHED, FAILED, CANCELLED] } }
      ) {
        nodes { ...RunRow }
        totalCount
      }
      latest: runs(first: 10, filter: { state: { in: [FINISHED, FAILED, CANCELLED] } }) {
        nodes { ...RunRow }
      }
      experiments(first: 5) {
        nodes { id name createdAt model { name } dataset { name } }
      }
      engines { engine workers }
      queue { waiting active }
    }
  `,
  [runRow],
);

export default async function OverviewPage() {
  const { working, latest, experiments, engines, queue } = await query(overview, {});
  const isEmpty = experiments.nodes.length === 0;
  return (
    <>
      <Refresh seconds={5} />
      <PageHeader
        title="Overview"
        actions={
          <ButtonLink look="primary" href="/experiments/new">
            New experiment
          </ButtonLink>
        }
      />
      {isEmpty ? <FirstSteps /> : null}
      <div className="grid gap-8">
        <Section title="At work" aside={`${plural(queue.active, 'job')} at work, ${queue.waiting} waiting`}>
          {working.nodes.length > 0 ? (
            <RunsTable runs={working.nodes} caption="Runs at work" />
          ) : (
            <p className="py-2 text-ink-soft">Nothing runs and nothing waits.</p>
          )}
        </Section>
        {latest.nodes.length > 0 && (
          <Section title="Latest results" aside={<Link href="/runs">All runs</Link>}>
            <RunsTable runs={latest.nodes} caption="Latest results" />
          </Section>
        )}
        <div className="grid gap-8 lg:grid-cols-2">
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
          <Section title="Workers" aside={<Link href="/workers">All workers</Link>}>
            <EngineWorkers engines={engines} />
          </Section>
        </div>
      </div>
    </>
  );
}

function FirstSteps() {
  return (
    <div className="mb-8">
      <Empty
        title="Nothing here yet"
        action={
          <ButtonLink look="primary" href="/models">
            Add a model
          </ButtonLink>
        }
      >
        <ol className="grid gap-1 text-left">
          <li>1. Add a trained network as an ONNX file; PyTorch, Keras and others export one.</li>
          <li>2. Choose a data set to judge it by.</li>
          <li>3. Start an experiment: which strategies, how much to remove.</li>
          <li>4. Compare the runs, and download the network that you want to ship.</li>
        </ol>
      </Empty>
    </div>
  );
}
