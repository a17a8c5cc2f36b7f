import { create, fromBinary } from '@bufbuild/protobuf';
import type { Attributes, AttributeValue, Node, Opaque } from '@espalier/network';
import { attributeType } from './attribute-types.ts';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
} from './generated/onnx_pb.ts';
import { renameCaptured } from './opaque/subgraphs.ts';

/** A node of the standard's operations, or of a runtime's own under the name of their domain. */
export interface FileNode extends Node {
  readonly domain?: string | undefined;
}

/** Adds a constant that only the file needs (a reshape's target, pads, ...) and returns its name. */
export interface Operands {
  ints(stem: string, values: readonly number[]): string;
  floats(stem: string, values: readonly number[]): string;
  /** A single value, without axes. */
  float(stem: string, value: number): string;
}

/** How an operation is spelled in a file: which attributes become inputs, in which place. */
interface Form {
  /** Default: its own. */
  readonly op?: string;
  /** Attributes that only files have. */
  readonly added?: Attributes;
  /** Attributes that are not written as such. */
  readonly moved: readonly string[];
  /** All inputs; an empty name stands for one that is left out. */
  inputs(node: Node, operands: Operands): readonly string[];
}

/** The operation set that the form of an operation needs, where it is not in the one we write by default. */
const since: Readonly<Record<string, number>> = { GroupNormalization: 21, Gelu: 20, Mish: 18 };

function sinceOf({ op, attributes }: FileNode): number {
  return op === 'Resize' && attributes.antialias ? 18 : (since[op] ?? 0);
}

/**
 * The operation set of each domain that the nodes are written in. Those without a rule are as their file has them, and
 * so are all others then; else it is the lowest from `lowest` on that has all of them in the form we write.
 */
export function versionsOf(nodes: readonly FileNode[], lowest: number): Readonly<Record<string, number>> {
  const versions: Record<string, number> = {};
  for (const { domain, opaque } of nodes) {
    if (domain) versions[domain] = 1;
    if (opaque) versions[opaque.domain] = opaque.version;
  }
  const standard = nodes.filter(({ domain, opaque }) => !domain && !opaque);
  const opset = standard.reduce((most, node) => Math.max(most, sinceOf(node)), lowest);
  return { '': opset, ...versions };
}

export function encodeNode(node: FileNode, opset: number, operands: Operands): NodeProto {
  if (node.opaque) return encodeOpaque(node, node.opaque);
  const form = node.domain ? undefined : formOf(node.op, opset);
  const inputs = [...(form?.inputs(node, operands) ?? node.inputs)];
  while (inputs.at(-1) === '') inputs.pop();
  return create(NodeProtoSchema, {
    name: node.name,
    opType: form?.op ?? node.op,
    domain: node.domain ?? '',
    input: inputs,
    output: [...node.outputs],
    attribute: Object.entries({ ...node.attributes, ...form?.added })
      .filter(([name, value]) => value !== undefined && !form?.moved.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => encodeAttribute(node, name, value as AttributeValue)),
  });
}

function formOf(op: string, opset: number): Form | undefined {
  if (op.startsWith('Reduce') && opset < (op === 'ReduceSum' ? 13 : 18)) return undefined;
  const older = olderForms[op];
  return older && opset < older.until ? older.form(opset) : forms[op];
}

/** Lists of numbers that are inputs after the node's own, in this order. */
function listInputs(...moved: readonly string[]): Form {
  return {
    moved,
    inputs: (node, { ints }) => [...node.inputs, ...moved.map((name) => ints(name, numbers(node, name)))],
  };
}

const axesInput = listInputs('axes');

const forms: Readonly<Record<string, Form>> = {
  Cast: { moved: [], added: { to: TensorProto_DataType.FLOAT }, inputs: ({ inputs }) => inputs },
  Clip: {
    moved: ['min', 'max'],
    inputs: (node, operands) => [...node.inputs, bound(node, 'min', operands), bound(node, 'max', operands)],
  },
  Gather: listInputs('indices'),
  Pad: {
    moved: ['pads', 'value'],
    inputs: (node, { ints, float }) => [
      ...node.inputs,
      ints('pads', numbers(node, 'pads')),
      float('value', number(node, 'value')),
    ],
  },
  ReduceMax: axesInput,
  ReduceMean: axesInput,
  ReduceSum: axesInput,
  Reshape: listInputs('shape'),
  Resize: {
    moved: ['roi', 'scales'],
    inputs: (node, { floats }) => [
      ...node.inputs,
      node.attributes.roi === undefined ? '' : floats('roi', numbers(node, 'roi')),
      floats('scales', numbers(node, 'scales')),
    ],
  },
  Slice: listInputs('starts', 'ends', 'axes', 'steps'),
  Split: listInputs('split'),
};

