import {
  type ChannelMap,
  groupSlices,
  inferShapes,
  type KeptUnits,
  type Network,
  weightUse,
} from '@espalier/network';

/** How many units a group has left. */
interface Width {
  readonly group: string;
  readonly after: number;
}

/**
 * How many units each group of a network has in one that was cut from it, by the extents of their layers in order. A
 * guess, to be checked by a cut of these widths: programs may order branches otherwise.
 */
export function widthsOf(pruned: Network, base: Network, map: ChannelMap): Width[] {
  const [own, others] = [weightTensors(base), weightTensors(pruned)];
  const extents = new Map(own.map((tensor, at) => [tensor, pruned.constants.get(others[at] ?? '')?.dims]));
  return groupSlices(base, map).flatMap(({ slices }, g) => {
    const group = map.groups[g];
    if (!group?.prunable) return [];
    const { id, width } = group;
    const found = slices
      // An axis that it shares with others, as behind a concatenation, does not tell its part.
      .filter(({ tensor, units }) => extents.has(tensor) && units.every((unit) => unit >= 0))
      // Matrices may be written in either order: convolutions tell for certain.
      .sort((a, b) => rankOf(base, b.tensor) - rankOf(base, a.tensor))
      .flatMap(({ tensor, axis, units }) => {
        const after = ((extents.get(tensor)?.[axis] ?? 0) * width) / units.length;
        return Number.isInteger(after) && after >= 1 && after <= width ? [after] : [];
      });
    return found[0] === undefined ? [] : [{ group: id, after: found[0] }];
  });
}

/** Units to cut a network of these widths: which ones they are makes no difference to its extents. */
export function firstUnits(widths: readonly Width[]): KeptUnits[] {
  return widths.map(({ group, after }) => ({
    group,
    kept: Array.from({ length: after }, (_, unit) => unit),
  }));
}

/** Of each layer that applies one, in the order of the layers. */
function weightTensors(network: Network): string[] {
  const shapes = inferShapes(network, 1);
  const shapeOf = (value: string) => shapes.get(value) ?? [];
  return network.nodes.flatMap((node) => weightUse(network, node, shapeOf)?.tensor ?? []);
}

function rankOf(network: Network, tensor: string): number {
  return network.constants.get(tensor)?.dims.length ?? 0;
}
