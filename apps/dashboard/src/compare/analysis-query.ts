import { qualityMetric } from '#src/format/quality.ts';
import { graphql, type ResultOf, type VariablesOf } from '#src/graphql/graphql.ts';

/** Groups that a page shows. */
export const MOST_GROUPS = 4;

/** Which strategy wins, by groups of runs that may be compared. */
export const analysisQuery = graphql(
  `
  query Analysis($filter: RunFilter!, $groups: Int!, $budget: BudgetInput!, $asked: Boolean!) {
    analysis(filter: $filter) {
      count
      truncated
      lacking(first: 1) { totalCount }
      groupCount
      groups(first: $groups) {
        name
        model { id }
        dataset { id }
        count
        qualityMetric { ...QualityMetricFields }
        ranks {
          points { metric share shared apart savedFrom savedTo }
          strategies {
            strategy { key name allocation }
            meanRank
            overall { mean deviation n }
            points { rank mean deviation n }
          }
        }
        areas { from to strategies { strategy { key name allocation } mean } }
        matches {
          a { key name allocation }
          b { key name allocation }
          wins
          ties
          losses
          untested
          uncompared
          apart
          meetings
          difference
        }
        best(budget: $budget) @include(if: $asked) {
          run { id }
          strategy { name allocation }
          metric
          share
          seed
          value
          macs
          params
          latencyMs
        }
      }
      relative {
        strategy { key name allocation }
        metric
        share
        runs
        bases
        savedMacs { mean }
        savedParams { mean }
        qualityMetric
        change { mean deviation n }
      }
    }
  }
`,
  [qualityMetric],
);

export type AnalysedRuns = VariablesOf<typeof analysisQuery>['filter'];
export type Analysis = ResultOf<typeof analysisQuery>['analysis'];
export type RunGroup = Analysis['groups'][number];
export type RankTable = RunGroup['ranks'];
export type Match = RunGroup['matches'][number];
export type BestRun = NonNullable<RunGroup['best']>;
export type RelativeResult = Analysis['relative'][number];

export type Strategy = Match['a'];

export const pairsQuery = graphql(`
  query Pairs($ids: [ID!]!) {
    analysis(filter: { id: { in: $ids } }) {
      pairs(runIds: $ids) {
        a { id }
        b { id }
        verdict
        reasons { rule text }
        apart
        test { b c difference standardError p }
        similarity { widths units }
      }
    }
  }
`);

export type RunPair = ResultOf<typeof pairsQuery>['analysis']['pairs'][number];
