import { create } from '@bufbuild/protobuf';
import { InputError } from '@espalier/errors';
import type { Shape } from '@espalier/network';
import {
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
} from '../onnx/generated/onnx_pb.ts';
import { TENSORFLOW } from '../onnx/normal-form/tensorflow.ts';
import { tensorFields } from '../onnx/tensors.ts';
import { UniqueNames } from '../onnx/unique-names.ts';
import { type AttributeInit, int, text } from './attributes.ts';
import { type Dilation, dilationsOf } from './dilations.ts';
import { type GraphNode, nodeOf } from './node-def.ts';
import { numbersOf, type StoredWeight, tensorOf } from './weights.ts';

type Attributes = Readonly<Record<string, AttributeInit>>;

type Made = readonly [
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Attributes,
  domain?: string,
];

const HANDING_ON = new Set(['Identity', 'Switch']);

/** What a step is called, and whether it is the one that the graph's node is known by. */
interface Called {
  /** Default: after the operation. */
  readonly as?: string;
  /** Its node has the name of the graph's node: weights and reports use it. */
  readonly main?: boolean;
}

/** ONNX nodes while they are made of those of a TensorFlow graph. */
export class Translation {
  readonly nodes: NodeProto[] = [];
  readonly tensors: TensorProto[] = [];
  /** The graph's node that each node was made of, by their names. */
  readonly owners = new Map<string, string>();
  readonly dilations: ReadonlyMap<string, Dilation>;
  private readonly byName: ReadonlyMap<string, GraphNode>;
  private readonly weights: ReadonlyMap<string, StoredWeight>;
  private readonly values: UniqueNames;
  private readonly nodeNames: UniqueNames;
  private readonly used = new Set<string>();
  /** Transposed convolutions by name, and the BiasAdd that is read as a part of them. */
  readonly biases = new Map<string, GraphNode>();
  private readonly readers = new Map<string, GraphNode[]>();
  /** Values that something reads, by their node. */
  private readonly read = new Map<string, Set<string>>();
  private looked = 0;
  private readonly named = new Set<string>();
  private readonly converted = new Map<string, string>();

  /** @param outputs of the graph, which stay values of their own */
  constructor(
    nodes: readonly GraphNode[],
    weights: ReadonlyMap<string, StoredWeight>,
    outputs: ReadonlySet<string>,
  ) {
    this.byName = new Map(nodes.map((node) => [node.name, node]));
    if (this.byName.size < nodes.length) {
      const names = new Set<string>();
      const twice = nodes.find(({ name }) => names.size === names.add(name).size);
      throw new InputError(`two nodes are called "${twice?.name}"`);
    }
    this.weights = weights;
    for (const node of nodes)
      for (const value of node.inputs) this.readers.set(value, [...(this.readers.get(value) ?? []), node]);
    for (const value of nodes.flatMap(({ inputs }) => inputs)) {
      const name = nodeOf(value);
      this.read.set(name, (this.read.get(name) ?? new Set()).add(value));
    }
    this.values = new UniqueNames(nodes.flatMap((node) => [node.name, ...node.inputs]));
    this.nodeNames = new UniqueNames(this.byName.keys());
    for (const node of nodes) {
      const behind =
        node.op === 'Conv2DBackpropInput' && !outputs.has(node.name) ? this.biasBehind(node) : undefined;
      if (behind) this.biases.set(node.name, behind);
    }
    this.dilations = dilationsOf(nodes, (value) => this.constant(value)?.values);
  }

  graphNode(value: string): GraphNode | undefined {
    return this.byName.get(nodeOf(value));
  }

  /** The BiasAdd that alone reads what a node computes, where its bias is a weight. */
  private biasBehind(node: GraphNode): GraphNode | undefined {
    const [behind, ...others] = this.readers.get(node.name) ?? [];
    if (behind?.op !== 'BiasAdd' || others.length > 0 || behind.inputs[0] !== node.name) return undefined;
    return this.weightShape(behind.input(1)) ? behind : undefined;
  }

  /** A value between two steps of a graph's node. */
  step(
    node: GraphNode,
    op: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    called: Called = {},
  ): string {
    const name = this.values.make(`${node.name}/${called.as ?? op}`);
    this.made(node, called.main ? node.name : this.nodeNames.make(name), op, inputs, [name], attributes);
    return name;
  }

  /** The step whose output is that of the graph's node, or the i-th of them. */
  result(
    node: GraphNode,
    op: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    index = 0,
  ): void {
    const name = this.isNamed(node) ? this.nodeNames.make(`${node.name}/${op}`) : node.name;
    this.made(node, name, op, inputs, [node.output(index)], attributes);
  }

  /** A step with several outputs, the names of which are given. */
  results(
    node: GraphNode,
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes = {},
  ) {
    this.made(node, node.name, op, inputs, outputs, attributes);
  }

  /** A node that ONNX has no word for: it has a separate rule, or is refused once something depends on it. */
  own(
    node: GraphNode,
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes = {},
  ) {
    this.made(node, node.name, op, inputs, outputs, attributes, TENSORFLOW);
  }

