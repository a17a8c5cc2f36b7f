import { type Analysis, type GroupWidths, profiledWidths, usualWidths } from '@espalier/pruning';
import type { PrunePlan } from './plan.ts';

type Limits = PrunePlan['limits'];

/**
 * Limits in which `auto` is put down as plain widths, so that whoever computes the plan, whenever and wherever, uses
 * the same. Those that were put down before stay.
 *
 * @param groups prunable ones, with how many units they have
 * @param ladders what `auto` stands for in them; left out, or of a group that is not there: the usual multiples
 */
export function withWidths(
  given: Limits,
  groups: readonly { readonly id: string; readonly width: number }[],
  ladders: readonly GroupWidths[] = [],
): Limits {
  const { widths: known = [], ...limits } = given;
  if (limits.align !== 'auto') return limits;
  if (groups.length === 0) return given;
  const found = new Map([...ladders, ...known].map((each) => [each.group, each]));
  const widths = groups.map(({ id, width }): GroupWidths => {
    return found.get(id) ?? { group: id, widths: usualWidths(width) };
  });
  return { ...limits, widths: widths.map((each) => ({ ...each, widths: [...each.widths] })) };
}

/** {@link withWidths} for a network; where a device profile tells its time, by the widths that pay on that device. */
export function withWidthsOf(
  limits: Limits,
  { rankings, cost }: Pick<Analysis, 'rankings' | 'cost'>,
): Limits {
  const groups = rankings.map(({ group }) => group);
  const isTimed = limits.align === 'auto' && cost.base.latency !== undefined;
  return withWidths(limits, groups, isTimed ? profiledWidths(cost, groups) : []);
}
