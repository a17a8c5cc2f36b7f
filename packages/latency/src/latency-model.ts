import { type ChannelMap, type Network, prunableGroups } from '@espalier/network';
import { type Formula, type Side, sideOf, timeOfSides } from './fit-kind.ts';
import { type ChannelsOf, timedLayers } from './layers.ts';
import { kindOf } from './predict.ts';
import type { DeviceProfile } from './profile.ts';

/** Milliseconds of a network's structures, without cutting any. */
export interface LatencyModel {
  /**
   * @param kept units that each prunable group keeps, in topological order
   * @returns milliseconds of a run, as `predictMs` tells them of the network that is cut so
   */
  latency(kept: ArrayLike<number>): number;
  /**
   * Around one structure: only the layers that a group reaches are timed again, and all are added up in the same order,
   * so that the sums are the same to the last bit.
   */
  from(kept: ArrayLike<number>): Cursor;
  /** Whether the time of some layer depends on what both groups keep. */
  touches(group: number, other: number): boolean;
}

/** What structures cost that differ in one group from the one it stands at. */
export interface Cursor {
  /** Holds until it is moved. */
  along(group: number): (width: number) => number;
  /** From now on it stands where this group has another width. */
  move(group: number, width: number): void;
}

/** Channels as a sum: those that nothing removes, and so many for each unit of each prunable group. */
interface ChannelCount {
  readonly fixed: number;
  readonly terms: readonly { readonly group: number; readonly perUnit: number }[];
}

/** @throws {InputError} where the network has a layer of a kind that was not measured */
export function latencyModel(
  profile: Pick<DeviceProfile, 'overheadMs' | 'kinds' | 'network'>,
  network: Network,
  map: ChannelMap,
): LatencyModel {
  const groupOfUnit = new Int32Array(map.unitCount).fill(-1);
  prunableGroups(map).forEach(({ firstUnit, width }, g) => {
    groupOfUnit.fill(g, firstUnit, firstUnit + width);
  });
  const widths = prunableGroups(map).map(({ width }) => width);
  const layers = timedLayers(network).layers.map((layer) => {
    const kind = kindOf(profile, network, layer);
    const inputs = layer.reads ? countOf(layer.reads, layer.inputs) : { fixed: layer.inputs, terms: [] };
    const outputs = countOf(layer.writes, layer.outputs);
    return {
      ...{ kind, inputs, outputs },
      sideOfInputs: lookedUp(kind, 'inputs', inputs, widths),
      sideOfOutputs: lookedUp(kind, 'outputs', outputs, widths),
    };
  });
  const reached = widths.map((_, g) => [...layers.keys()].filter((i) => reaches(layers[i], g)));
  const timeAt = (i: number, kept: ArrayLike<number>) => {
    const { kind, sideOfInputs, sideOfOutputs } = layers[i] as (typeof layers)[number];
    return timeOfSides(kind, sideOfInputs(kept), sideOfOutputs(kept));
  };
  const timesAt = (kept: ArrayLike<number>) => {
    const times = new Float64Array(layers.length);
    for (let i = 0; i < times.length; i++) times[i] = timeAt(i, kept);
    return times;
  };
  const total = (times: Float64Array) => {
    let sum = profile.overheadMs;
    for (let i = 0; i < times.length; i++) sum += times[i] as number;
    return sum;
  };
  return {
    latency: (kept) => total(timesAt(kept)),
    from(kept) {
      const at = Array.from(kept);
      const times = timesAt(at);
      const set = (group: number, width: number) => {
        at[group] = width;
        for (const i of reached[group] ?? []) times[i] = timeAt(i, at);
      };
      return {
        move: set,
        along(group) {
          const here = at[group] ?? 0;
          const own = reached[group] ?? [];
          const before = own.map((i) => times[i] as number);
          return (width) => {
            set(group, width);
            const sum = total(times);
            at[group] = here;
            for (let i = 0; i < own.length; i++) times[own[i] as number] = before[i] as number;
            return sum;
          };
        },
      };
    },
    touches: (group, other) => reached[group]?.some((i) => reaches(layers[i], other)) ?? false,
  };

  function countOf({ value, axis, share }: ChannelsOf, whole: number): ChannelCount {
    const labels = map.axes.get(value)?.[axis];
    if (!labels) return { fixed: whole, terms: [] };
    const counts = new Map<number, number>();
    for (const unit of labels) {
      const group = unit < 0 ? -1 : (groupOfUnit[unit] ?? -1);
      counts.set(group, (counts.get(group) ?? 0) + share);
    }
    const fixed = counts.get(-1) ?? 0;
    counts.delete(-1);
    const terms = [...counts].map(([group, count]) => ({ group, perUnit: count / (widths[group] ?? 1) }));
    return { fixed, terms };
  }
}

/** A side of a layer at each structure: of one group a table of its widths, for searches ask a million times. */
function lookedUp(
  kind: Formula,
  side: 'inputs' | 'outputs',
  count: ChannelCount,
  widths: readonly number[],
): (kept: ArrayLike<number>) => Side {
  const [only, ...others] = count.terms;
  if (others.length > 0) return (kept) => sideOf(kind, side, channels(count, kept));
  if (!only) {
    const fixed = sideOf(kind, side, count.fixed);
    return () => fixed;
  }
  const { group, perUnit } = only;
  const sides = Array.from({ length: (widths[group] ?? 0) + 1 }, (_, width) =>
    sideOf(kind, side, count.fixed + perUnit * width),
  );
  const none = sides[0] as Side;
  return (kept) => sides[kept[group] ?? 0] ?? none;
}

type Layer = { readonly inputs: ChannelCount; readonly outputs: ChannelCount };

function reaches(layer: Layer | undefined, g: number): boolean {
  return [layer?.inputs, layer?.outputs].some((count) => count?.terms.some(({ group }) => group === g));
}

function channels({ fixed, terms }: ChannelCount, kept: ArrayLike<number>): number {
  let sum = fixed;
  for (const { group, perUnit } of terms) sum += perUnit * (kept[group] ?? 0);
  return sum;
}
