import {
  fromBfloat16,
  fromFloat16,
  type Shape,
  type StoredType,
  sizeOf,
  toBfloat16,
  toFloat16,
} from '@espalier/network';
import { MOST_AXES } from './budget.ts';
import type { Constant } from './constant.ts';
import { dataTypeOf } from './element-types.ts';
import { type ExternalFiles, readExternal } from './external-data.ts';
import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType } from './generated/onnx_pb.ts';
import { fileError } from './refusals.ts';

/** How elements of one type are stored and what they become. */
interface Storage {
  readonly kind: Constant['kind'];
  /** Size of an element in raw data. */
  readonly bytes: number;
  raw(view: DataView, offset: number): number;
  /** Puts the nearest number that the type has into raw data. */
  put(view: DataView, offset: number, value: number): void;
  /** The typed field that older files use instead of raw data. */
  listed(tensor: TensorProto): readonly (number | bigint)[];
  /** What a listed element stands for, where it is not the number itself. */
  decode?(listed: number): number;
}

const T = TensorProto_DataType;
const int32s = (tensor: TensorProto) => tensor.int32Data;
const storages: Readonly<Partial<Record<TensorProto_DataType, Storage>>> = {
  [T.FLOAT]: {
    kind: 'float',
    bytes: 4,
    raw: (v, o) => v.getFloat32(o, true),
    put: (v, o, x) => v.setFloat32(o, x, true),
    listed: (t) => t.floatData,
  },
  [T.DOUBLE]: {
    kind: 'float',
    bytes: 8,
    raw: (v, o) => v.getFloat64(o, true),
    put: (v, o, x) => v.setFloat64(o, x, true),
    listed: (t) => t.doubleData,
  },
  [T.FLOAT16]: {
    kind: 'float',
    bytes: 2,
    raw: (v, o) => fromFloat16(v.getUint16(o, true)),
    put: (v, o, x) => v.setUint16(o, toFloat16(x), true),
    listed: int32s,
    decode: fromFloat16,
  },
  [T.BFLOAT16]: {
    kind: 'float',
    bytes: 2,
    raw: (v, o) => fromBfloat16(v.getUint16(o, true)),
    put: (v, o, x) => v.setUint16(o, toBfloat16(x), true),
    listed: int32s,
    decode: fromBfloat16,
  },
  [T.INT64]: {
    kind: 'int',
    bytes: 8,
    raw: (v, o) => Number(v.getBigInt64(o, true)),
    put: (v, o, x) => v.setBigInt64(o, BigInt(x), true),
    listed: (t) => t.int64Data,
  },
  [T.UINT64]: {
    kind: 'int',
    bytes: 8,
    raw: (v, o) => Number(v.getBigUint64(o, true)),
    put: (v, o, x) => v.setBigUint64(o, BigInt(x), true),
    listed: (t) => t.uint64Data,
  },
  [T.UINT32]: {
    kind: 'int',
    bytes: 4,
    raw: (v, o) => v.getUint32(o, true),
    put: (v, o, x) => v.setUint32(o, x, true),
    listed: (t) => t.uint64Data,
  },
  [T.INT32]: {
    kind: 'int',
    bytes: 4,
    raw: (v, o) => v.getInt32(o, true),
    put: (v, o, x) => v.setInt32(o, x, true),
    listed: int32s,
  },
  [T.INT16]: {
    kind: 'int',
    bytes: 2,
    raw: (v, o) => v.getInt16(o, true),
    put: (v, o, x) => v.setInt16(o, x, true),
    listed: int32s,
  },
  [T.UINT16]: {
    kind: 'int',
    bytes: 2,
    raw: (v, o) => v.getUint16(o, true),
    put: (v, o, x) => v.setUint16(o, x, true),
    listed: int32s,
  },
  [T.INT8]: {
    kind: 'int',
    bytes: 1,
    raw: (v, o) => v.getInt8(o),
    put: (v, o, x) => v.setInt8(o, x),
    listed: int32s,
  },
  [T.UINT8]: {
    kind: 'int',
    bytes: 1,
    raw: (v, o) => v.getUint8(o),
    put: (v, o, x) => v.setUint8(o, x),
    listed: int32s,
  },
  [T.BOOL]: {
    kind: 'bool',
    bytes: 1,
    raw: (v, o) => (v.getUint8(o) ? 1 : 0),
    put: (v, o, x) => v.setUint8(o, x),
    listed: int32s,
  },
};

/** What elements of an ONNX type are while a file is read. */
export function kindOf(type: number): Constant['kind'] | undefined {
  return storages[type as TensorProto_DataType]?.kind;
}

export function dataTypeName(type: number | undefined): string {
  return type ? (TensorProto_DataType[type] ?? `data type ${type}`).toLowerCase() : 'untyped';
}

const storedTypes: ReadonlyMap<number | undefined, StoredType> = new Map([
  [T.BFLOAT16, 'bfloat16'],
  [T.DOUBLE, 'float64'],
  [T.FLOAT16, 'float16'],
]);

