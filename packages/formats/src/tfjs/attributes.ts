import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  type TensorProtoSchema,
} from '../onnx/generated/onnx_pb.ts';

export type AttributeInit = MessageInitShape<typeof AttributeProtoSchema>;
const { FLOAT, GRAPH, INT, INTS, STRING, TENSOR } = AttributeProto_AttributeType;

/** Attributes of ONNX nodes, each with its type. */
export const int = (value: number): AttributeInit => ({ type: INT, i: BigInt(value) });
export const ints = (values: readonly number[]): AttributeInit => ({ type: INTS, ints: values.map(BigInt) });
export const float = (value: number): AttributeInit => ({ type: FLOAT, f: Math.fround(value) });
export const text = (value: string): AttributeInit => ({ type: STRING, s: new TextEncoder().encode(value) });
export const tensor = (value: MessageInitShape<typeof TensorProtoSchema>): AttributeInit => ({
  type: TENSOR,
  t: value,
});

/** A branch that is a value from around it. */
export const branch = (value: string): AttributeInit => ({
  type: GRAPH,
  g: {
    name: 'branch',
    node: [{ opType: 'Identity', input: [value], output: ['taken'] }],
    output: [{ name: 'taken' }],
  },
});
