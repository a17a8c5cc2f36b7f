import type { Metadata } from 'next';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { datasetList } from '#src/lists/choice-fields.ts';
import { everyDatasetWithPixels } from '#src/lists/choices.ts';
import { everyNode } from '#src/lists/every.ts';
import { saysNothingOfPixels } from '#src/models/summary.ts';
import {
  askedAgain,
  conditionsAgain,
  draftOfExperiment,
  draftOfRuns,
  fineTuned,
} from '#src/new-experiment/again.ts';
import { deviceChoice, deviceReach } from '#src/new-experiment/device-choice.ts';
import type { PastRun } from '#src/new-experiment/expected.ts';
import { fittingDataset } from '#src/new-experiment/fitting.ts';
import { draftFrom } from '#src/new-experiment/from-address.ts';
import { NewExperimentForm } from '#src/new-experiment/new-experiment-form.tsx';
import { recipeFields } from '#src/settings/recipe-fields.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Empty } from '#src/ui/section.tsx';
import { workersOf } from '#src/workers/engine-workers.tsx';

export const metadata: Metadata = { title: 'New experiment' };

/** Beside its name, what it lets one choose. */
const modelsToPrune = graphql(`
  fragment ModelsToPrune on ModelConnection @_unmask {
    nodes {
      id
      name
      macs
      networkHash
      summary { reachable { macs params } groups { name prunable inexact } outputs { name tellsClasses tellsProbabilities isEmbedding } }
      preprocessing { input { channels } }
    }
    pageInfo { hasNextPage endCursor }
  }
`);

const modelsToPruneBehind = graphql(
  `
  query ModelsToPruneBehind($after: String!) { models(first: 100, after: $after) { ...ModelsToPrune } }
`,
  [modelsToPrune],
);

const profilesBehind = graphql(
  `
  query ProfilesBehind($after: String!) {
    deviceProfiles(first: 100, after: $after) { nodes { networkHash ...DeviceReach } pageInfo { hasNextPage endCursor } }
  }
`,
  [deviceReach],
);

const newExperimentPage = graphql(
  `
  query NewExperimentPage {
    viewer { viewerCanEdit }
    models(first: 100) { ...ModelsToPrune }
    datasets(first: 100) { ...DatasetList }
    deviceProfiles(first: 100) { nodes { networkHash ...DeviceReach } pageInfo { hasNextPage endCursor } }
    engines { engine workers }
    runs(first: 100, filter: { state: { in: [FINISHED] } }) {
      nodes { startedAt finishedAt rounds result { seconds { stage seconds } } experiment { recipe { epochs } model { id macs } dataset { id } } }
    }
    methods { allocations { name description sharesSampling rounds } criteria { name description drawsBySeed } recipes { name description recipe { ...RecipeFields } } qualityMetrics { name label description direction needsLabels } }
  }
`,
  [modelsToPrune, datasetList, recipeFields, deviceReach],
);

const experimentAgain = graphql(
  `
  query ExperimentAgain($id: ID!) {
    experiment(id: $id) { ...ConditionsAgain }
    runs(first: 100, filter: { experiment: { in: [$id] }, origin: { in: [ESPALIER] } }) { nodes { ...AskedAgain } }
  }
`,
  [conditionsAgain, askedAgain],
);

const runAgain = graphql(
  `
  query RunAgain($id: ID!) {
    run(id: $id) { name ...AskedAgain limits { align minWidth maxRatio keep } experiment { ...ConditionsAgain } }
  }
`,
  [conditionsAgain, askedAgain],
);

