import { originFields } from '#src/format/origin.ts';
import { qualityMetric } from '#src/format/quality.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** What a line of a list of runs shows. */
export const runRow = graphql(
  `
  fragment RunRow on Run @_unmask {
    id
    ...OriginFields
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
    createdBy { name }
    createdByKey
    finishedAt
    tags
    progress { stage waits done total ratePerSecond secondsLeft }
    experiment { id name model { id name } qualityMetric { ...QualityMetricFields } }
    prunedValue
    repairedValue
    result {
      value valueDrop prunedValue repairedValue top1 top5 loss macs params bytes savedMacs savedParams savedLatency latencyMs throughput
      latency {
        predicted { milliseconds baseMilliseconds }
        measured { milliseconds baseMilliseconds speedup { ratio low high } }
      }
      ratio { params macs bytes latency throughput predicted }
      latencyInterval { low high }
      throughputInterval { low high }
    }
  }
`,
  [originFields, qualityMetric],
);

export type RunRow = ResultOf<typeof runRow>;
