import type { Network } from '../network.ts';
import { FIXED, type Labels } from '../operation.ts';
import { type ChannelAxis, type Trace, traceLabels } from './trace.ts';

/**
 * Units that hold equally many filters of the same producers: the unit of sampling, of ratios and of surgery.
 * Plain data.
 */
export interface ChannelGroup {
  /** Name of the first producer in topological order; "[k]" is appended from the second group of the same producer on. */
  readonly id: string;
  /** How many units the group has. */
  readonly width: number;
  /** How many of the first producer's filters one unit holds (the conv-groups of a grouped convolution). */
  readonly channelsPerUnit: number;
  readonly prunable: boolean;
  /** Why the group cannot be pruned, where it cannot. */
  readonly reason?: string;
  /** Removing its units changes what an operation computes from the others (LayerNorm): not the same as zeroing. */
  readonly inexact: boolean;
  /** Names of the nodes whose filters the units hold, in topological order. */
  readonly producers: readonly string[];
  /** Names of the nodes that sum over the units. */
  readonly consumers: readonly string[];
  /** The group's first unit among all units of the network; its units are numbered on from there. */
  readonly firstUnit: number;
}

/** Which unit every index of every axis belongs to. */
export interface ChannelMap {
  readonly groups: readonly ChannelGroup[];
  readonly unitCount: number;
  /** By value name (computed values and constants): for each axis the unit of each index, FIXED (-1) where none, null for an axis without units. */
  readonly axes: ReadonlyMap<string, readonly (Labels | null)[]>;
  /** Where filters lie: producers in topological order, `labels` holding units. */
  readonly producers: readonly ChannelAxis[];
  /** Where units are summed over: consumers in topological order, `labels` holding units. */
  readonly consumers: readonly ChannelAxis[];
}

export interface GroupOptions {
  /** Make groups prunable whose removal is not the same as zeroing. */
  readonly allowInexact?: boolean;
}

/** Finds the channel groups of a network and where their units lie. */
export function channelMap(network: Network, options: GroupOptions = {}): ChannelMap {
  const trace = traceLabels(network);
  const groupRoots = rootsByGroup(trace);
  const unitOfRoot = new Map<number, number>();
  for (const roots of groupRoots) {
    for (const root of roots) unitOfRoot.set(root, unitOfRoot.size);
  }
  const toUnits = unitsOfLabels(trace, unitOfRoot);
  const withUnits = ({ labels, ...axis }: ChannelAxis): ChannelAxis[] => {
    const units = toUnits(labels);
    return units ? [{ ...axis, labels: units }] : [];
  };
  const producers = trace.producers.flatMap(withUnits);
  const consumers = trace.consumers.flatMap(withUnits);
  const axes = new Map([...trace.axes].map(([value, list]) => [value, list.map((l) => l && toUnits(l))]));

  const groupOfUnit = new Int32Array(unitOfRoot.size);
  let unit = 0;
  groupRoots.forEach((roots, g) => {
    groupOfUnit.fill(g, unit, unit + roots.length);
    unit += roots.length;
  });
  const makers = touching(producers, groupOfUnit, groupRoots.length);
  const readers = touching(consumers, groupOfUnit, groupRoots.length);
  const taken = new Set<string>();
  const next = new Map<string, number>();
  let firstUnit = 0;
  const groups = groupRoots.map((roots, g): ChannelGroup => {
    const group = describe(trace, roots, firstUnit, makers[g] ?? [], readers[g] ?? [], options);
    firstUnit += roots.length;
    let id = group.id;
    let k = next.get(id) ?? 1;
    while (taken.has(id)) id = `${group.id}[${k++}]`;
    next.set(group.id, k);
    taken.add(id);
    return { ...group, id };
  });
  return { groups, unitCount: firstUnit, axes, producers, consumers };
}

/** The units of an axis; null if it has none. Values share their labels, so each list is looked up once. */
function unitsOfLabels(
  trace: Trace,
  unitOfRoot: ReadonlyMap<number, number>,
): (labels: Labels) => Labels | null {
  const known = new Map<Labels, Labels | null>();
  return (labels) => {
    const before = known.get(labels);
    if (before !== undefined) return before;
    const units = labels.map((label) =>
      label === FIXED ? FIXED : (unitOfRoot.get(trace.sets.find(label)) ?? FIXED),
    );
    const found = units.some((unit) => unit !== FIXED) ? units : null;
    known.set(labels, found);
    return found;
  };
}

/**
 * Sets of tied labels, gathered by the filters that they hold of each producer (and by why they cannot be
 * pruned), in the order of their first filter. Sets without a filter (padding alone) are not units.
 */
function rootsByGroup(trace: Trace): number[][] {
  const filtersOf = new Map<number, number[]>();
  trace.producers.forEach(({ labels }, producer) => {
    for (const label of labels) {
      const root = trace.sets.find(label);
      const filters = filtersOf.get(root);
      if (filters) filters.push(producer);
      else filtersOf.set(root, [producer]);
    }
  });
  const groups = new Map<string, number[]>();
  for (const [root, filters] of filtersOf) {
    const key = `${filters.join(',')}|${trace.pinned(root) ?? ''}|${trace.mixed(root) ?? ''}`;
    const roots = groups.get(key);
    if (roots) roots.push(root);
    else groups.set(key, [root]);
  }
  return [...groups.values()];
}

/** By group: the axes that hold some of its units, in their order. */
function touching(list: readonly ChannelAxis[], groupOfUnit: Int32Array, groups: number): ChannelAxis[][] {
  const found = Array.from({ length: groups }, (): ChannelAxis[] => []);
  for (const axis of list) {
    const touched = new Set<number>();
    for (const unit of axis.labels) if (unit !== FIXED) touched.add(groupOfUnit[unit] ?? 0);
    for (const g of touched) found[g]?.push(axis);
  }
  return found;
}

function describe(
  trace: Trace,
  roots: readonly number[],
  firstUnit: number,
  producers: readonly ChannelAxis[],
  consumers: readonly ChannelAxis[],
  options: GroupOptions,
): ChannelGroup {
  const width = roots.length;
  const namesOf = (list: readonly ChannelAxis[]) => [...new Set(list.map(({ node }) => node))];
  const names = namesOf(producers);
  const channelsPerUnit = producers[0]?.labels.filter((unit) => unit === firstUnit).length ?? 1;
  const mixed = trace.mixed(roots[0] ?? 0);
  const inexact = mixed !== undefined;
  const reason =
    trace.pinned(roots[0] ?? 0) ??
    (width < 2 ? singleUnit(channelsPerUnit) : undefined) ??
    (inexact && !options.allowInexact
      ? `${mixed}, so that removing some changes the others: it is pruned only if inexact pruning is allowed`
      : undefined);
  return {
    id: names[0] ?? '',
    width,
    channelsPerUnit,
    prunable: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    inexact,
    producers: names,
    consumers: namesOf(consumers),
    firstUnit,
  };
}

function singleUnit(channels: number): string {
  return channels > 1
    ? `its ${channels} channels depend on each other: none can be removed alone`
    : 'it has only one channel';
}

/** The prunable groups, in topological order: the rows of every matrix. */
export function prunableGroups(map: ChannelMap): ChannelGroup[] {
  return map.groups.filter((group) => group.prunable);
}
