import { qualityMetric } from '#src/format/quality.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { tagList } from '#src/lists/choice-fields.ts';
import { usageFields } from '#src/models/usage-part.tsx';
import { recipeFields } from '#src/settings/recipe-fields.ts';
import { eventRow } from './event-row.ts';
import { askedFields, resultFields } from './result-fields.ts';
import { sampledMatrix } from './sampled-matrix.ts';
import { shippedFields } from './shipped.tsx';

const workersAt = graphql(`
  fragment WorkersAt on WorkerConnection @_unmask {
    nodes { host lastSeenAt run { id } sampling { id } }
    pageInfo { hasNextPage endCursor }
  }
`);

export const workersAtBehind = graphql(
  `
  query WorkersAtBehind($after: String!) { workers(first: 100, after: $after, filter: { stoppedAt: { null: true } }) { ...WorkersAt } }
`,
  [workersAt],
);

/** All that the page of one run shows. */
export const runPage = graphql(
  `
  query RunPage($id: ID!, $operates: Boolean!) {
    tags(first: 100) { ...TagList }
    methods { allocations { name sharesSampling rounds } criteria { name } }
    viewer { viewerCanEdit }
    workers(first: 100, filter: { stoppedAt: { null: true } }) @include(if: $operates) { ...WorkersAt }
    run(id: $id) {
      ...AskedFields
      state
      error
      origin
      createdBy { name }
      createdByKey
      source { tool version commit host link name finishedAt import }
      recomputation { state error images done }
      shipped { ...ShippedFields }
      startedAt
      prunedValue
      repairedValue
      ahead
      progress { stage waitsFor waits done total ratePerSecond secondsLeft }
      stages { name state startedAt finishedAt seconds done total }
      epochs { epoch loss top1 value learningRate imagesPerSecond seconds }
      experiment { id name cursor recipe { ...RecipeFields } recalibrate repair qualityMetric { ...QualityMetricFields description } outputWeights { output weight } base { top1 top5 loss } model { id name params macs } dataset { id name } }
      events { ...EventRow }
      sampling { ...SampledMatrix }
      result { ...ResultFields usage { ...UsageFields } }
    }
  }
`,
  [
    askedFields,
    eventRow,
    qualityMetric,
    resultFields,
    recipeFields,
    sampledMatrix,
    shippedFields,
    tagList,
    usageFields,
    workersAt,
  ],
);

type RunPage = ResultOf<typeof runPage>;
type WorkerAt = ResultOf<typeof workersAt>['nodes'][number];

/** Who is at a run, or at the sampling that it waits for: the one heard of last, for those whom hosts concern. */
export function workerOf(run: RunDetail, workers: readonly WorkerAt[]) {
  const at = workers.filter(
    (worker) =>
      (worker.run && worker.run.id === run.id) ||
      (worker.sampling && worker.sampling.id === run.sampling?.id),
  );
  return at.sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt))[0] ?? null;
}

export type RunDetail = NonNullable<RunPage['run']>;