export default async function NewExperimentPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const again = await draftAgain(params);
  const said = again?.draft ?? draftFrom(params);
  const page = await query(newExperimentPage, {});
  const { methods, runs, engines } = page;
  if (!page.viewer.viewerCanEdit) return <OnlyEditors />;
  const [models, datasets, profiles] = await Promise.all([
    everyNode(page.models, async (after) => (await query(modelsToPruneBehind, { after })).models),
    everyDatasetWithPixels(page.datasets),
    everyNode(page.deviceProfiles, async (after) => (await query(profilesBehind, { after })).deviceProfiles),
  ]);
  const ready = models.length > 0 && datasets.length > 0;
  const { modelId = models[0]?.id } = said;
  const datasetId = said.datasetId ?? (modelId && (await fittingDataset(modelId, datasets)));
  return (
    <>
      <PageHeader
        title={again ? `New experiment, like ${again.crumb.name}` : 'New experiment'}
        crumbs={[{ name: 'Experiments', href: '/experiments' }, ...(again ? [again.crumb] : [])]}
        facts={again && 'Everything is filled in as it was there; change what is to differ.'}
      />
      {ready ? (
        <NewExperimentForm
          models={models.map(({ id, name, macs, networkHash, summary, preprocessing }) => {
            return {
              id,
              name,
              macs,
              reachable: summary?.reachable ?? null,
              devices: profiles.filter((one) => one.networkHash === networkHash).map(deviceChoice),
              saysNothingOfPixels: saysNothingOfPixels(preprocessing),
              outputs: summary?.outputs ?? null,
              groups: (summary?.groups ?? []).filter(({ prunable, inexact }) => prunable || inexact),
            };
          })}
          datasets={datasets.map(({ id, name, splits, classes }) => {
            return {
              id,
              name,
              searchImages: imagesIn({ id, splits }, 'SEARCH'),
              trainImages: imagesIn({ id, splits }, 'TRAIN'),
              classes: classes.length,
            };
          })}
          allocations={methods.allocations}
          criteria={methods.criteria}
          recipes={methods.recipes}
          metrics={methods.qualityMetrics}
          past={runs.nodes.flatMap((run) => pastRun(run, datasets))}
          workers={workersOf(engines)}
          said={datasetId ? { ...said, datasetId } : said}
        />
      ) : (
        <Empty
          title="An experiment needs a model and a data set"
          action={
            <ButtonLink look="primary" href={models.length === 0 ? '/models' : '/datasets'}>
              {models.length === 0 ? 'Add a model' : 'Add a data set'}
            </ButtonLink>
          }
        />
      )}
    </>
  );
}

/** What the form begins with where it begins as an experiment or a run was; null where it does not. */
async function draftAgain(params: SearchParams) {
  const [id, run, tune] = ['experiment', 'run', 'tune'].map((name) => one(params, name));
  if (id) {
    const { experiment, runs } = await query(experimentAgain, { id });
    if (!experiment) return null;
    const draft = { ...draftOfExperiment(experiment), ...draftOfRuns(runs.nodes) };
    return { draft, crumb: { name: experiment.name, href: `/experiments/${id}` } };
  }
  if (!run && !tune) return null;
  const { run: found } = await query(runAgain, { id: tune || run || '' });
  if (!found) return null;
  const { experiment, limits } = found;
  const own = { ...experiment, limits };
  const draft = tune ? fineTuned(found, own) : { ...draftOfExperiment(own), ...draftOfRuns([found]) };
  return { draft, crumb: { name: found.name, href: `/runs/${tune || run}` } };
}

function OnlyEditors() {
  return (
    <>
      <PageHeader title="New experiment" crumbs={[{ name: 'Experiments', href: '/experiments' }]} />
      <Empty title="Only editors start experiments">
        You are a viewer of this team. An admin can change that on the page of the team.
      </Empty>
    </>
  );
}

interface Images {
  readonly id: string;
  readonly splits: readonly { readonly name: string; readonly images: number }[];
}

function imagesIn({ splits }: Images, wanted: string): number {
  return splits.find((split) => split.name === wanted)?.images ?? 0;
}

type Finished = ResultOf<typeof newExperimentPage>['runs']['nodes'][number];

function pastRun(
  { startedAt, finishedAt, rounds, result, experiment }: Finished,
  datasets: readonly Images[],
): PastRun[] {
  if (!startedAt || !finishedAt) return [];
  const { recipe, model, dataset } = experiment;
  const epochs = recipe?.epochs ?? 0;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  const used = datasets.find(({ id }) => id === dataset.id);
  return [
    {
      ...{ modelId: model.id, datasetId: dataset.id, epochs, rounds: rounds ?? 0, seconds },
      trainSeconds: result?.seconds?.find(({ stage }) => stage === 'FINETUNING')?.seconds ?? 0,
      macs: model.macs,
      trainImages: used ? imagesIn(used, 'TRAIN') : 0,
    },
  ];
}
