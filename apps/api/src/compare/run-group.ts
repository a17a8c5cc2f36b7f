// What a group of comparable runs says of the strategies in it.
import {
  areaUnderCurve,
  type Budget,
  bestUnder,
  type CurvePoint,
  commonSavings,
  groupedBy,
  type Objective,
  paretoFront,
  rankTable,
  winTieLoss,
} from '@espalier/comparison';
import type { Target } from '@espalier/pruning';
import { graphQLError } from '../errors.ts';
import {
  type AnalysedRun,
  checkLevel,
  differentRuns,
  type RunGroup,
  settingResult,
  strategiesOf,
  strategyOf,
  targetOf,
} from './analysis.ts';

/** What runs are judged by, and which way. */
export const MEASURES = {
  top1: 'higher',
  top5: 'higher',
  loss: 'lower',
  macs: 'lower',
  params: 'lower',
  latencyMs: 'lower',
} as const satisfies Record<string, Objective['better']>;
export type Measure = keyof typeof MEASURES;

/** Ids of the runs that no other one beats in both measures. */
export function frontOf({ runs }: RunGroup, first: Measure, second: Measure): string[] {
  const objective = (measure: Measure): Objective => ({
    values: runs.map((run) => run[measure]),
    better: MEASURES[measure],
  });
  const onFront = paretoFront(objective(first), objective(second));
  return runs.filter((_, i) => onFront[i]).map(({ id }) => id);
}

/** Area under each strategy's curve of accuracy over saving, all over the savings that all of them reach. */
export function areasOf({ runs, first }: RunGroup, metric: Target['metric']) {
  const saved = metric === 'macs' ? 'savedMacs' : 'savedParams';
  // What was to save the other cost is no point of this curve: it was not chosen for it.
  const own = differentRuns(runs).filter((run) => run.metric === metric);
  const base = first.baseTop1 === null ? [] : [{ saving: 0, top1: first.baseTop1 }];
  const curves = [...groupedBy(own, ({ strategyKey }) => strategyKey).values()].map((members) => ({
    strategy: members[0] && strategyOf(members[0]),
    points: [...base, ...members.flatMap((run) => pointOf(run[saved], run.top1))],
    runs: members.length,
  }));
  const range = commonSavings(curves.map(({ points }) => points));
  const [from, to] = range ?? [null, null];
  const strategies = curves.map(({ strategy, points, runs: count }) => {
    const area = range && areaUnderCurve(points, range);
    return {
      strategy,
      runs: count,
      area,
      mean: area === null || !range ? null : area / (range[1] - range[0]),
    };
  });
  return { from, to, strategies: strategies.sort((a, b) => (b.area ?? 0) - (a.area ?? 0)) };
}

export function bestOf({ runs }: RunGroup, budget: Budget): AnalysedRun | null {
  if (!(budget.most > 0)) {
    throw graphQLError('BAD_USER_INPUT', `a budget is above 0, not ${budget.most}`);
  }
  return bestUnder(runs, budget);
}

export function ranksOf({ runs }: RunGroup) {
  const table = rankTable(runs.map(settingResult));
  const strategy = strategiesOf(runs);
  const targets = table.points.map((point, at) => ({
    ...targetOf(point),
    shared: table.shared[at] ?? false,
    apart: table.apart[at] ?? null,
    at,
  }));
  // In the order that a reader expects: by cost, then by how much of it goes.
  targets.sort((a, b) => (a.metric === b.metric ? a.share - b.share : a.metric < b.metric ? -1 : 1));
  return {
    points: targets.map(({ metric, share, shared, apart }) => {
      const saved = runs.flatMap((run) =>
        run.metric === metric && run.share === share
          ? ((metric === 'macs' ? run.savedMacs : run.savedParams) ?? [])
          : [],
      );
      const known = saved.length > 0;
      return {
        ...{ metric, share, shared, apart },
        savedFrom: known ? Math.min(...saved) : null,
        savedTo: known ? Math.max(...saved) : null,
      };
    }),
    strategies: table.settings.map(({ setting, points, meanRank, overall }) => ({
      strategy: strategy(setting),
      points: targets.map(({ at }) => points[at] ?? null),
      meanRank,
      overall,
    })),
  };
}

/** Every pair of strategies at every target and seed that both have, tested image by image. */
export async function matchesOf({ runs, hits }: RunGroup, level: number) {
  checkLevel(level);
  const kept = await Promise.all(runs.map(({ id }) => hits.load(id)));
  const results = runs.map((run, i) => ({ ...settingResult(run), hits: kept[i] ?? null }));
  const strategy = strategiesOf(runs);
  return winTieLoss(results, level).map(({ a, b, meetings, ...counts }) => ({
    a: strategy(a),
    b: strategy(b),
    ...counts,
    meetings: meetings.length,
  }));
}

function pointOf(saving: number | null, top1: number | null): CurvePoint[] {
  return saving === null || top1 === null ? [] : [{ saving, top1 }];
}
