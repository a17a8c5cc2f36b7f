import { type FloatTensor, type Shape, type StoredType, toFloat16 } from '@espalier/network';
import type { StoredWeight } from '../weights.ts';

/** Floats as a model keeps them: in half precision where their own file does, else in single precision. */
export function floatWeight({ dims, data }: FloatTensor, stored?: StoredType): StoredWeight {
  const spec = { name: '', shape: [...dims], dtype: 'float32' };
  if (stored !== 'float16') return { spec, bytes: bytesOf(data) };
  return {
    spec: { ...spec, quantization: { dtype: 'float16', original_dtype: 'float32' } },
    bytes: bytesOf(Uint16Array.from(data, toFloat16)),
  };
}

export function intWeight(values: readonly number[], shape: Shape): StoredWeight {
  return { spec: { name: '', shape: [...shape], dtype: 'int32' }, bytes: bytesOf(Int32Array.from(values)) };
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}
