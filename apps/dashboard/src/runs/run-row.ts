import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** What a line of a list of runs shows. */
export const runRow = graphql(`
  fragment RunRow on Run @_unmask {
    id
    strategy { name }
    allocation
    criterion
    metric
    share
    targetMs
    seed
    state
    error
    createdAt
    finishedAt
    tags
    progress { stage done total ratePerSecond secondsLeft }
    experiment { id name model { id name } }
    prunedTop1
    repairedTop1
    result {
      top1 top5 prunedTop1 repairedTop1 loss drop macs params bytes savedMacs savedParams savedLatency latencyMs throughput
      latency { predicted { milliseconds } }
      ratio { params macs bytes latency throughput }
    }
  }
`);

export type RunRow = ResultOf<typeof runRow>;
