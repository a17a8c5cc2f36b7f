import type { DataType, Tensor } from '@espalier/network';
import type { Constant } from '../constant.ts';

const ARRAYS = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
} as const;

/** A constant in its own type, as operations without a rule read it. Numbers beyond 64 bits end at their limit. */
export function typedTensor({ kind, type, dims, data }: Constant): Tensor {
  if (kind === 'float') return { dims, data: data instanceof Float32Array ? data : Float32Array.from(data) };
  if (kind === 'bool') return { dims, data: Uint8Array.from(data) };
  if (type === 'uint64')
    return bytes(
      dims,
      type,
      BigUint64Array.from(data, (x) => clamped(x, 0n, 2n ** 64n - 1n)),
    );
  const Own = type && type in ARRAYS ? ARRAYS[type as keyof typeof ARRAYS] : undefined;
  if (type && Own) return bytes(dims, type, Own.from(data));
  return { dims, data: BigInt64Array.from(data, (x) => clamped(x, -(2n ** 63n), 2n ** 63n - 1n)) };
}

function bytes(
  dims: Tensor['dims'],
  type: DataType,
  { buffer }: { readonly buffer: ArrayBufferLike },
): Tensor {
  return { dims, type, data: new Uint8Array(buffer) };
}

function clamped(value: number, least: bigint, most: bigint): bigint {
  const whole = BigInt(value);
  return whole < least ? least : whole > most ? most : whole;
}
