import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** What a line of a list of runs shows. */
export const runRow = graphql(`
  fragment RunRow on Run @_unmask {
    id
    allocation
    criterion
    metric
    share
    seed
    state
    error
    createdAt
    finishedAt
    progress { done total }
    experiment { id name }
    result { top1 prunedTop1 macs params savedMacs savedParams latencyMs }
  }
`);

export type RunRow = ResultOf<typeof runRow>;
