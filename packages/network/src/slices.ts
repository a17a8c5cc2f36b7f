import type { ChannelMap } from './groups/index.ts';
import type { Network } from './network.ts';
import { FIXED, type Labels } from './operation.ts';

/** Where units of a group lie on an axis of a weight tensor, for scripts that know tensors by name and no graph. */
export interface UnitSlices {
  readonly tensor: string;
  readonly axis: number;
  /** For each index of the axis the unit of the group that it belongs to, -1 where none. To cut, take these out. */
  readonly units: readonly number[];
  /** Something is summed over this axis: zeroing its indices takes away what the units do to whatever follows. */
  readonly zero: boolean;
}

/** Where the units of one group lie. */
export interface GroupSlices {
  readonly slices: readonly UnitSlices[];
  /**
   * Whether zeroing the slices that say so gives what cutting gives: not where a consumer has no weights of its own to
   * be zeroed, or where removing is not the same as zeroing.
   */
  readonly canZero: boolean;
}

/**
 * The tensor slices of each group, in the order of `map.groups`. Removing the indices of some units from all of a
 * group's slices is the cut of `cutNetwork`; zeroing them where `zero` is set computes what `maskConsumers` computes.
 */
export function groupSlices(network: Network, map: ChannelMap): GroupSlices[] {
  const groupOf = new Int32Array(map.unitCount);
  map.groups.forEach(({ firstUnit, width }, g) => {
    groupOf.fill(g, firstUnit, firstUnit + width);
  });
  const summed = summedAxes(network, map);
  const slices: UnitSlices[][] = map.groups.map(() => []);
  for (const [tensor, axes] of map.axes) {
    if (!network.constants.has(tensor)) continue;
    axes.forEach((labels, axis) => {
      for (const g of labels ? touchedBy(labels, groupOf) : []) {
        const group = map.groups[g];
        if (!labels || !group) continue;
        const { firstUnit, width } = group;
        const units = Array.from(labels, (unit) => {
          return unit >= firstUnit && unit < firstUnit + width ? unit - firstUnit : -1;
        });
        slices[g]?.push({ tensor, axis, units, zero: summed.axes.has(`${axis} ${tensor}`) });
      }
    });
  }
  const bare = new Set(summed.without.flatMap((labels) => [...touchedBy(labels, groupOf)]));
  return map.groups.map(({ inexact }, g) => ({ slices: slices[g] ?? [], canZero: !inexact && !bare.has(g) }));
}

/** The axes of weights that consumers sum over, as "axis tensor", and the labels of consumers that have none. */
function summedAxes(network: Network, map: ChannelMap) {
  const made = new Map(map.producers.map(({ node, value, axis }) => [node, `${axis} ${value}`]));
  const inputs = new Map(network.nodes.map((node) => [node.name, node.inputs]));
  const axes = new Set<string>();
  const without: Labels[] = [];
  for (const { node, value, labels } of map.consumers) {
    const wanted = new Set(labels);
    wanted.delete(FIXED);
    const found = (inputs.get(node) ?? [])
      .filter((input) => input !== value && network.constants.has(input))
      .flatMap((tensor) => {
        return (map.axes.get(tensor) ?? []).flatMap((list, axis) =>
          list ? [{ at: `${axis} ${tensor}`, list }] : [],
        );
      })
      // Filters of its own lie on another axis, also where they are of the same units.
      .filter(({ at, list }) => at !== made.get(node) && list.some((unit) => wanted.has(unit)));
    const covered = new Set(found.flatMap(({ list }) => [...list]));
    if ([...wanted].some((unit) => !covered.has(unit))) without.push(labels);
    for (const { at } of found) axes.add(at);
  }
  return { axes, without };
}

function touchedBy(labels: Labels, groupOf: Int32Array): Set<number> {
  const touched = new Set<number>();
  for (const unit of labels) if (unit !== FIXED) touched.add(groupOf[unit] ?? 0);
  return touched;
}
