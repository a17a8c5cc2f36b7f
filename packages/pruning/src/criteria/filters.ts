import {
  type ChannelAxis,
  type ChannelGroup,
  type ChannelMap,
  constantOf,
  type FloatTensor,
  type Network,
  prunableGroups,
  sizeOf,
} from '@espalier/network';
import type { CriterionContext, MemberCriterion } from './criterion.ts';

/** The filters of one producer. */
interface Filters {
  /** Name of the producer. */
  readonly node: string;
  /** The weights of each filter. */
  readonly rows: readonly Float32Array[];
  /** The unit of each filter within the group, -1 for filters outside of it. */
  readonly units: Int32Array;
}

/**
 * Filters of every producer of a group: convolutions, depthwise ones included, and dense layers. A weight that is applied
 * several times has its filters once.
 */
export function filtersOf(group: ChannelGroup, { network, map }: CriterionContext): Filters[] {
  const producers = producersOf(group, map);
  const first = new Map(
    producers.toReversed().map((producer) => [`${producer.axis}/${producer.value}`, producer]),
  );
  const once = producers.filter((producer) => first.get(`${producer.axis}/${producer.value}`) === producer);
  return once.map((producer) => ({
    node: producer.node,
    rows: filterRows(weightOf(network, producer), producer.axis),
    units: producer.labels.map((unit) => unitWithin(group, unit)),
  }));
}

/** Scores every producer by its filters alone, one a filter. */
export function byFilters(score: (rows: Filters['rows']) => Float64Array): MemberCriterion['members'] {
  return (group, context) =>
    filtersOf(group, context).map(({ units, rows }) => ({ units, scores: score(rows) }));
}

export function producersOf(group: ChannelGroup, { producers }: ChannelMap): ChannelAxis[] {
  return producers.filter(({ labels }) => labels.some((unit) => unitWithin(group, unit) >= 0));
}

/** The producers of all groups that can be pruned. */
export function prunableProducers(map: ChannelMap): ChannelAxis[] {
  return [...new Set(prunableGroups(map).flatMap((group) => producersOf(group, map)))];
}

/** The number of a network's unit within the group, -1 if it belongs to another. */
export function unitWithin(group: ChannelGroup, unit: number): number {
  const within = unit - group.firstUnit;
  return unit >= 0 && within >= 0 && within < group.width ? within : -1;
}

export function weightOf(network: Network, { value }: ChannelAxis): FloatTensor {
  const { dims, data } = constantOf(network, value);
  if (!(data instanceof Float32Array)) throw new Error(`weight "${value}" is not float32`);
  return { dims, data };
}

/** A tensor of a weight's shape, the values of each filter for themselves. */
export function filterRows({ dims, data }: FloatTensor, axis: number): Float32Array[] {
  const count = dims[axis] ?? 0;
  const size = data.length / count;
  const inner = sizeOf(dims.slice(axis + 1));
  return Array.from({ length: count }, (_, filter) => {
    if (axis === 0) return data.subarray(filter * size, (filter + 1) * size);
    const row = new Float32Array(size);
    for (let at = 0; at < size; at += inner) {
      const from = at * count + filter * inner;
      row.set(data.subarray(from, from + inner), at);
    }
    return row;
  });
}
