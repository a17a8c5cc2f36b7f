import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { sizeOf } from '@espalier/network';
import { Random } from '../../network/test/random.ts';
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataType,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from '../src/onnx/generated/onnx_pb.ts';

type AttributeInit = MessageInitShape<typeof AttributeProtoSchema>;
export type TensorInit = MessageInitShape<typeof TensorProtoSchema>;
type NodeInit = MessageInitShape<typeof NodeProtoSchema>;

export const DataType = TensorProto_DataType;
const Type = AttributeProto_AttributeType;

/** Attribute values with their types. */
export const int = (value: number): AttributeInit => ({ type: Type.INT, i: BigInt(value) });
export const ints = (...values: number[]): AttributeInit => ({ type: Type.INTS, ints: values.map(BigInt) });
export const float = (value: number): AttributeInit => ({ type: Type.FLOAT, f: value });
export const floats = (...values: number[]): AttributeInit => ({ type: Type.FLOATS, floats: values });
export const text = (value: string): AttributeInit => ({
  type: Type.STRING,
  s: new TextEncoder().encode(value),
});
export const tensor = (value: TensorInit): AttributeInit => ({ type: Type.TENSOR, t: value });
export const graph = (value: Subgraph): AttributeInit => ({
  type: Type.GRAPH,
  g: {
    name: 'subgraph',
    node: [...value.nodes],
    initializer: Object.entries(value.tensors ?? {}).map(([name, each]) => ({ ...each, name })),
    input: Object.entries(value.inputs ?? {}).map(([name, type]) => valueInfo(name, type, [])),
    output: value.outputs.map((name) => ({ name })),
  },
});

interface Subgraph {
  readonly nodes: readonly NodeInit[];
  readonly outputs: readonly string[];
  readonly tensors?: Readonly<Record<string, TensorInit>>;
  /** Single numbers, by their type. */
  readonly inputs?: Readonly<Record<string, number>>;
}

/** Tensors. */
export const int64 = (values: readonly number[], dims: readonly number[] = [values.length]): TensorInit => ({
  dataType: TensorProto_DataType.INT64,
  dims: dims.map(BigInt),
  int64Data: values.map(BigInt),
});
export const float32 = (dims: readonly number[], values: readonly number[] | Float32Array): TensorInit => ({
  dataType: TensorProto_DataType.FLOAT,
  dims: dims.map(BigInt),
  rawData: new Uint8Array(Float32Array.from(values).buffer),
});
export const scalar = (value: number): TensorInit => float32([], [value]);

const random = new Random(7);
export const randomTensor = (...dims: number[]): TensorInit => float32(dims, random.values(sizeOf(dims), 1));

export function node(
  opType: string,
  input: string[],
  output: string[],
  attributes: Readonly<Record<string, AttributeInit>> = {},
  name = output[0] ?? '',
): NodeInit {
  const attribute = Object.entries(attributes).map(([key, value]) => ({ ...value, name: key }));
  return { opType, input, output, attribute, name };
}

export interface OnnxFile {
  readonly opset?: number;
  /** A name stands for an axis of any extent. */
  readonly inputs?: Readonly<Record<string, readonly (number | string)[]>>;
  readonly inputType?: number;
  /** Default: the output of the last node. */
  readonly outputs?: readonly string[];
  /** Whether the file leaves it to the runtime of what type its outputs are. */
  readonly untypedOutputs?: boolean;
  readonly tensors?: Readonly<Record<string, TensorInit>>;
  readonly nodes: readonly NodeInit[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly domain?: string;
  /** Others beside it, each in version 1. */
  readonly domains?: readonly string[];
}

const irVersion = (opset: number) => BigInt(opset < 15 ? 7 : opset < 19 ? 8 : opset < 21 ? 9 : 10);

/** The bytes of a model file. Default: operation set 17, one input `x` of [batch, 4, 6, 6]. */
export function onnxFile(file: OnnxFile): Uint8Array {
  const { opset = 17, inputs = { x: ['batch', 4, 6, 6] }, tensors = {}, nodes } = file;
  const { domain = '', domains = [] } = file;
  const outputs = file.outputs ?? nodes.at(-1)?.output?.slice(0, 1) ?? [];
  const type = file.inputType ?? TensorProto_DataType.FLOAT;
  const model = create(ModelProtoSchema, {
    irVersion: irVersion(opset),
    opsetImport: [
      { domain, version: BigInt(opset) },
      ...domains.map((each) => ({ domain: each, version: 1n })),
    ],
    metadataProps: Object.entries(file.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'graph',
      node: [...nodes],
      initializer: Object.entries(tensors).map(([name, value]) => ({ ...value, name })),
      input: Object.entries(inputs).map(([name, shape]) => valueInfo(name, type, shape)),
      output: outputs.map((name) =>
        file.untypedOutputs ? { name } : valueInfo(name, TensorProto_DataType.FLOAT),
      ),
    },
  });
  return toBinary(ModelProtoSchema, model);
}

function valueInfo(
  name: string,
  elemType: number,
  shape?: readonly (number | string)[],
): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = shape?.map((extent) => ({
    value:
      typeof extent === 'string'
        ? { case: 'dimParam' as const, value: extent }
        : { case: 'dimValue' as const, value: BigInt(extent) },
  }));
  return {
    name,
    type: { value: { case: 'tensorType', value: { elemType, ...(dim ? { shape: { dim } } : {}) } } },
  };
}
