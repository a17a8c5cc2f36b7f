// What a group of comparable runs says of the strategies in it.
import {
  areaUnderCurve,
  type Better,
  type Budget,
  bestUnder,
  type CurvePoint,
  commonSavings,
  groupedBy,
  lead,
  type Objective,
  paretoFront,
  rankTable,
  savedOf,
  winTieLoss,
} from '@espalier/comparison';
import type { Target } from '@espalier/pruning';
import { graphQLError } from '../errors.ts';
import {
  type AnalysedRun,
  betterOf,
  checkLevel,
  differentRuns,
  type RunGroup,
  settingResult,
  strategiesOf,
  strategyOf,
  targetOf,
  tellingHits,
} from './analysis.ts';

/** What runs are judged by, and which way; `value` is that by their own metric, which says it. */
export const MEASURES = {
  value: null,
  top1: 'higher',
  top5: 'higher',
  loss: 'lower',
  macs: 'lower',
  params: 'lower',
  latencyMs: 'lower',
  predictedMs: 'lower',
} as const satisfies Record<string, Objective['better'] | null>;
export type Measure = keyof typeof MEASURES;

/** Ids of the runs that no other one beats in both measures. */
export function frontOf(group: RunGroup, first: Measure, second: Measure): string[] {
  const { runs } = group;
  const objective = (measure: Measure): Objective => ({
    values: runs.map((run) => run[measure]),
    better: MEASURES[measure] ?? betterOf(group),
  });
  const onFront = paretoFront(objective(first), objective(second));
  return runs.filter((_, i) => onFront[i]).map(({ id }) => id);
}

/** Area under each strategy's curve of the metric over saving, all over the savings that all of them reach. */
export function areasOf(group: RunGroup, metric: Target['metric']) {
  const { runs, first } = group;
  const better = betterOf(group);
  // What was to save the other cost is no point of this curve: it was not chosen for it.
  const own = differentRuns(runs).filter((run) => run.metric === metric);
  const base = pointOf(0, first.baseValue);
  const curves = [...groupedBy(own, ({ strategyKey }) => strategyKey).values()].map((members) => ({
    strategy: members[0] && strategyOf(members[0]),
    points: [...base, ...members.flatMap((run) => pointOf(savedOf(run, metric), run.value))],
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
  return { from, to, strategies: strategies.sort(byArea(better)) };
}

/** The best first; those without an area last. */
function byArea(better: Better) {
  return (a: { readonly area: number | null }, b: { readonly area: number | null }) =>
    a.area === null || b.area === null
      ? Number(a.area === null) - Number(b.area === null)
      : lead(better, b.area, a.area);
}

export function bestOf(group: RunGroup, budget: Budget): AnalysedRun | null {
  if (!(budget.most > 0)) {
    throw graphQLError('BAD_USER_INPUT', `a budget is above 0, not ${budget.most}`);
  }
  return bestUnder(group.runs, budget, betterOf(group));
}

export function ranksOf(group: RunGroup) {
  const { runs } = group;
  const table = rankTable(runs.map(settingResult), betterOf(group));
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
        run.metric === metric && run.share === share ? (savedOf(run, metric) ?? []) : [],
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

/** Every pair of strategies at every target and seed that both have, tested image by image where hits tell of them. */
export async function matchesOf(group: RunGroup, level: number) {
  checkLevel(level);
  const { runs } = group;
  const kept = await Promise.all(runs.map((run) => tellingHits(group, run)));
  const results = runs.map((run, i) => ({ ...settingResult(run), hits: kept[i] ?? null }));
  const strategy = strategiesOf(runs);
  return winTieLoss(results, level).map(({ a, b, meetings, ...counts }) => ({
    a: strategy(a),
    b: strategy(b),
    ...counts,
    meetings: meetings.length,
  }));
}

function pointOf(saving: number | null, value: number | null): CurvePoint[] {
  return saving === null || value === null ? [] : [{ saving, value }];
}
