import type { ComparedRun } from './runs.ts';

type Run = Pick<
  ComparedRun,
  | 'id'
  | 'strategyKey'
  | 'allocation'
  | 'criterion'
  | 'networkHash'
  | 'modelId'
  | 'datasetId'
  | 'metric'
  | 'share'
  | 'seed'
  | 'value'
  | 'judgedBy'
  | 'onFront'
>;

/**
 * Which runs stand side by side where nobody has ticked any. Few ones all do, as they came. Of many: at the target of
 * one model and data set at which most strategies meet, one run of each strategy, the best first. Equal networks stand once.
 *
 * @param most that a person can still read
 */
export function beginWith(runs: readonly Run[], most: number): string[] {
  if (runs.length <= most) return runs.map(({ id }) => id);
  const different = withoutRepeats(runs.filter(({ value }) => value !== null));
  const places = new Map<string, Run[]>();
  for (const run of different) {
    const place = [run.modelId, run.datasetId, run.judgedBy.name, run.metric, run.share].join(' ');
    places.set(place, [...(places.get(place) ?? []), run]);
  }
  const met = [...places.values()].map(oneOfEach).sort((a, b) => b.length - a.length)[0] ?? [];
  // At one target there may be one strategy alone: then what no other run beats tells more.
  const some = met.length > 1 ? met : different.filter(({ onFront }) => onFront);
  const ids = (some.length > 1 ? some : runs).map(({ id }) => id);
  return ids.slice(0, most);
}

/** Against what the others are measured: the plainest strategy, which every other one has to beat; else the first. */
export function usualBaseline(runs: readonly Run[]): string {
  const plain = (allocation: string) =>
    runs.find((run) => run.allocation === allocation && run.criterion !== 'random');
  return (plain('uniform') ?? plain('global') ?? runs[0])?.id ?? '';
}

/** The lowest seed of each strategy, the best value first. */
function oneOfEach(runs: readonly Run[]): Run[] {
  const bySeed = [...runs].sort((a, b) => a.seed - b.seed);
  const first = bySeed.filter(
    (run, at) => bySeed.findIndex(({ strategyKey }) => strategyKey === run.strategyKey) === at,
  );
  const sign = first[0]?.judgedBy.direction === 'LOWER' ? 1 : -1;
  return first.sort((a, b) => sign * ((a.value ?? 0) - (b.value ?? 0)));
}

function withoutRepeats(runs: readonly Run[]): Run[] {
  const seen = new Set<string>();
  return runs.filter(({ networkHash }) => {
    if (networkHash === null) return true;
    const isNew = !seen.has(networkHash);
    seen.add(networkHash);
    return isNew;
  });
}
