import { graphql, type ResultOf, type VariablesOf } from '#src/graphql/graphql.ts';

/** Groups that a page shows. */
export const MOST_GROUPS = 4;

/** Which strategy wins, by groups of runs that may be compared. */
export const analysisQuery = graphql(`
  query Analysis($filter: RunFilter!, $groups: Int!, $budget: BudgetInput!, $asked: Boolean!) {
    analysis(filter: $filter) {
      count
      truncated
      lacking
      groupCount
      groups(first: $groups) {
        name
        modelId
        datasetId
        count
        ranks {
          points { metric share shared savedFrom savedTo }
          strategies {
            strategy { allocation criterion }
            meanRank
            overall { mean deviation n }
            points { rank mean deviation n }
          }
        }
        areas { from to strategies { strategy { allocation criterion } mean } }
        matches {
          a { allocation criterion }
          b { allocation criterion }
          wins
          ties
          losses
          untested
          meetings
          difference
        }
        best(budget: $budget) @include(if: $asked) {
          runId
          strategy { allocation criterion }
          metric
          share
          seed
          top1
          macs
          params
          latencyMs
        }
      }
      relative {
        strategy { allocation criterion }
        metric
        share
        runs
        bases
        savedMacs { mean }
        savedParams { mean }
        change { mean deviation n }
      }
    }
  }
`);

export type AnalysedRuns = VariablesOf<typeof analysisQuery>['filter'];
export type Analysis = ResultOf<typeof analysisQuery>['analysis'];
export type RunGroup = Analysis['groups'][number];
export type RankTable = RunGroup['ranks'];
export type Match = RunGroup['matches'][number];
export type BestRun = NonNullable<RunGroup['best']>;
export type RelativeResult = Analysis['relative'][number];

export interface Strategy {
  readonly allocation: string;
  readonly criterion: string;
}

export const pairsQuery = graphql(`
  query Pairs($ids: [ID!]!) {
    analysis(filter: { ids: $ids }) {
      pairs(runIds: $ids) {
        a
        b
        verdict
        reasons { rule text }
        test { b c difference standardError p }
        similarity { widths units }
      }
    }
  }
`);

export type RunPair = ResultOf<typeof pairsQuery>['analysis']['pairs'][number];
