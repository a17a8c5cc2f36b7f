import { fromBinary } from '@bufbuild/protobuf';
import { InputError } from '@espalier/errors';
import type { NetworkInput } from '@espalier/network';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  TensorProto_DataType,
  type ValueInfoProto,
} from './generated/onnx_pb.ts';
import { dataTypeName, isConverted } from './tensors.ts';

const OPSETS = { lowest: 11, highest: 21 };

/** The parts of a model file that a network is made of, checked as far as they can be without its nodes. */
export interface Model {
  readonly graph: GraphProto;
  readonly opset: number;
  readonly inputs: readonly NetworkInput[];
  /** The batch size of a file that was exported for a single one; the network has any. */
  readonly fixedBatch: number | undefined;
  readonly outputs: readonly string[];
  readonly warnings: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** Throws an InputError for bytes that are no ONNX model, or one of a version that is not supported. */
export function parseModel(bytes: Uint8Array): Model {
  const proto = parse(bytes);
  const graph = proto.graph;
  if (!graph || (graph.node.length === 0 && graph.output.length === 0)) {
    throw new InputError('not an ONNX model: there is no graph in it');
  }
  const opset = opsetOf(proto);
  const initializers = new Set(graph.initializer.map(({ name }) => name));
  const given = graph.input.filter(({ name }) => !initializers.has(name));
  if (graph.node.length === 0) throw new InputError('the graph has no nodes');
  if (given.length === 0) throw new InputError('the graph has no input');
  if (graph.output.length === 0) throw new InputError('the graph has no output');
  const { inputs, fixedBatch } = networkInputs(given);
  return {
    graph,
    opset,
    inputs,
    fixedBatch,
    outputs: graph.output.map(({ name = '' }) => name),
    warnings: given.filter((info) => isConverted(elementType(info))).map(convertedInput),
    metadata: new Map(proto.metadataProps.map(({ key = '', value = '' }) => [key, value])),
  };
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`not an ONNX model: ${reason}; the file is damaged, incomplete or of another kind`);
  }
}

function opsetOf({ opsetImport }: ModelProto): number {
  const standard = opsetImport.find(({ domain = '' }) => domain === '' || domain === 'ai.onnx');
  if (!standard) throw new InputError('the model does not say which ONNX operation set it uses');
  const opset = Number(standard.version ?? 0n);
  const { lowest, highest } = OPSETS;
  if (opset < lowest || opset > highest) {
    throw new InputError(
      `operation set ${opset} of domain "ai.onnx" is not supported; export with one from ${lowest} to ${highest}, or convert it (onnx.version_converter)`,
    );
  }
  return opset;
}

function elementType({ type }: ValueInfoProto): number | undefined {
  return type?.value.case === 'tensorType' ? type.value.value.elemType : undefined;
}

function convertedInput(info: ValueInfoProto): string {
  return `input "${info.name}" is ${dataTypeName(elementType(info))}; the network takes float32`;
}

/** undefined: of any extent, without a name. */
type Extent = number | string | undefined;

function extentsOf({ name = '', type }: ValueInfoProto): readonly Extent[] {
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  const element = tensor?.elemType;
  if (element !== TensorProto_DataType.FLOAT && !isConverted(element)) {
    throw new InputError(
      `input "${name}" is ${tensor ? dataTypeName(element) : 'no tensor'}; export a network that takes float32 images, without the cast in front: how bytes become them says a preprocessing`,
    );
  }
  const extents = tensor?.shape?.dim.map(({ value }): Extent => {
    if (value.case === 'dimValue') return Number(value.value);
    return value.value || undefined;
  });
  if (!extents || extents.length === 0)
    throw new InputError(`input "${name}" has no shape; export it with one`);
  return extents;
}

/** The leading axis is the batch. Where no input leaves it open, the file's batch size is freed. */
function networkInputs(given: readonly ValueInfoProto[]) {
  const extents = new Map(given.map((info) => [info.name ?? '', extentsOf(info)]));
  const leading = [...extents.values()].map(([first]) => first);
  const symbol = leading.find((extent) => typeof extent === 'string');
  const open = leading.some((extent) => typeof extent !== 'number' || extent < 1);
  const fixedBatch = open ? undefined : Number(leading[0]);
  const inputs = [...extents].map(
    ([name, shape]): NetworkInput => ({
      name,
      shape: shape.map((extent, axis) => {
        const follows = axis === 0 ? extent === fixedBatch || !isExtent(extent) : extent === symbol && symbol;
        if (follows) return -1;
        if (isExtent(extent)) return extent;
        const called = typeof extent === 'string' ? ` ("${extent}")` : '';
        throw new InputError(
          `input "${name}" leaves axis ${axis}${called} open; export it for one image size`,
        );
      }),
    }),
  );
  return { inputs, fixedBatch };
}

function isExtent(extent: Extent): extent is number {
  return typeof extent === 'number' && Number.isSafeInteger(extent) && extent > 0;
}
