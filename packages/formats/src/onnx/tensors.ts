import { InputError } from '@espalier/errors';
import { sizeOf } from '@espalier/network';
import { MOST_AXES } from './budget.ts';
import type { Constant } from './constant.ts';
import { type ExternalFiles, readExternal } from './external-data.ts';
import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType } from './generated/onnx_pb.ts';
import { fromBfloat16, fromFloat16 } from './half-precision.ts';

/** How elements of one type are stored and what they become. */
interface Storage {
  readonly kind: Constant['kind'];
  /** Size of an element in raw data. */
  readonly bytes: number;
  raw(view: DataView, offset: number): number;
  /** The typed field that older files use instead of raw data. */
  listed(tensor: TensorProto): readonly (number | bigint)[];
  /** What a listed element stands for, where it is not the number itself. */
  decode?(listed: number): number;
}

const T = TensorProto_DataType;
const int32s = (tensor: TensorProto) => tensor.int32Data;
const storages: Readonly<Partial<Record<TensorProto_DataType, Storage>>> = {
  [T.FLOAT]: { kind: 'float', bytes: 4, raw: (v, o) => v.getFloat32(o, true), listed: (t) => t.floatData },
  [T.DOUBLE]: { kind: 'float', bytes: 8, raw: (v, o) => v.getFloat64(o, true), listed: (t) => t.doubleData },
  [T.FLOAT16]: {
    kind: 'float',
    bytes: 2,
    raw: (v, o) => fromFloat16(v.getUint16(o, true)),
    listed: int32s,
    decode: fromFloat16,
  },
  [T.BFLOAT16]: {
    kind: 'float',
    bytes: 2,
    raw: (v, o) => fromBfloat16(v.getUint16(o, true)),
    listed: int32s,
    decode: fromBfloat16,
  },
  [T.INT64]: {
    kind: 'int',
    bytes: 8,
    raw: (v, o) => Number(v.getBigInt64(o, true)),
    listed: (t) => t.int64Data,
  },
  [T.UINT64]: {
    kind: 'int',
    bytes: 8,
    raw: (v, o) => Number(v.getBigUint64(o, true)),
    listed: (t) => t.uint64Data,
  },
  [T.UINT32]: { kind: 'int', bytes: 4, raw: (v, o) => v.getUint32(o, true), listed: (t) => t.uint64Data },
  [T.INT32]: { kind: 'int', bytes: 4, raw: (v, o) => v.getInt32(o, true), listed: int32s },
  [T.INT16]: { kind: 'int', bytes: 2, raw: (v, o) => v.getInt16(o, true), listed: int32s },
  [T.UINT16]: { kind: 'int', bytes: 2, raw: (v, o) => v.getUint16(o, true), listed: int32s },
  [T.INT8]: { kind: 'int', bytes: 1, raw: (v, o) => v.getInt8(o), listed: int32s },
  [T.UINT8]: { kind: 'int', bytes: 1, raw: (v, o) => v.getUint8(o), listed: int32s },
  [T.BOOL]: { kind: 'bool', bytes: 1, raw: (v, o) => (v.getUint8(o) ? 1 : 0), listed: int32s },
};

/** What elements of an ONNX type are while a file is read. */
export function kindOf(type: number): Constant['kind'] | undefined {
  return storages[type as TensorProto_DataType]?.kind;
}

export function dataTypeName(type: number | undefined): string {
  return type ? (TensorProto_DataType[type] ?? `data type ${type}`).toLowerCase() : 'untyped';
}

/** Floats of another width than the one that networks have. */
export function isConverted(type: number | undefined): boolean {
  return type === T.DOUBLE || type === T.FLOAT16 || type === T.BFLOAT16;
}

/**
 * The tensor's values. `files` is where external data lies. Throws an InputError that names the tensor
 * where its data are missing, too few or too many.
 */
export function readTensor(tensor: TensorProto, name: string, files: ExternalFiles | undefined): Constant {
  const storage = storages[(tensor.dataType ?? T.UNDEFINED) as TensorProto_DataType];
  if (!tensor.dataType) throw new InputError(`tensor "${name}" does not say of which type it is`);
  if (!storage) throw new InputError(`tensor "${name}" is of type ${dataTypeName(tensor.dataType)}`);
  if (tensor.dims.length > MOST_AXES) {
    throw new InputError(`tensor "${name}" has ${tensor.dims.length} axes; at most ${MOST_AXES} are read`);
  }
  const dims = tensor.dims.map(Number);
  const size = sizeOf(dims);
  if (dims.some((extent) => extent < 0) || !Number.isSafeInteger(size)) {
    throw new InputError(`tensor "${name}" has shape [${dims}]`);
  }
  const external = tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;
  const expected = size * storage.bytes;
  const raw = external ? readExternal(tensor, name, expected, files) : tensor.rawData;
  return {
    kind: storage.kind,
    dims,
    data: raw?.length ? fromRaw(raw, name, dims, storage) : fromList(tensor, name, dims, storage),
  };
}

function fromRaw(raw: Uint8Array, name: string, dims: readonly number[], storage: Storage): Constant['data'] {
  const size = sizeOf(dims);
  if (raw.length !== size * storage.bytes) {
    throw new InputError(
      `tensor "${name}" of shape [${dims}] needs ${size * storage.bytes} bytes, the file has ${raw.length}`,
    );
  }
  // A copy, so that the bytes of the file can be let go and are aligned (not `slice`: that of a Buffer is a
  // view). Little-endian, as the machine is.
  if (storage === storages[T.FLOAT]) return new Float32Array(new Uint8Array(raw).buffer);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const data = storage.kind === 'float' ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < size; i++) data[i] = storage.raw(view, i * storage.bytes);
  return data;
}

function fromList(
  tensor: TensorProto,
  name: string,
  dims: readonly number[],
  storage: Storage,
): Constant['data'] {
  const listed = storage.listed(tensor);
  if (listed.length !== sizeOf(dims)) {
    throw new InputError(
      `tensor "${name}" of shape [${dims}] needs ${sizeOf(dims)} values, the file has ${listed.length}`,
    );
  }
  const { decode = Number } = storage;
  const value = (element: number | bigint) => decode(Number(element));
  return storage.kind === 'float' ? Float32Array.from(listed, value) : Float64Array.from(listed, value);
}
