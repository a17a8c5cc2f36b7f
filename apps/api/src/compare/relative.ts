import { groupedBy, spreadOf } from '@espalier/comparison';
import { type AnalysedRun, differentRuns, strategyOf } from './analysis.ts';

/**
 * What strategies did at each target over all networks and data sets: savings, and what became of the value by their metric, each
 * against the run's own base. Such numbers lie side by side; they rank nothing, since what a point of it is worth
 * differs from base to base. By strategy and target, in the order of their names.
 */
export function relativeOf(runs: readonly AnalysedRun[]) {
  const settings = groupedBy(runs, ({ setting }) => setting);
  return [...settings.values()]
    .flatMap((all) => {
      const ground = ({ base, preprocessing, dataset }: AnalysedRun) => `${base} ${preprocessing} ${dataset}`;
      const members = [...groupedBy(all, ground).values()].flatMap(differentRuns);
      const [first] = members;
      if (!first) return [];
      const { metric, share, conditions, qualityMetric } = first;
      const strategy = strategyOf(first);
      const over = (of: (run: AnalysedRun) => number | null) =>
        spreadOf(members.map(of).filter((value) => value !== null));
      return {
        // Elsewhere the recipe stands once above all strategies; here there are several.
        strategy: conditions ? { ...strategy, name: `${strategy.name}, ${conditions}` } : strategy,
        ...{ metric, share, runs: members.length, qualityMetric },
        bases: new Set(members.map(ground)).size,
        savedMacs: over(({ savedMacs }) => savedMacs),
        savedParams: over(({ savedParams }) => savedParams),
        savedLatency: over(({ savedLatency }) => savedLatency ?? null),
        change: over(({ value, baseValue }) =>
          value === null || baseValue === null ? null : value - baseValue,
        ),
      };
    })
    .sort(
      (a, b) =>
        a.strategy.allocation.localeCompare(b.strategy.allocation) ||
        a.strategy.criterion.localeCompare(b.strategy.criterion) ||
        a.strategy.name.localeCompare(b.strategy.name) ||
        a.metric.localeCompare(b.metric) ||
        a.share - b.share,
    );
}