/** Everything is an attribute, but for those that the operation set does not know. */
const attributesWithout = (...moved: readonly string[]): Form => ({ moved, inputs: ({ inputs }) => inputs });

/** How it was before an operation set: a file that holds an operation without a rule is written in its own. */
const olderForms: Readonly<Record<string, { readonly until: number; form(opset: number): Form }>> = {
  AveragePool: { until: 10, form: () => attributesWithout('ceil_mode') },
  Clip: { until: 11, form: () => attributesWithout() },
  MaxPool: {
    until: 10,
    form: () => attributesWithout('ceil_mode', 'dilations'),
  },
  Pad: { until: 11, form: () => attributesWithout() },
  Resize: {
    until: 11,
    form: (opset) => ({
      op: opset < 10 ? 'Upsample' : 'Resize',
      moved: [
        ...['coordinate_transformation_mode', 'cubic_coeff_a', 'exclude_outside', 'nearest_mode'],
        ...(opset < 9 ? [] : ['scales']),
      ],
      inputs: (node, { floats }) =>
        opset < 9 ? node.inputs : [...node.inputs, floats('scales', numbers(node, 'scales'))],
    }),
  },
  Slice: { until: 10, form: () => attributesWithout('steps') },
  Split: { until: 13, form: () => attributesWithout() },
};

function encodeOpaque(node: Node, { op, domain, attributes, places, captured }: Opaque): NodeProto {
  const input: string[] = [];
  places.forEach((place, i) => {
    while (input.length < place) input.push('');
    input.push(node.inputs[i] ?? '');
  });
  const attribute = attributes.map((bytes) => fromBinary(AttributeProtoSchema, bytes));
  const values = node.inputs.slice(places.length);
  renameCaptured(attribute, new Map(captured.map((name, i) => [name, values[i] ?? name])));
  return create(NodeProtoSchema, {
    name: node.name,
    opType: op,
    domain,
    input,
    output: [...node.outputs],
    attribute,
  });
}

function bound(node: Node, name: 'min' | 'max', { float }: Operands): string {
  return node.attributes[name] === undefined ? '' : float(name, number(node, name));
}

function numbers({ op, name, attributes }: Node, attribute: string): readonly number[] {
  const value = attributes[attribute];
  if (!Array.isArray(value)) throw new Error(`${op} "${name}" has no list of numbers "${attribute}"`);
  return value;
}

function number({ op, name, attributes }: Node, attribute: string): number {
  const value = attributes[attribute];
  if (typeof value !== 'number') throw new Error(`${op} "${name}" has no number "${attribute}"`);
  return value;
}

function encodeAttribute(node: Node, name: string, value: AttributeValue): AttributeProto {
  return create(AttributeProtoSchema, { name, ...typedValue(node, name, value) });
}

function typedValue(node: Node, name: string, value: Attributes[string]) {
  const type = attributeType(name);
  const { FLOAT, FLOATS, INT, INTS, STRING } = AttributeProto_AttributeType;
  if (type === 'int' && typeof value !== 'object') return { type: INT, i: BigInt(Number(value)) };
  if (type === 'float' && typeof value === 'number') return { type: FLOAT, f: value };
  if (type === 'string' && typeof value === 'string') {
    return { type: STRING, s: new TextEncoder().encode(value) };
  }
  if (type === 'ints' && Array.isArray(value)) return { type: INTS, ints: value.map(BigInt) };
  if (type === 'floats' && Array.isArray(value)) return { type: FLOATS, floats: [...value] };
  throw new Error(`attribute "${name}" of ${node.op} "${node.name}" cannot be written: ${value}`);
}
