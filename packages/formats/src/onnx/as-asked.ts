import { create } from '@bufbuild/protobuf';
import { InputError } from '@espalier/errors';
import { sizeOf } from '@espalier/network';
import {
  type GraphProto,
  type NodeProto,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.ts';
import type { GivenShapes, InputShape } from './input-shapes.ts';
import { tensorFields } from './tensors.ts';

/** What a person says of how a file is to be read, apart from what it says itself. */
export interface ReadAs {
  /** Where the file leaves more than the batch open: the size to compute with. Default: that of a preprocessing. */
  readonly input?: readonly InputShape[] | undefined;
  /** Inputs that have one number throughout, by name: what follows from it is folded. */
  readonly set?: Readonly<Record<string, number>> | undefined;
  /** Values that the network ends in, of those that nodes compute. Default: the file's outputs. */
  readonly output?: readonly string[] | undefined;
}

/** With what is known beside it. */
export interface Asked extends ReadAs, GivenShapes {}

/**
 * The graph as it is asked for: inputs with a fixed value are tensors, inner values are inputs or outputs, and what is in
 * front of the former is gone. The graph that was given stays as it is.
 *
 * @throws {InputError} for a name that the file does not have, field `set`, `output` or `input`
 */
export function asAsked(graph: GraphProto, { set = {}, output = [], input = [] }: Asked): GraphProto {
  const inputs = new Map(graph.input.map((info) => [info.name ?? '', info]));
  const makers = new Map(graph.node.flatMap((node) => node.output.map((value) => [value, node] as const)));
  const inner = input.filter(({ name }) => name !== undefined && !inputs.has(name));
  for (const { name = '' } of inner) if (!makers.has(name)) throw noSuch('input', name, inputs.keys());
  for (const name of output) if (!makers.has(name)) throw noSuch('output', name, graph.output.map(nameOf));
  for (const name of Object.keys(set)) if (!inputs.has(name)) throw noSuch('set', name, inputs.keys());
  if (inner.length + output.length + Object.keys(set).length === 0) return graph;
  const asked: GraphProto = {
    ...graph,
    node: graph.node.map((node) => without(node, new Set(inner.map(({ name = '' }) => name)))),
    output: output.length > 0 ? output.map((name) => outputInfo(graph, name)) : graph.output,
    input: [...inner.map(innerInput), ...graph.input.filter(({ name = '' }) => !(name in set))],
    initializer: [
      ...graph.initializer,
      ...Object.entries(set).map(([name, value]) => filledTensor(inputs.get(name), name, value)),
    ],
  };
  return inner.length > 0 ? withReadInputs(asked) : asked;
}

function nameOf({ name = '' }: ValueInfoProto): string {
  return name;
}

function noSuch(field: 'input' | 'output' | 'set', name: string, known: Iterable<string>): InputError {
  const what =
    field === 'output'
      ? 'no node computes'
      : field === 'set'
        ? 'there is no input'
        : 'there is no input or value';
  const names = [...known].map((each) => `"${each}"`).join(', ');
  return new InputError(`${what} "${name}": give one of those of the file, ${names}`, field);
}

/** A node that does not make these values. */
function without(node: NodeProto, values: ReadonlySet<string>): NodeProto {
  if (!node.output.some((value) => values.has(value))) return node;
  return { ...node, output: node.output.map((value) => (values.has(value) ? '' : value)) };
}

function outputInfo(graph: GraphProto, name: string): ValueInfoProto {
  return graph.output.find((info) => info.name === name) ?? create(ValueInfoProtoSchema, { name });
}

/** Its leading axis is the batch. */
function innerInput({ name, shape }: InputShape): ValueInfoProto {
  const dim = shape.map((extent, axis) => ({
    value:
      axis === 0
        ? { case: 'dimParam' as const, value: 'batch' }
        : { case: 'dimValue' as const, value: BigInt(extent) },
  }));
  const value = { elemType: TensorProto_DataType.FLOAT, shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } });
}

/** What the file leaves open of its shape is 1. */
function filledTensor(info: ValueInfoProto | undefined, name: string, value: number) {
  const tensor = info?.type?.value.case === 'tensorType' ? info.type.value.value : undefined;
  const dims = (tensor?.shape?.dim ?? []).map((dim) =>
    dim.value.case === 'dimValue' && dim.value.value > 0n ? Number(dim.value.value) : 1,
  );
  const type = tensor?.elemType ?? TensorProto_DataType.FLOAT;
  const data = new Float64Array(sizeOf(dims)).fill(value);
  return create(TensorProtoSchema, { name, ...tensorFields(type, { dims, data }) });
}

/** Without inputs that nothing reads any more. */
function withReadInputs(graph: GraphProto): GraphProto {
  const needed = new Set(graph.output.map(nameOf));
  const makers = new Map(graph.node.flatMap((node) => node.output.map((value) => [value, node] as const)));
  const waiting = [...needed];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    for (const read of makers.get(value)?.input ?? []) {
      if (needed.has(read)) continue;
      needed.add(read);
      waiting.push(read);
    }
  }
  return { ...graph, input: graph.input.filter(({ name = '' }) => needed.has(name)) };
}
