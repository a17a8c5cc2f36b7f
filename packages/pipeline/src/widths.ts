import { type GroupWidths, usualWidths } from '@espalier/pruning';
import type { PrunePlan } from './plan.ts';

type Limits = PrunePlan['limits'];

/**
 * Limits in which `auto` is put down as plain widths, so that whoever computes the plan, whenever and wherever, goes by
 * the same. Those that were put down before stay.
 *
 * @param groups prunable ones, with how many units they have
 */
export function withWidths(
  given: Limits,
  groups: readonly { readonly id: string; readonly width: number }[],
): Limits {
  const { widths: known = [], ...limits } = given;
  if (limits.align !== 'auto') return limits;
  if (groups.length === 0) return given;
  const found = new Map(known.map((each) => [each.group, each]));
  const widths = groups.map(({ id, width }): GroupWidths => {
    return found.get(id) ?? { group: id, widths: usualWidths(width) };
  });
  return { ...limits, widths: widths.map((each) => ({ ...each, widths: [...each.widths] })) };
}
