import { originFields } from '#src/format/origin.ts';
import { qualityMetric } from '#src/format/quality.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { datasetList, modelList, projectList } from '#src/lists/choice-fields.ts';

const bestSpread = graphql(
  `
  fragment BestSpreadFields on BestSpread @_unmask { n mean deviation best bestRun { id name ...OriginFields } }
`,
  [originFields],
);

/** What finished runs reached, in groups, and the runs that no other one beats. */
export const ratiosPage = graphql(
  `
  query RatiosPage(
    $by: [SummaryKey!]!, $cost: CompressionMetric!, $filter: RunFilter!
    $params: Boolean!, $macs: Boolean!, $bytes: Boolean!, $latency: Boolean!, $throughput: Boolean!, $predicted: Boolean!
    $qualityMetric: QualityMetricName, $groups: Int!
  ) {
    projects(first: 100) { ...ProjectList }
    datasets(first: 100) { ...DatasetList }
    models(first: 100) { ...ModelList }
    ratioSummary(by: $by, filter: $filter) {
      groupCount
      groups(first: $groups) {
        model { id name }
        dataset { id name }
        project { id name }
        strategy { key name allocation }
        target { metric share }
        runs
        networks
        grounds
        profiles @include(if: $predicted)
        qualityMetric
        drop { ...BestSpreadFields }
        ratio {
          params @include(if: $params) { ...BestSpreadFields }
          macs @include(if: $macs) { ...BestSpreadFields }
          bytes @include(if: $bytes) { ...BestSpreadFields }
          latency @include(if: $latency) { ...BestSpreadFields }
          throughput @include(if: $throughput) { ...BestSpreadFields }
          predicted @include(if: $predicted) { ...BestSpreadFields }
        }
      }
    }
    ratioFront(cost: $cost, filter: $filter, qualityMetric: $qualityMetric) {
      qualityMetric { ...QualityMetricFields }
      judged { qualityMetric { ...QualityMetricFields } runs }
      count
      networks
      grounds
      unknown
      points(first: 200) {
        ratio
        drop
        run {
          id
          name
          allocation
          ...OriginFields
          model { id name }
          dataset { id name }
          result {
            latencyInterval @include(if: $latency) { low high }
            throughputInterval @include(if: $throughput) { low high }
            latency @include(if: $predicted) { device { name } measured { speedup { ratio low high } } }
          }
        }
      }
    }
  }
`,
  [bestSpread, datasetList, modelList, originFields, projectList, qualityMetric],
);

type Page = ResultOf<typeof ratiosPage>;
export type BestSpread = ResultOf<typeof bestSpread>;
export type RatioGroup = Page['ratioSummary']['groups'][number];
export type Front = Page['ratioFront'];
type Point = Front['points'][number];

/** Of a run that is still there. */
export type FrontRun = Omit<Point, 'run'> & { readonly run: NonNullable<Point['run']> };
