import { create } from '@bufbuild/protobuf';
import { type DataType, type Tensor, typeOf } from '@espalier/network';
import { elementTypeOf } from './element-types.ts';
import {
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.ts';

/** What goes into a graph or comes out of it. */
export interface FileValue {
  readonly name: string;
  /** A text stands for an extent that is open, undefined for one that is not known; null: nor is the rank. */
  readonly shape: readonly (number | string | undefined)[] | null;
  /** Default: float32. */
  readonly type?: DataType | undefined;
}

export function valueInfo({ name, shape, type = 'float32' }: FileValue): ValueInfoProto {
  const dim = shape?.map((extent) => {
    if (extent === undefined) return {};
    return {
      value:
        typeof extent === 'string'
          ? { case: 'dimParam' as const, value: extent }
          : { case: 'dimValue' as const, value: BigInt(extent) },
    };
  });
  const value = { elemType: elementTypeOf(type), ...(dim && { shape: { dim } }) };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } });
}

/** Raw bytes are little-endian, as every machine is that this runs on. */
export function encodeTensor(name: string, tensor: Tensor): TensorProto {
  const { dims, data } = tensor;
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: elementTypeOf(typeOf(tensor)),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });
}
