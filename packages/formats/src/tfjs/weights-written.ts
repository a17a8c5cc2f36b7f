import { type Shape, sizeOf } from '@espalier/network';
import { TensorProto_DataType } from '../onnx/generated/onnx_pb.ts';
import type { WeightSpec } from './model-json.ts';
import { dequantized, type StoredWeight } from './weights.ts';

/** What a weight shall hold: raw bytes, little-endian, of the type that ONNX numbers so. */
export interface NewWeight {
  readonly dims: Shape;
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

/** A weight as it is written, and what rounding did to it: norms of the difference and of the whole. */
export interface WrittenWeight extends StoredWeight {
  readonly rounding?: { readonly difference: number; readonly norm: number };
}

/** How a weight is kept, from what it was kept as before. */
export type Encoder = (name: string, weight: NewWeight, before: WeightSpec | undefined) => WrittenWeight;

const { BOOL, FLOAT, FLOAT16, INT32, INT64 } = TensorProto_DataType;

/** In the type and quantisation that the weight had before; one that is new in the plainest that holds it. */
export function writtenWeight(
  name: string,
  weight: NewWeight,
  before: WeightSpec | undefined,
): WrittenWeight {
  const { dims, dataType, rawData } = weight;
  const shape = [...dims];
  const quantization = before?.quantization;
  if (dataType === FLOAT && quantization && quantization.dtype !== 'float16') {
    const values = new Float32Array(new Uint8Array(rawData).buffer);
    return quantized({ ...before, name, shape }, quantization, values);
  }
  if (dataType === FLOAT16) {
    const half = quantization?.dtype === 'float16' ? quantization : { dtype: 'float16' as const };
    return { spec: { ...before, name, shape, dtype: 'float32', quantization: half }, bytes: rawData };
  }
  if (dataType === INT64) return { spec: plain(before, name, shape, 'int32'), bytes: narrowed(rawData) };
  const dtype = { [BOOL]: 'bool', [FLOAT]: 'float32', [INT32]: 'int32' }[dataType];
  if (dtype === undefined) throw new Error(`numbers of type ${dataType} cannot be weights`);
  return { spec: plain(before, name, shape, dtype), bytes: rawData };
}

function plain(before: WeightSpec | undefined, name: string, shape: number[], dtype: string): WeightSpec {
  const { quantization: _, ...rest } = before ?? { quantization: undefined };
  return { ...rest, name, shape, dtype };
}

/** int64 to int32, which is what lists of a graph are. What stands for the end of an axis stays as large as can be. */
function narrowed(rawData: Uint8Array): Uint8Array {
  const wide = new BigInt64Array(new Uint8Array(rawData).buffer);
  const [least, most] = [-(2n ** 31n), 2n ** 31n - 1n];
  return new Uint8Array(Int32Array.from(wide, (x) => Number(x < least ? least : x > most ? most : x)).buffer);
}

type Scaled = { readonly dtype: 'uint8' | 'uint16'; readonly scale: number; readonly min: number };

/** With the scale that it had where that holds every number still; else with one of its own. */
function quantized(spec: WeightSpec, before: Scaled, values: Float32Array): WrittenWeight {
  const asBefore = inSteps(spec, before, values);
  if (asBefore.rounding?.difference === 0) return asBefore;
  return inSteps(
    spec,
    { ...before, ...scaleOf(values, 2 ** (before.dtype === 'uint8' ? 8 : 16) - 1) },
    values,
  );
}

/** Zero is one of the steps where it is between them: much is padded and cut by it. */
function scaleOf(values: Float32Array, steps: number): { scale: number; min: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (!(high > low)) return { scale: 1, min: Number.isFinite(low) ? low : 0 };
  const scale = (high - low) / steps;
  return { scale, min: low <= 0 && high >= 0 ? -Math.round(-low / scale) * scale : low };
}

function inSteps(spec: WeightSpec, quantization: Scaled, values: Float32Array): WrittenWeight {
  const { dtype, scale, min } = quantization;
  const most = dtype === 'uint8' ? 255 : 65_535;
  const steps = Array.from(values, (value) =>
    Math.min(most, Math.max(0, Math.round((value - min) / scale) || 0)),
  );
  const bytes = dtype === 'uint8' ? Uint8Array.from(steps) : new Uint8Array(Uint16Array.from(steps).buffer);
  const written = { spec: { ...spec, quantization }, bytes };
  const now = sizeOf(spec.shape) > 0 ? dequantized(written) : values;
  let [difference, norm] = [0, 0];
  values.forEach((value, i) => {
    difference += (value - (now[i] ?? 0)) ** 2;
    norm += value ** 2;
  });
  return { ...written, rounding: { difference: Math.sqrt(difference), norm: Math.sqrt(norm) } };
}
