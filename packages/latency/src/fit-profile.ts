import { fitKind, type LayerTime, timeOf } from './fit-kind.ts';
import { fullKind, type TimedLayers } from './layers.ts';
import { nonNegative } from './least-squares.ts';
import type { DeviceProfile, KindTime } from './profile.ts';

/** A structure that was measured. */
export interface MeasuredStructure extends TimedLayers {
  /** Of the whole network. */
  readonly milliseconds: number;
  /** By name of the node. */
  readonly nodes: ReadonlyMap<string, number>;
}

type Times = Pick<DeviceProfile, 'overheadMs' | 'kinds'>;

/**
 * What the time of each kind of layer is, from whole structures and from the times of their nodes. Nodes say how time
 * follows channels; what they say is then scaled, kind by kind, to what whole networks take: a runtime that tells the
 * time of nodes is slower, and caches are not as they are without it. How far the scales may go their own ways is
 * decided by structures that are left out.
 */
export function fitProfile(measured: readonly MeasuredStructure[]): Times {
  const kinds = [...new Set(measured.flatMap(({ layers }) => layers.map(fullKind)))];
  const samples = new Map<string, LayerTime[]>(kinds.map((kind) => [kind, []]));
  for (const { nodes, layers, layerOf } of measured) {
    const times = new Map<string, number>();
    // What the runtime has added by itself belongs to no layer.
    for (const [name, milliseconds] of nodes) {
      const layer = layerOf.get(name);
      if (layer !== undefined) times.set(layer, (times.get(layer) ?? 0) + milliseconds);
    }
    for (const layer of layers) {
      const { name, inputs, outputs } = layer;
      const milliseconds = times.get(name) ?? 0;
      if (milliseconds > 0) samples.get(fullKind(layer))?.push({ inputs, outputs, milliseconds });
    }
  }
  const shapes = kinds.map((kind): KindTime => {
    const times = samples.get(kind) ?? [];
    if (times.length > 0) return { kind, ...fitKind(times) };
    // The runtime has done away with it.
    return { kind, steps: { inputs: 1, outputs: 1 }, milliseconds: [0, 0, 0, 0], samples: 0 };
  });
  const byKind = measured.map(({ layers }) =>
    shapes.map((shape) =>
      layers
        .filter((layer) => fullKind(layer) === shape.kind)
        .reduce((sum, layer) => sum + timeOf(shape, layer), 0),
    ),
  );
  const [overheadMs = 0, ...scales] = fitScales(
    byKind,
    measured.map(({ milliseconds }) => milliseconds),
  );
  return {
    overheadMs,
    kinds: shapes.map(({ milliseconds: [a, b, c, d], ...shape }, k) => {
      const scale = scales[k] ?? 1;
      return { ...shape, milliseconds: [a * scale, b * scale, c * scale, d * scale] };
    }),
  };
}

/** How strongly the scales of kinds are held to a common one. */
const HOLDS = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100, 1e6];

/**
 * @param byKind [structure][kind] milliseconds, as nodes tell them
 * @param whole milliseconds of each structure
 * @returns the overhead in milliseconds, then a scale for each kind
 */
function fitScales(byKind: readonly (readonly number[])[], whole: readonly number[]): number[] {
  const summed = byKind.map((row) => [row.reduce((a, b) => a + b, 0)]);
  const [, common = 1] = scaled(summed, whole, { ridge: 0, towards: 1 });
  const errorOf = (hold: number) =>
    byKind.reduce((sum, row, i) => {
      const others = (_: unknown, at: number) => at !== i;
      const prior = { ridge: hold, towards: common };
      const [overhead = 0, ...scales] = scaled(byKind.filter(others), whole.filter(others), prior);
      const predicted = row.reduce((total, value, k) => total + value * (scales[k] ?? 0), overhead);
      return sum + Math.abs(predicted / (whole[i] ?? 1) - 1);
    }, 0);
  const errors = HOLDS.map(errorOf);
  const ridge = HOLDS[errors.indexOf(Math.min(...errors))] ?? 1;
  return scaled(byKind, whole, { ridge, towards: common });
}

/** Errors count relative to the time of a structure. */
function scaled(
  byKind: readonly (readonly number[])[],
  whole: readonly number[],
  prior: { readonly ridge: number; readonly towards: number },
): number[] {
  const fastest = Math.min(...whole);
  const rows = byKind.map((row, i) => [fastest, ...row].map((value) => value / (whole[i] ?? 1)));
  const ones = whole.map(() => 1);
  const [overhead = 0, ...scales] = nonNegative(rows, ones, [
    { ridge: 0, towards: 0 },
    ...(byKind[0] ?? []).map(() => prior),
  ]);
  return [overhead * fastest, ...scales];
}
