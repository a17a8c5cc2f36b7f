import type { Metadata } from 'next';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { saysNothingOfPixels } from '#src/models/summary.ts';
import type { PastRun } from '#src/new-experiment/expected.ts';
import { NewExperimentForm } from '#src/new-experiment/new-experiment-form.tsx';
import { ButtonLink } from '#src/ui/button.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Empty } from '#src/ui/section.tsx';
import { workersOf } from '#src/workers/engine-workers.tsx';

export const metadata: Metadata = { title: 'New experiment' };

const newExperimentPage = graphql(`
  query NewExperimentPage {
    models(first: 100) { nodes {
      id
      name
      summary { reachable { macs params } groups { id prunable inexact } }
      preprocessing { input { channels } }
    } }
    datasets(first: 100) { nodes { id name splits { name images } } }
    engines { engine workers }
    runs(first: 100, states: [FINISHED]) {
      nodes { startedAt finishedAt rounds experiment { recipe { epochs } model { id } dataset { id } } }
    }
    methods { allocations { name description sharesSampling rounds } criteria { name description drawsBySeed } }
  }
`);

export default async function NewExperimentPage({
  searchParams,
}: {
  searchParams: Promise<{ model?: string }>;
}) {
  const { model } = await searchParams;
  const { models, datasets, methods, runs, engines } = await query(newExperimentPage, {});
  const ready = models.nodes.length > 0 && datasets.nodes.length > 0;
  return (
    <>
      <PageHeader title="New experiment" crumbs={[{ name: 'Experiments', href: '/experiments' }]} />
      {ready ? (
        <NewExperimentForm
          models={models.nodes.map(({ id, name, summary, preprocessing }) => {
            return {
              id,
              name,
              reachable: summary?.reachable ?? null,
              saysNothingOfPixels: saysNothingOfPixels(preprocessing),
              groups: (summary?.groups ?? []).filter(({ prunable, inexact }) => prunable || inexact),
            };
          })}
          datasets={datasets.nodes.map(({ id, name, splits }) => {
            return { id, name, searchImages: splits.find((split) => split.name === 'search')?.images ?? 0 };
          })}
          allocations={methods.allocations}
          criteria={methods.criteria}
          past={runs.nodes.flatMap(pastRun)}
          workers={workersOf(engines)}
          model={model}
        />
      ) : (
        <Empty
          title="An experiment needs a model and a data set"
          action={
            <ButtonLink look="primary" href={models.nodes.length === 0 ? '/models' : '/datasets'}>
              {models.nodes.length === 0 ? 'Add a model' : 'Add a data set'}
            </ButtonLink>
          }
        />
      )}
    </>
  );
}

type Finished = ResultOf<typeof newExperimentPage>['runs']['nodes'][number];

function pastRun({ startedAt, finishedAt, rounds, experiment }: Finished): PastRun[] {
  if (!startedAt || !finishedAt) return [];
  const { recipe, model, dataset } = experiment;
  const epochs = recipe?.epochs ?? 0;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return [{ modelId: model.id, datasetId: dataset.id, epochs, rounds: rounds ?? 0, seconds }];
}