  /** Values that subgraphs read. */
  uses(...values: readonly string[]): void {
    for (const value of values) this.used.add(value);
  }

  /** Whether yet another node may be looked at, of so many. */
  look(most: number): boolean {
    this.looked++;
    return this.looked <= most;
  }

  /** A node that is refused once something depends on it, and why. */
  refuse(node: GraphNode, why?: string): void {
    const outputs = [...(this.read.get(node.name) ?? []), node.name];
    const attributes = why === undefined ? {} : { why: text(why) };
    this.add(node.name, node.op, node.inputs, [...new Set(outputs)], attributes, TENSORFLOW);
  }

  /** A name for a value that only the translation has. */
  valueName(stem: string): string {
    return this.values.make(stem);
  }

  /** The numbers of a Const, also after an Identity; undefined for what is computed. */
  constant(value: string): { readonly dims: Shape; readonly values: readonly number[] } | undefined {
    const weight = this.weightOf(value);
    return weight && { dims: weight.spec.shape, values: numbersOf(weight) };
  }

  /** The shape of a Const; undefined for what is computed. */
  weightShape(value: string): Shape | undefined {
    return this.weightOf(value)?.spec.shape;
  }

  /** The node that computes a value, if others only hand it on. */
  behindIdentities(value: string): GraphNode | undefined {
    let node = this.graphNode(value);
    for (let i = 0; node && HANDING_ON.has(node.op) && i < this.byName.size; i++)
      node = this.graphNode(node.input(0));
    return node;
  }

  private weightOf(value: string): StoredWeight | undefined {
    const node = this.behindIdentities(value);
    return node?.op === 'Const' ? this.weights.get(node.name) : undefined;
  }

  /** Numbers that decide the form of a node, which the graph must hold as such. */
  list(node: GraphNode, index: number): readonly number[] {
    const values = this.numbers(node, index);
    if (values.every(Number.isSafeInteger)) return values;
    throw node.error(`its input ${index}, "${node.input(index)}", holds what is no whole number`);
  }

  /** The same; undefined where the numbers are computed. */
  known(node: GraphNode, index: number): readonly number[] | undefined {
    return this.weightShape(node.input(index)) && this.list(node, index);
  }

  numbers(node: GraphNode, index: number): readonly number[] {
    const values = this.constant(node.input(index))?.values;
    if (values) return values;
    throw node.error(`its input ${index}, "${node.input(index)}", is computed, and must be a constant`);
  }

  single(node: GraphNode, index: number): number {
    const [value, ...others] = this.list(node, index);
    if (value === undefined || others.length > 0)
      throw node.error(`its input ${index} is not a single number`);
    return value;
  }

  /** A list of whole numbers, in the type that ONNX wants. */
  int64s(stem: string, values: readonly number[], dims: Shape = [values.length]): string {
    return this.tensor(stem, tensorFields(TensorProto_DataType.INT64, { dims, data: values }));
  }

  number(stem: string, value: number): string {
    return this.tensor(stem, tensorFields(TensorProto_DataType.FLOAT, { dims: [], data: [value] }));
  }

  tensor(stem: string, fields: ReturnType<typeof tensorFields>): string {
    const name = this.values.make(stem);
    this.tensors.push(create(TensorProtoSchema, { ...fields, name }));
    return name;
  }

  /** Shapes and indices are int32 in a graph, and int64 for ONNX. */
  asInt64(value: string): string {
    const known = this.converted.get(value);
    if (known !== undefined) return known;
    const name = this.values.make(`${value}/int64`);
    this.converted.set(value, name);
    this.add(this.nodeNames.make(name), 'Cast', [value], [name], { to: int(TensorProto_DataType.INT64) });
    return name;
  }

  /** Whether one of the steps has the name of the graph's node already. */
  isNamed({ name }: GraphNode): boolean {
    return this.named.has(name);
  }

  /** The weights that the nodes read. */
  readWeights(): TensorProto[] {
    return [...this.byName.values()].flatMap(({ name, op }) => {
      if (op !== 'Const' || !this.used.has(name)) return [];
      const weight = this.weights.get(name);
      if (!weight) throw new InputError(`Const "${name}": weightsManifest has no weight of this name`);
      return [create(TensorProtoSchema, { ...tensorOf(weight), name })];
    });
  }

  private made(node: GraphNode, name: string, ...rest: Made): void {
    this.owners.set(name, node.name);
    this.add(name, ...rest);
  }

  private add(
    name: string,
    opType: string,
    input: readonly string[],
    output: readonly string[],
    attributes: Attributes,
    domain = '',
  ): void {
    for (const value of input) this.used.add(value);
    this.named.add(name);
    const attribute = Object.entries(attributes).map(([key, value]) => ({ ...value, name: key }));
    this.nodes.push(
      create(NodeProtoSchema, { name, opType, domain, input: [...input], output: [...output], attribute }),
    );
  }
}

/** How one operation of TensorFlow is said in ONNX. */
export type Rule = (node: GraphNode, to: Translation) => void;