/** What floats of another width than the one that networks have are called there. */
function storedType(type: number | undefined): StoredType | undefined {
  return storedTypes.get(type);
}

/** Floats of another width than the one that networks have. */
export function isConverted(type: number | undefined): boolean {
  return storedTypes.has(type);
}

/**
 * The tensor's values. `files` is where external data lies. Throws an InputError that names the tensor
 * where its data are missing, too few or too many.
 */
export function readTensor(tensor: TensorProto, name: string, files: ExternalFiles | undefined): Constant {
  const { storage, dims } = extentOf(tensor, name);
  const raw = isOutside(tensor)
    ? readExternal(tensor, name, sizeOf(dims) * storage.bytes, files)
    : tensor.rawData;
  return {
    kind: storage.kind,
    type: storage.kind === 'int' ? dataTypeOf(tensor.dataType) : undefined,
    stored: storedType(tensor.dataType),
    dims,
    data: raw?.length ? fromRaw(raw, name, dims, storage) : fromList(tensor, name, dims, storage),
  };
}

/** Whether its data are in a file beside the model. */
export function isOutside({ dataLocation }: TensorProto): boolean {
  return dataLocation === TensorProto_DataLocation.EXTERNAL;
}

/** Takes data that are beside the model into it, byte by byte. */
export function takeIn(tensor: TensorProto, name: string, files: ExternalFiles | undefined): void {
  const { storage, dims } = extentOf(tensor, name);
  const rawData = readExternal(tensor, name, sizeOf(dims) * storage.bytes, files);
  Object.assign(tensor, { rawData, externalData: [], dataLocation: undefined });
}

function extentOf(tensor: TensorProto, name: string): { storage: Storage; dims: Shape } {
  const storage = storages[(tensor.dataType ?? T.UNDEFINED) as TensorProto_DataType];
  if (!tensor.dataType) throw fileError(`tensor "${name}" has no type`);
  if (!storage) throw fileError(`tensor "${name}" is of type ${dataTypeName(tensor.dataType)}`);
  if (tensor.dims.length > MOST_AXES) {
    throw fileError(`tensor "${name}" has ${tensor.dims.length} axes; at most ${MOST_AXES} are read`);
  }
  const dims = tensor.dims.map(Number);
  if (dims.some((extent) => extent < 0) || !Number.isSafeInteger(sizeOf(dims))) {
    throw fileError(`tensor "${name}" has shape [${dims}]`);
  }
  return { storage, dims };
}

function fromRaw(raw: Uint8Array, name: string, dims: readonly number[], storage: Storage): Constant['data'] {
  const size = sizeOf(dims);
  if (raw.length !== size * storage.bytes) {
    throw fileError(
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
    throw fileError(
      `tensor "${name}" of shape [${dims}] needs ${sizeOf(dims)} values, the file has ${listed.length}`,
    );
  }
  const { decode = Number } = storage;
  const value = (element: number | bigint) => decode(Number(element));
  return storage.kind === 'float' ? Float32Array.from(listed, value) : Float64Array.from(listed, value);
}

/** What a file has of these numbers in this type, rounded to the nearest that it has. */
export function tensorFields(dataType: number, { dims, data }: { dims: Shape; data: ArrayLike<number> }) {
  const storage = storages[dataType as TensorProto_DataType];
  if (!storage) throw new Error(`numbers cannot be stored as ${dataTypeName(dataType)}`);
  const rawData = new Uint8Array(data.length * storage.bytes);
  const view = new DataView(rawData.buffer);
  for (let i = 0; i < data.length; i++) storage.put(view, i * storage.bytes, data[i] ?? 0);
  return { dataType, dims: dims.map(BigInt), rawData };
}

const LISTS = ['doubleData', 'externalData', 'floatData', 'int32Data', 'int64Data', 'uint64Data'] as const;

/** Puts these numbers in place of those of a tensor, which keeps its type. */
export function putNumbers(tensor: TensorProto, numbers: { dims: Shape; data: ArrayLike<number> }): void {
  Object.assign(tensor, tensorFields(tensor.dataType ?? T.UNDEFINED, numbers), { dataLocation: undefined });
  for (const field of LISTS) tensor[field] = [];
}

/** Changes single numbers of a tensor; the others stay as they are, to the bit. */
export function putElements(tensor: TensorProto, changes: ReadonlyMap<number, number>): void {
  const storage = storages[(tensor.dataType ?? T.UNDEFINED) as TensorProto_DataType];
  if (!storage) throw new Error(`numbers cannot be stored as ${dataTypeName(tensor.dataType)}`);
  if (tensor.rawData?.length) {
    tensor.rawData = new Uint8Array(tensor.rawData);
    const view = new DataView(tensor.rawData.buffer);
    for (const [at, value] of changes) storage.put(view, at * storage.bytes, value);
    return;
  }
  const listed = storage.listed(tensor) as (number | bigint)[];
  for (const [at, value] of changes) listed[at] = typeof listed[at] === 'bigint' ? BigInt(value) : value;
}
