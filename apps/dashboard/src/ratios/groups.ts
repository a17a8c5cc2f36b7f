import type { Metric } from '#src/compression/view.ts';
import type { BestSpread, RatioGroup } from './ratios-query.ts';
import type { RatiosView } from './view.ts';

/** Of the ratio that was asked for; null where it was not measured. */
export function ratioOf({ ratio }: RatioGroup, metric: Metric): BestSpread | null {
  return ratio[metric] ?? null;
}

/** Of a group that is ordered by a number; the larger change of top-1 is the smaller loss. */
function numberOf(group: RatioGroup, { order, metric }: RatiosView): number | null {
  switch (order) {
    case 'networks':
      return group.networks;
    case 'ratio':
      return ratioOf(group, metric)?.mean ?? null;
    case 'best':
      return ratioOf(group, metric)?.best ?? null;
    case 'change':
      return group.drop && -group.drop.mean;
    case 'least':
      return group.drop && -group.drop.best;
    case 'names':
      return null;
  }
}

/** As the view orders them; equal ones stay in the order of their names, those without a number come last. */
export function orderedGroups(groups: readonly RatioGroup[], view: RatiosView): RatioGroup[] {
  const sign = view.direction === 'desc' ? -1 : 1;
  if (view.order === 'names') return sign === 1 ? [...groups] : groups.toReversed();
  const keyed = groups.map((group) => ({ group, key: numberOf(group, view) }));
  keyed.sort((a, b) =>
    a.key === null || b.key === null
      ? Number(a.key === null) - Number(b.key === null)
      : sign * (a.key - b.key),
  );
  return keyed.map(({ group }) => group);
}

/** What all pictures of a table are drawn on: 1, where nothing became less, is always on it. */
export interface Scale {
  readonly from: number;
  readonly to: number;
}

/** Null where there is nothing to draw. */
export function scaleOf(groups: readonly RatioGroup[], metric: Metric): Scale | null {
  const spreads = groups.flatMap((group) => ratioOf(group, metric) ?? []);
  if (spreads.length === 0) return null;
  const ends = spreads.flatMap(({ mean, deviation, best }) => [
    mean - (deviation ?? 0),
    mean + (deviation ?? 0),
    best,
  ]);
  const [from, to] = [Math.max(0, Math.min(1, ...ends)), Math.max(1, ...ends)];
  return to > from ? { from, to } : { from, to: from + 1 };
}

/** 0 at the beginning of the scale, 1 at its end. */
export function placeOn({ from, to }: Scale, value: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
