import { InputError } from '@espalier/errors';
import { sizeOf } from '@espalier/network';
import { TensorProto_DataType } from '../onnx/generated/onnx_pb.ts';
import { tensorFields } from '../onnx/tensors.ts';
import type { WeightSpec } from './model-json.ts';
import { SAVE_AGAIN } from './remedies.ts';

/** A weight as the shards have it. */
export interface StoredWeight {
  readonly spec: WeightSpec;
  readonly bytes: Uint8Array;
}

const bytesPerElement: Readonly<Record<string, number>> = { bool: 1, float32: 4, int32: 4 };
const quantizedBytes = { float16: 2, uint8: 1, uint16: 2 };

/** Undefined for a type that networks do not know, such as text. */
function elementBytes({ dtype, quantization }: WeightSpec): number | undefined {
  const own = bytesPerElement[dtype];
  if (own === undefined || !quantization) return own;
  return quantizedBytes[quantization.dtype];
}

/** How many bytes of its group a weight takes. Throws an InputError where its shape or type cannot be. */
export function byteLength(spec: WeightSpec, where: string): number {
  const bytes = elementBytes(spec);
  const length = sizeOf(spec.shape) * (bytes ?? 0);
  if (bytes === undefined) {
    throw new InputError(
      `${where}: weight "${spec.name}" is of type ${spec.dtype}; float32, int32 and bool are read: convert it to one of them`,
    );
  }
  if (!Number.isSafeInteger(length)) {
    throw new InputError(
      `${where}: weight "${spec.name}" has shape [${spec.shape}], which is no size; ${SAVE_AGAIN}`,
    );
  }
  return length;
}

const { BOOL, FLOAT, FLOAT16, INT32 } = TensorProto_DataType;
const plainTypes: Readonly<Record<string, TensorProto_DataType>> = {
  bool: BOOL,
  float32: FLOAT,
  int32: INT32,
};

/** A weight as a tensor of an ONNX file: floats of two bytes stay so, those with a scale become float32. */
export function tensorOf({ spec, bytes }: StoredWeight) {
  const { dtype, quantization, shape } = spec;
  const dims = shape.map(BigInt);
  const dataType = plainTypes[dtype] ?? FLOAT;
  if (!quantization) return { dims, dataType, rawData: bytes };
  if (quantization.dtype === 'float16') return { dims, dataType: FLOAT16, rawData: bytes };
  return tensorFields(dataType, { dims: shape, data: dequantized({ spec, bytes }) });
}

/** What a weight with a scale stands for, in single precision. */
export function dequantized({ spec: { dtype, quantization }, bytes }: StoredWeight): Float32Array {
  if (!quantization || quantization.dtype === 'float16') throw new Error('a weight without a scale');
  const { scale, min } = quantization;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const two = quantization.dtype === 'uint16';
  const values = new Float32Array(bytes.length / (two ? 2 : 1));
  for (let i = 0; i < values.length; i++) {
    const value = (two ? view.getUint16(2 * i, true) : view.getUint8(i)) * scale + min;
    values[i] = dtype === 'int32' ? Math.round(value) : value;
  }
  return values;
}

/** The numbers of a weight that is no large one: axes, shapes, indices. */
export function numbersOf(weight: StoredWeight): readonly number[] {
  const { spec, bytes } = weight;
  if (spec.quantization && spec.quantization.dtype !== 'float16') return [...dequantized(weight)];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read: Readonly<Record<string, (at: number) => number>> = {
    bool: (at) => view.getUint8(at),
    float32: (at) => view.getFloat32(4 * at, true),
    int32: (at) => view.getInt32(4 * at, true),
  };
  const one = spec.quantization ? undefined : read[spec.dtype];
  if (!one)
    throw new InputError(
      `weight "${spec.name}" is of type ${spec.dtype} in half precision, not a list of numbers; ${SAVE_AGAIN}`,
    );
  return Array.from({ length: sizeOf(spec.shape) }, (_, i) => one(i));
}
