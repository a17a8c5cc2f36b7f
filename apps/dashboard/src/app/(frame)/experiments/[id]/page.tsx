import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { ResultsChart } from '#src/experiments/results-chart.tsx';
import { grouped, percent, plural } from '#src/format/numbers.ts';
import { isOver } from '#src/format/status.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { Refresh } from '#src/live/refresh.tsx';
import { runRow } from '#src/runs/run-row.ts';
import { RunsTable } from '#src/runs/runs-table.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Empty, Section } from '#src/ui/section.tsx';

const experimentPage = graphql(
  `
    query ExperimentPage($id: ID!) {
      experiment(id: $id) {
        id
        name
        samples
        grid
        seed
        recipe
        recipeHash
        recalibrate
        createdAt
        model { id name params macs }
        dataset { id name }
        base { top1 }
      }
      runs(first: 100, experimentId: $id) {
        nodes { ...RunRow }
        totalCount
      }
    }
  `,
  [runRow],
);

interface Props {
  readonly params: Promise<{ id: string }>;
}

const load = cache(async (id: string) => query(experimentPage, { id }));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { experiment } = await load((await params).id);
  return { title: experiment?.name ?? 'No such experiment' };
}

export default async function ExperimentPage({ params }: Props) {
  const { experiment, runs } = await load((await params).id);
  if (!experiment) notFound();
  const working = runs.nodes.some(({ state }) => !isOver(state));
  const { model, dataset } = experiment;
  return (
    <>
      {working && <Refresh seconds={3} />}
      <PageHeader
        title={experiment.name}
        crumbs={[{ name: 'Experiments', href: '/experiments' }]}
        facts={
          <>
            <Fact name="model">
              <Link href={`/models/${model.id}`} className="hover:underline">
                {model.name}
              </Link>
            </Fact>
            <Fact name="data set">{dataset.name}</Fact>
            <Fact name="unpruned">{percent(experiment.base?.top1)} top-1</Fact>
            <Fact name="sampled">{grouped(experiment.samples)} images</Fact>
            <Fact name="at">{experiment.grid.map((ratio) => percent(ratio, 0)).join(', ')}</Fact>
            <Fact name="runs">{runs.totalCount}</Fact>
          </>
        }
      />
      {runs.nodes.length === 0 ? (
        <Empty title="No run yet">A run is one strategy with one target and one seed.</Empty>
      ) : (
        <div className="grid gap-8">
          <Section title="Accuracy and cost">
            <ResultsChart
              runs={runs.nodes}
              base={{ params: model.params, macs: model.macs, top1: experiment.base?.top1 ?? null }}
            />
          </Section>
          <Section title="Runs" aside={plural(runs.totalCount, 'run')}>
            <RunsTable runs={runs.nodes} />
          </Section>
        </div>
      )}
    </>
  );
}
