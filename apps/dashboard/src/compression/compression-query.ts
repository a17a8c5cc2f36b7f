import { originFields } from '#src/format/origin.ts';
import { qualityMetric } from '#src/format/quality.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { recipeFields } from '#src/settings/recipe-fields.ts';

/** The best run of each model at each budget. */
export const compressionAnswer = graphql(
  `
  fragment CompressionAnswer on Compression @_unmask {
    budgets
    metric
    runs
    unknown
    truncated
    rowCount
    modelCount
    rows(first: $first) {
      model { id name }
      dataset { id name }
      recipe { ...RecipeFields }
      qualityMetric { ...QualityMetricFields }
      outputWeights
      recalibrate
      repair
      images
      profiledDevice
      networks
      evaluators
      reservation
      best {
        run { id ...OriginFields }
        name
        allocation
        baseValue
        value
        drop
        device
        before { params macs bytes latency throughput predicted }
        after { params macs bytes latency throughput predicted }
        ratio { params macs bytes latency throughput predicted }
        latencyInterval { low high }
        throughputInterval { low high }
        measured { ratio low high }
      }
    }
  }
`,
  [originFields, qualityMetric, recipeFields],
);

type Answer = ResultOf<typeof compressionAnswer>;
export type CompressionRow = Answer['rows'][number];
export type CompressionBest = NonNullable<CompressionRow['best'][number]>;
