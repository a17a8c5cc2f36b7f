/** Element types that a network's constants may have. Weights are float32; indices and shapes are int64. */
export type DataType = 'float32' | 'int64' | 'bool';

/** A type other than float32 in which a file keeps numbers that are computed with as float32. */
export type StoredType = 'bfloat16' | 'float16' | 'float64';

/** A dense tensor, row-major. `data.length` is the product of `dims`; a scalar has `dims` []. */
export interface Tensor<T extends TensorData = TensorData> {
  readonly dims: readonly number[];
  readonly data: T;
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
