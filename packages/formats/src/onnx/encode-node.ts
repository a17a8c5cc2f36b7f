import { create } from '@bufbuild/protobuf';
import type { Attributes, AttributeValue, Node } from '@espalier/network';
import { attributeType } from './attribute-types.ts';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
} from './generated/onnx_pb.ts';

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
  /** Attributes that are not written as such. */
  readonly moved: readonly string[];
  /** All inputs; an empty name stands for one that is left out. */
  inputs(node: Node, operands: Operands): readonly string[];
}

/** The operation set that the form of an operation needs, where it is not in the one we write by default. */
const since: Readonly<Record<string, number>> = { GroupNormalization: 21, Gelu: 20, Mish: 18 };

/** The lowest operation set from `lowest` on that has all of these operations in the form we write. */
export function opsetFor(nodes: readonly Node[], lowest: number): number {
  return nodes.reduce((opset, { op }) => Math.max(opset, since[op] ?? 0), lowest);
}

export function encodeNode(node: FileNode, opset: number, operands: Operands): NodeProto {
  const form = node.domain ? undefined : formOf(node.op, opset);
  const inputs = [...(form?.inputs(node, operands) ?? node.inputs)];
  while (inputs.at(-1) === '') inputs.pop();
  return create(NodeProtoSchema, {
    name: node.name,
    opType: node.op,
    domain: node.domain ?? '',
    input: inputs,
    output: [...node.outputs],
    attribute: Object.entries(node.attributes)
      .filter(([name, value]) => value !== undefined && !form?.moved.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => encodeAttribute(node, name, value as AttributeValue)),
  });
}

function formOf(op: string, opset: number): Form | undefined {
  if (op === 'ReduceSum') return axesInput;
  if (op === 'ReduceMean' || op === 'ReduceMax') return opset >= 18 ? axesInput : undefined;
  return forms[op];
}

/** Lists of numbers that are inputs behind the node's own, in this order. */
function listInputs(...moved: readonly string[]): Form {
  return {
    moved,
    inputs: (node, { ints }) => [...node.inputs, ...moved.map((name) => ints(name, numbers(node, name)))],
  };
}

const axesInput = listInputs('axes');

const forms: Readonly<Record<string, Form>> = {
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
  Reshape: listInputs('shape'),
  Resize: {
    moved: ['scales'],
    inputs: (node, { floats }) => [...node.inputs, '', floats('scales', numbers(node, 'scales'))],
  },
  Slice: listInputs('starts', 'ends', 'axes', 'steps'),
  Split: listInputs('split'),
};

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
  const { FLOAT, INT, INTS, STRING } = AttributeProto_AttributeType;
  if (type === 'int' && typeof value !== 'object') return { type: INT, i: BigInt(Number(value)) };
  if (type === 'float' && typeof value === 'number') return { type: FLOAT, f: value };
  if (type === 'string' && typeof value === 'string') {
    return { type: STRING, s: new TextEncoder().encode(value) };
  }
  if (type === 'ints' && Array.isArray(value)) return { type: INTS, ints: value.map(BigInt) };
  throw new Error(`attribute "${name}" of ${node.op} "${node.name}" cannot be written: ${value}`);
}
