import { DATA_TYPES, type DataType } from '@espalier/network';
import { TensorProto_DataType } from './generated/onnx_pb.ts';

const elementTypes: Readonly<Record<DataType, TensorProto_DataType>> = {
  bfloat16: TensorProto_DataType.BFLOAT16,
  bool: TensorProto_DataType.BOOL,
  float16: TensorProto_DataType.FLOAT16,
  float32: TensorProto_DataType.FLOAT,
  float64: TensorProto_DataType.DOUBLE,
  int16: TensorProto_DataType.INT16,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  int8: TensorProto_DataType.INT8,
  string: TensorProto_DataType.STRING,
  uint16: TensorProto_DataType.UINT16,
  uint32: TensorProto_DataType.UINT32,
  uint64: TensorProto_DataType.UINT64,
  uint8: TensorProto_DataType.UINT8,
};

/** A type as files number it. */
export function elementTypeOf(type: DataType): TensorProto_DataType {
  return elementTypes[type];
}

/** Undefined for one that networks do not know. */
export function dataTypeOf(elementType: number | undefined): DataType | undefined {
  return DATA_TYPES.find((type) => elementTypes[type] === elementType);
}
