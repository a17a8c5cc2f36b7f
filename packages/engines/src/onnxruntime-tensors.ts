import type { DataType, FloatTensor } from '@espalier/network';
import type * as OnnxRuntime from 'onnxruntime-node';

// What goes from one network to another is float32 here: whole numbers up to 2^24 stay what they are.

const ARRAYS = {
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  // Clamped, as pixels are.
  uint8: Uint8ClampedArray,
  uint16: Uint16Array,
  uint32: Uint32Array,
} as const;

/** Numbers as an input of this type takes them, the nearest whole ones where it has no others. */
export function typedTensor(
  ort: typeof OnnxRuntime,
  { dims, data }: FloatTensor,
  type: DataType = 'float32',
): OnnxRuntime.Tensor {
  if (type === 'float32') return new ort.Tensor(type, data, dims);
  if (type === 'float64') return new ort.Tensor(type, Float64Array.from(data), dims);
  const whole = data.map(Math.round);
  if (type === 'int64') return new ort.Tensor(type, BigInt64Array.from(whole, BigInt), dims);
  if (type === 'uint64') return new ort.Tensor(type, BigUint64Array.from(whole, BigInt), dims);
  if (!(type in ARRAYS)) throw new Error(`an input cannot be of type ${type}`);
  // The constructor is typed for each of them by itself.
  const numbers = ARRAYS[type as keyof typeof ARRAYS].from(whole) as Int32Array;
  return new ort.Tensor(type as 'int32', numbers, dims);
}

export function asFloats(name: string, data: OnnxRuntime.Tensor['data']): Float32Array {
  if (data instanceof Float32Array) return data;
  if (Array.isArray(data)) throw new Error(`output "${name}" is text`);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
