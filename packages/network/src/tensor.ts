/**
 * Element types that values may have. What operations with a rule compute is float32; the others occur between a
 * network's input and the Cast after it, and around operations without one.
 */
export const DATA_TYPES = [
  ...(['float32', 'float64', 'float16', 'bfloat16'] as const),
  ...(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'bool', 'string'] as const),
] as const;

export type DataType = (typeof DATA_TYPES)[number];

/** A type other than float32 in which a file keeps numbers that are computed with as float32. */
export type StoredType = Extract<DataType, 'bfloat16' | 'float16' | 'float64'>;

/** A dense tensor, row-major. `data.length` is the product of `dims`; a scalar has `dims` []. */
export interface Tensor<T extends TensorData = TensorData> {
  readonly dims: readonly number[];
  readonly data: T;
  /** Of a type that has no array of its own here: `data` holds its bytes then, little-endian, as many as they are. */
  readonly type?: DataType;
}

/** The type of a tensor's elements: weights are float32, indices and shapes int64. */
export function typeOf({ data, type }: Tensor): DataType {
  if (type) return type;
  if (data instanceof Float32Array) return 'float32';
  return data instanceof BigInt64Array ? 'int64' : 'bool';
}

export type TensorData = Float32Array | BigInt64Array | Uint8Array;
export type FloatTensor = Tensor<Float32Array>;

/** Sizes of a tensor's axes, outermost first. */
export type Shape = readonly number[];

export function sizeOf(dims: Shape): number {
  let size = 1;
  for (const dim of dims) size *= dim;
  return size;
}

export function floatTensor(dims: Shape, data: Float32Array | readonly number[]): FloatTensor {
  const values = data instanceof Float32Array ? data : Float32Array.from(data);
  if (values.length !== sizeOf(dims)) {
    throw new Error(`a tensor of shape [${dims}] holds ${sizeOf(dims)} values, not ${values.length}`);
  }
  return { dims, data: values };
}

/** Row-major strides, in elements. */
export function stridesOf(dims: Shape): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (dims[axis + 1] ?? 1);
  }
  return strides;
}

/** The entries `kept` (ascending indices) of one axis. */
export function takeAlong<T extends TensorData>(
  tensor: Tensor<T>,
  axis: number,
  kept: readonly number[],
): Tensor<T> {
  const dims = tensor.dims.map((dim, i) => (i === axis ? kept.length : dim));
  const inner = sizeOf(tensor.dims.slice(axis + 1));
  const outer = sizeOf(tensor.dims.slice(0, axis));
  const extent = tensor.dims[axis] ?? 1;
  const data = new (tensor.data.constructor as new (length: number) => T)(outer * kept.length * inner);
  // Values are only moved, whatever their type. One by one: most runs are too short for subarrays to pay.
  const [source, target] = [tensor.data as Float32Array, data as Float32Array];
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (const index of kept) {
      const from = (o * extent + index) * inner;
      for (let i = 0; i < inner; i++) target[to++] = source[from + i] as number;
    }
  }
  return { dims, data };
}
