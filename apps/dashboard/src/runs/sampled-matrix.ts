import { type Matrix, matrixOf } from '#src/charts/matrix.ts';
import { qualityMetric, type ShownMetric, TOP1 } from '#src/format/quality.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** What a sampling measured, and by what. */
export const sampledMatrix = graphql(
  `
  fragment SampledMatrix on SamplingRun @_unmask {
    id
    state
    samples
    baselineTop1
    qualityMetric { ...QualityMetricFields }
    externalMetric { name direction }
    matrix { groups grid values broken drop monotoneDrop contribution standardError importance }
  }
`,
  [qualityMetric],
);

type Sampled = ResultOf<typeof sampledMatrix>;

/** Null until it is there. */
export function matrixIn(sampling: Sampled | null): Matrix | null {
  return sampling?.matrix ? matrixOf(sampling.matrix, sampledBy(sampling)) : null;
}

/** Nobody says what the unit of another tool's metric is. */
function sampledBy({ qualityMetric: metric, externalMetric }: Sampled): ShownMetric {
  if (metric || !externalMetric) return metric ?? TOP1;
  return { label: externalMetric.name, direction: externalMetric.direction, unit: 'RATIO' };
}
