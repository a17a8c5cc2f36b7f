import { FIXED, type Labels } from '../operation.ts';
import type { ChannelGroup, ChannelMap } from './index.ts';

/**
 * After a split of the channels (Split, Slice, Gather) a branch may read only some of a group's units, and
 * must not be left without any. By group id: sets of units, numbered within the group, of which at least one
 * has to stay; groups without such sets are left out. A structure that keeps one of every set is safe to
 * cut, whatever the other groups keep: each branch is in the care of the group that has most units there.
 */
export function branchUnits(map: ChannelMap): Map<string, number[][]> {
  const groupOf = map.groups.flatMap((group) => new Array<ChannelGroup>(group.width).fill(group));
  const branches = new Map<string, number[][]>();
  const seen = new Set<Labels>();
  for (const units of [...map.axes.values()].flat()) {
    if (!units || seen.has(units)) continue;
    seen.add(units);
    const carer = carerOf(units, groupOf);
    if (carer) branches.set(carer.id, [...(branches.get(carer.id) ?? []), carer.units]);
  }
  return new Map([...branches].map(([id, sets]) => [id, smallest(sets)]));
}

/** Undefined where the axis cannot run dry: it holds a fixed channel, or all units of some group. */
function carerOf(
  units: Labels,
  groupOf: readonly ChannelGroup[],
): { id: string; units: number[] } | undefined {
  const parts = new Map<ChannelGroup, Set<number>>();
  for (const unit of units) {
    const group = unit === FIXED ? undefined : groupOf[unit];
    if (!group?.prunable) return undefined;
    const part = parts.get(group);
    if (part) part.add(unit - group.firstUnit);
    else parts.set(group, new Set([unit - group.firstUnit]));
  }
  let carer: { id: string; units: number[] } | undefined;
  for (const [{ id, width }, part] of parts) {
    if (part.size === width) return undefined;
    if (part.size > (carer?.units.length ?? 0)) carer = { id, units: [...part].sort((a, b) => a - b) };
  }
  return carer;
}

/** Drops every set that another one lies within. */
function smallest(sets: readonly number[][]): number[][] {
  const ascending = [...sets].sort((a, b) => a.length - b.length);
  const kept: number[][] = [];
  for (const set of ascending) {
    const members = new Set(set);
    if (!kept.some((other) => other.every((unit) => members.has(unit)))) kept.push(set);
  }
  return kept;
}
