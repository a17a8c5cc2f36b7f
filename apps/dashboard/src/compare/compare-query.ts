import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { viewRow } from '#src/views/view-row.ts';

/** Runs side by side, as columns. */
export const comparedColumns = graphql(`
  fragment ComparedColumns on Comparison @_unmask {
    count
    truncated
    onFront(cost: macs)
    columns {
      id
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
      baseTop1
      prunedTop1
      top1
      drop
      top5
      loss
      macs
      savedMacs
      params
      savedParams
      latencyMs
      baseLatencyMs
    }
  }
`);

/** All that the page of a comparison shows but the structures. */
export const comparePage = graphql(
  `
  query ComparePage($filter: RunFilter!, $order: RunOrder, $most: Int!) {
    viewer { viewerCanEdit }
    savedViews(page: "compare") { ...ViewRow }
    comparison(filter: $filter, order: $order, most: $most) {
      ...ComparedColumns
      comparability { verdict reasons { rule text } badges { name earned text } results }
    }
  }
`,
  [comparedColumns, viewRow],
);

export type Comparability = ResultOf<typeof comparePage>['comparison']['comparability'];

export type Comparison = ResultOf<typeof comparedColumns>;

export const structuresQuery = graphql(`
  query Structures($ids: [ID!]!) {
    structures(runIds: $ids) { runId groups before after }
  }
`);

export type Structure = ResultOf<typeof structuresQuery>['structures'][number];
