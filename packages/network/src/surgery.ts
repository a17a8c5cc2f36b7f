import { InputError } from '@espalier/errors';
import type { ChannelGroup, ChannelMap } from './groups/index.ts';
import { constantOf, type Network, type Node } from './network.ts';
import { type Cut, FIXED } from './operation.ts';
import { operationOf } from './ops/index.ts';
import { inferShapes, PROBE_BATCH } from './shapes.ts';
import { type Shape, type Tensor, takeAlong } from './tensor.ts';

/** The units that a group keeps, ascending, numbered 0 .. width - 1 within the group. */
export interface KeptUnits {
  readonly group: string;
  readonly kept: readonly number[];
}

/** One axis of one weight tensor that was shortened: enough to redo the cut in another framework. */
export interface TensorCut {
  readonly tensor: string;
  readonly axis: number;
  /** Indices that stay, ascending. */
  readonly kept: readonly number[];
}

export interface CutNetwork {
  readonly network: Network;
  readonly cuts: readonly TensorCut[];
}

/**
 * Removes every unit that a group does not keep. Groups that are not named stay whole. The result computes
 * what the network computes with the removed units zeroed at every consumer. Throws an InputError where the
 * structure does not fit the network.
 */
export function cutNetwork(network: Network, map: ChannelMap, structure: readonly KeptUnits[]): CutNetwork {
  const removed = removedUnits(map, structure);
  checkNothingRunsDry(map, removed);
  const shapes = inferShapes(network, PROBE_BATCH);
  const cut = new UnitCut(map, removed, shapes);
  const constants = new Map<string, Tensor>(network.constants);
  const cuts = cutsOf(network, map, removed);
  for (const { tensor, axis, kept } of cuts) {
    const left = constants.get(tensor) ?? constantOf(network, tensor);
    constants.set(tensor, takeAlong(left, axis, kept));
  }
  const nodes = network.nodes.map((node): Node => {
    const rewrite = operationOf(node).cut;
    return rewrite ? { ...node, attributes: rewrite(node, cut) } : node;
  });
  return { network: { ...network, nodes, constants }, cuts };
}

/**
 * What {@link cutNetwork} shortens, without doing it: the values of the weights may be missing.
 *
 * @throws {InputError} where the structure does not fit the network
 */
export function tensorCuts(
  network: Network,
  map: ChannelMap,
  structure: readonly KeptUnits[],
): readonly TensorCut[] {
  const removed = removedUnits(map, structure);
  checkNothingRunsDry(map, removed);
  return cutsOf(network, map, removed);
}

function cutsOf({ constants }: Network, map: ChannelMap, removed: Uint8Array): TensorCut[] {
  const cuts: TensorCut[] = [];
  for (const [tensor, axes] of map.axes) {
    if (!constants.has(tensor)) continue;
    axes.forEach((units, axis) => {
      if (!units) return;
      const kept: number[] = [];
      for (const [i, unit] of units.entries()) if (unit === FIXED || !removed[unit]) kept.push(i);
      if (kept.length < units.length) cuts.push({ tensor, axis, kept });
    });
  }
  return cuts;
}

/** 1 for every unit of the network that is removed, by its number in the channel map. */
export function removedUnits(map: ChannelMap, structure: readonly KeptUnits[]): Uint8Array {
  const removed = new Uint8Array(map.unitCount);
  const groups = new Map(map.groups.map((group) => [group.id, group]));
  for (const { group: id, kept } of structure) {
    const group = groups.get(id);
    if (!group) throw new InputError(`there is no channel group "${id}", or it is named twice`);
    groups.delete(id);
    checkKept(group, kept);
    removed.fill(1, group.firstUnit, group.firstUnit + group.width);
    for (const unit of kept) removed[group.firstUnit + unit] = 0;
  }
  return removed;
}

function checkKept({ id, width, prunable, reason }: ChannelGroup, kept: readonly number[]): void {
  kept.forEach((unit, i) => {
    if (!Number.isInteger(unit) || unit < 0 || unit >= width) {
      throw new InputError(`group "${id}" has no unit ${unit}; its units are 0 to ${width - 1}`);
    }
    if (unit <= (kept[i - 1] ?? -1)) throw new InputError(`the kept units of group "${id}" do not ascend`);
  });
  if (kept.length === 0) throw new InputError(`group "${id}" would lose all of its ${width} units`);
  if (!prunable && kept.length < width) {
    throw new InputError(`group "${id}" cannot be pruned: ${reason}`);
  }
}

/** After a split of the channels, a value may hold none of the units that its groups keep. */
function checkNothingRunsDry(map: ChannelMap, removed: Uint8Array): void {
  for (const [value, axes] of map.axes) {
    const dry = axes.find((units) => units?.every((unit) => unit !== FIXED && removed[unit]));
    if (!dry) continue;
    const groups = map.groups.filter(({ firstUnit, width }) =>
      dry.some((unit) => unit >= firstUnit && unit < firstUnit + width),
    );
    throw new InputError(
      `"${value}" would have no channels left: keep at least one of those that reach it from ${groups.map(({ id }) => `"${id}"`).join(', ')}`,
    );
  }
}

class UnitCut implements Cut {
  private readonly map: ChannelMap;
  private readonly removed: Uint8Array;
  private readonly shapes: ReadonlyMap<string, Shape>;

  constructor(map: ChannelMap, removed: Uint8Array, shapes: ReadonlyMap<string, Shape>) {
    this.map = map;
    this.removed = removed;
    this.shapes = shapes;
  }

  shape(value: string): Shape {
    const shape = this.shapes.get(value);
    if (!shape) throw new Error(`no shape is known of "${value}"`);
    return shape;
  }

  kept(value: string, axis: number, from = 0, to?: number): number {
    const units = this.map.axes.get(value)?.[axis];
    if (!units) return (to ?? this.shape(value)[axis] ?? 0) - from;
    let count = 0;
    for (const unit of units.subarray(from, to)) if (unit === FIXED || !this.removed[unit]) count++;
    return count;
  }

  keptIndices(value: string, axis: number): readonly number[] {
    const extent = this.shape(value)[axis] ?? 0;
    const units = this.map.axes.get(value)?.[axis];
    const kept: number[] = [];
    for (let i = 0; i < extent; i++) {
      const unit = units?.[i] ?? FIXED;
      if (unit === FIXED || !this.removed[unit]) kept.push(i);
    }
    return kept;
  }
}
