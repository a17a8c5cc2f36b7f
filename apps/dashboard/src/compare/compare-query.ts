import { graphql, type ResultOf, type VariablesOf } from '#src/graphql/graphql.ts';
import { viewList } from '#src/lists/choice-fields.ts';
import { sampledMatrix } from '#src/runs/sampled-matrix.ts';

/** Runs side by side, as columns. */
export const comparedColumns = graphql(`
  fragment ComparedColumns on Comparison @_unmask {
    count
    truncated
    onFront(cost: MACS)
    columns {
      id: runId
      name
      strategy
      strategyKey
      networkHash
      origin
      tool
      evidence
      experiment
      experimentId
      model
      modelId
      dataset
      datasetId
      allocation
      criterion
      metric
      share
      seed
      state
      tags
      qualityMetric
      value
      baseValue
      prunedValue
      repairedValue
      valueDrop
      top1
      top5
      loss
      macs
      savedMacs
      params
      savedParams
      bytes
      savedLatency
      profile
      profiledDevice
      predictedMs
      measuredMs
      ratioPredicted
      ratioMeasured
      ratioMeasuredLow
      ratioMeasuredHigh
      latencyMs
      ratioParams
      ratioMacs
      ratioBytes
      ratioLatency
      ratioLatencyLow
      ratioLatencyHigh
      ratioThroughput
      ratioThroughputLow
      ratioThroughputHigh
    }
  }
`);

/** What the page of a comparison begins with. */
export const comparePage = graphql(
  `
  query ComparePage($filter: RunFilter!, $order: RunOrder, $most: Int!) {
    viewer { viewerCanEdit }
    savedViews(first: 100, filter: { page: { in: ["compare"] } }) { ...ViewList }
    comparison(filter: $filter, order: $order, most: $most) {
      ...ComparedColumns
    }
  }
`,
  [comparedColumns, viewList],
);

/** Asked for by itself, after the runs: of thousands it takes a while, and the runs need not wait for it. */
export const verdictQuery = graphql(`
  query Verdict($filter: RunFilter!, $order: RunOrder, $most: Int!) {
    comparison(filter: $filter, order: $order, most: $most) {
      comparability { verdict reasons { rule text } badges { name earned text } }
    }
  }
`);

export type ComparedBy = VariablesOf<typeof verdictQuery>;

/** The same columns of all runs, for a page that has begun with a few. */
export const columnsQuery = graphql(
  `
  query ComparedColumnsOfAll($filter: RunFilter!, $order: RunOrder, $most: Int!) {
    comparison(filter: $filter, order: $order, most: $most) { ...ComparedColumns }
  }
`,
  [comparedColumns],
);

export type Comparison = ResultOf<typeof comparedColumns>;

export const structuresQuery = graphql(`
  query Structures($ids: [ID!]!) {
    structures(runIds: $ids) { run { id } groups before after }
  }
`);

export type Structure = ResultOf<typeof structuresQuery>['structures'][number];

export const epochsQuery = graphql(`
  query EpochsOfRuns($ids: [ID!]!) {
    nodes(ids: $ids) { __typename ... on Run { id epochs { epoch loss top1 } } }
  }
`);

export const matricesQuery = graphql(
  `
  query MatricesOfRuns($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      ... on Run { id sampling { ...SampledMatrix } result { groups { group before after } } }
    }
  }
`,
  [sampledMatrix],
);
