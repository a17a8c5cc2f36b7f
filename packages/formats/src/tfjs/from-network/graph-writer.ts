import { InputError } from '@espalier/errors';
import {
  type FloatTensor,
  inferShapes,
  type Network,
  type Node,
  named,
  PROBE_BATCH,
  type Shape,
  sizeOf,
  type Tensor,
} from '@espalier/network';
import { transposed } from '../../onnx/folding/layout.ts';
import { UniqueNames } from '../../onnx/unique-names.ts';
import { attr } from '../graph-attributes.ts';
import type { NodeDef } from '../node-def.ts';
import type { StoredWeight } from '../weights.ts';
import { floatWeight, intWeight } from './new-weights.ts';

/** The order of a value's axes: as the network has them, or with the channels of four axes last, as TensorFlow has them. */
export type Order = 'first' | 'last';

const FLOAT = attr.type('DT_FLOAT');
export const TO_LAST = [0, 2, 3, 1];
const TO_FIRST = [0, 3, 1, 2];

/** Where an axis of the network is in this order. */
export function axisIn(order: Order, axis: number): number {
  return order === 'first' ? axis : TO_LAST.indexOf(axis);
}

/** One entry for each axis, in this order. */
export function axesIn<T>(order: Order, perAxis: readonly T[]): T[] {
  return order === 'first' ? [...perAxis] : TO_LAST.flatMap((axis) => perAxis[axis] ?? []);
}

/** What the graph calls a value, in each order that it is there in, and the order that it was computed in. */
interface Forms {
  readonly home: Order;
  first?: string;
  last?: string;
}

/**
 * Nodes of a TensorFlow graph while they are made of a network's. A value stays in the order of axes that it was
 * computed in, and is turned where something first asks for the other one: a chain of convolutions is never turned.
 */
export class GraphWriter {
  readonly nodes: NodeDef[] = [];
  readonly weights = new Map<string, StoredWeight>();
  private readonly network: Network;
  private readonly names = new UniqueNames();
  private readonly own = new Map<string, string>();
  private readonly forms = new Map<string, Forms>();
  private readonly kept = new Map<string, string>();
  private readonly readers = new Map<string, Node[]>();
  private readonly over = new Set<Node>();
  private readonly shapes: ReadonlyMap<string, Shape>;
  private readonly twice: ReadonlyMap<string, Shape>;

  constructor(network: Network) {
    this.network = network;
    this.shapes = inferShapes(network, PROBE_BATCH);
    this.twice = inferShapes(network, 2 * PROBE_BATCH);
    for (const node of network.nodes)
      for (const value of new Set(node.inputs))
        this.readers.set(value, [...(this.readers.get(value) ?? []), node]);
    const values = [
      ...network.inputs.map(({ name }) => name),
      ...network.outputs,
      ...network.nodes.flatMap(({ outputs }) => outputs),
    ];
    for (const value of new Set(values)) this.own.set(value, this.names.make(graphName(value)));
  }

  /** The node that a value of the network is. */
  nameOf(value: string): string {
    return this.own.get(value) ?? value;
  }

  refusal(node: Node, why: string): InputError {
    return new InputError(
      `${named(node)} cannot be written for TensorFlow.js: ${why}; end before it (--output), or keep the network as ONNX`,
    );
  }

  /** In the network's order of axes; -1 stands for what follows the batch. */
  shape(value: string): Shape {
    const twice = this.twice.get(value) ?? [];
    return (this.shapes.get(value) ?? []).map((extent, axis) => (extent === twice[axis] ? extent : -1));
  }

  isConstant(value: string): boolean {
    return this.network.constants.has(value);
  }

  /** The numbers of a constant; undefined for what is computed. */
  numbers(value: string): FloatTensor | undefined {
    const tensor = this.network.constants.get(value);
    return tensor?.data instanceof Float32Array ? { ...tensor, data: tensor.data } : undefined;
  }

  /** The numbers of a weight that must be a constant. */
  weightOf(node: Node, index: number): FloatTensor {
    const numbers = this.numbers(node.inputs[index] ?? '');
    if (numbers) return numbers;
    throw this.refusal(node, `its input "${node.inputs[index]}" is computed, and must be a weight`);
  }

  /**
   * The node that alone reads what this one computes, where it is one that is said together with it; it is over then.
   *
   * @param fits which are
   */
  fusedInto(
    { outputs: [value = ''] }: Pick<Node, 'outputs'>,
    fits: (behind: Node) => unknown,
  ): Node | undefined {
    const [behind, ...others] = this.readers.get(value) ?? [];
    if (!behind || others.length > 0 || this.network.outputs.includes(value) || !fits(behind))
      return undefined;
    this.over.add(behind);
    return behind;
  }

  /** Whether a node is said already. */
  isOver(node: Node): boolean {
    return this.over.has(node);
  }

  /** The order that a value is to be had in at no cost. */
  home(value: string): Order {
    return this.forms.get(value)?.home ?? 'first';
  }

  in(value: string, order: Order): string {
    const forms = this.forms.get(value);
    if (!forms) return this.constant(value, order);
    // A single number has no order.
    const there = forms[order] ?? (this.shape(value).length === 4 ? undefined : forms.first);
    if (there !== undefined) return there;
    const isOutput = this.network.outputs.includes(value);
    const own = this.nameOf(value);
    const name = order === 'first' && isOutput ? own : this.names.make(`${own}/${order}`);
    const perm = order === 'last' ? TO_LAST : TO_FIRST;
    const from = forms[forms.home] ?? own;
    this.add('Transpose', [from, this.ints(perm)], name, { Tperm: attr.type('DT_INT32') });
    forms[order] = name;
    return name;
  }

  /** A node whose output is a value of the network, in this order of axes. */
  define(
    value: string,
    order: Order,
    op: string,
    inputs: readonly string[],
    attributes: NodeDef['attr'] = {},
  ): void {
    const own = this.nameOf(value);
    const isTurned = order === 'last' && this.network.outputs.includes(value);
    const name = isTurned ? this.names.make(`${own}/last`) : own;
    this.add(op, inputs, name, attributes);
    this.forms.set(value, { home: order, [order]: name });
  }

  /** A value of the network that the graph has already. */
  alias(value: string, order: Order, name: string): void {
    this.forms.set(value, { home: order, [order]: name });
  }

  /** A node between. */
  step(
    node: Pick<Node, 'name'>,
    op: string,
    inputs: readonly string[],
    attributes: NodeDef['attr'] = {},
  ): string {
    const name = this.names.make(`${graphName(node.name)}/${op}`);
    this.add(op, inputs, name, attributes);
    return name;
  }

  /** The network's outputs under their names. */
  finish(): void {
    for (const value of new Set(this.network.outputs)) {
      const at = this.in(value, 'first');
      const own = this.nameOf(value);
      if (at !== own && !this.nodes.some(({ name }) => name === own)) this.add('Identity', [at], own, {});
    }
  }

  input(value: string, type: string, shape: Shape): void {
    const name = this.nameOf(value);
    this.nodes.push({
      name,
      op: 'Placeholder',
      input: [],
      attr: { dtype: attr.type(type), shape: attr.shape(shape) },
    });
    this.forms.set(value, { home: 'first', first: name });
  }

  /** Whole numbers: axes, shapes, paddings. The same list is there once. */
  ints(values: readonly number[], shape: Shape = [values.length]): string {
    return this.once(`ints ${shape}:${values}`, () => this.weight('list', intWeight(values, shape)));
  }

  number(value: number): string {
    return this.once(`number ${value}`, () =>
      this.weight('number', floatWeight({ dims: [], data: Float32Array.of(value) })),
    );
  }

  /** Numbers that only the graph has. */
  table(stem: string, { dims, data }: FloatTensor): string {
    return this.weight(graphName(stem), floatWeight({ dims, data }));
  }

  /**
   * A weight that is made of one of the network's, and kept in the type that the network's is kept in.
   *
   * @param of the network's constant
   * @param how tells one thing that is made of it from another
   */
  made(of: string, how: string, make: () => Tensor): string {
    return this.once(`${how} ${of}`, () => {
      const tensor = make();
      const data = Float32Array.from(tensor.data as Float32Array);
      return this.weight(graphName(of), floatWeight({ ...tensor, data }, this.network.stored?.get(of)));
    });
  }

  private constant(value: string, order: Order): string {
    const tensor = this.network.constants.get(value);
    if (!tensor) throw new Error(`nothing computes "${value}"`);
    const data = Float32Array.from(tensor.data as Float32Array, Number);
    if (order === 'first' || sizeOf(tensor.dims) === 1)
      return this.made(value, 'as it is', () => ({ ...tensor, data }));
    const lifted = [...Array.from({ length: 4 - tensor.dims.length }, () => 1), ...tensor.dims];
    return this.made(value, 'last', () => turned({ dims: lifted, data }, TO_LAST));
  }

  private weight(stem: string, { spec, bytes }: StoredWeight): string {
    const name = this.names.make(stem);
    this.weights.set(name, { spec: { ...spec, name }, bytes });
    return name;
  }

  private once(key: string, make: () => string): string {
    const name = this.kept.get(key) ?? make();
    this.kept.set(key, name);
    return name;
  }

  private add(op: string, input: readonly string[], name: string, attributes: NodeDef['attr']): void {
    this.nodes.push({ name, op, input: [...input], attr: { T: FLOAT, ...attributes } });
  }
}

/** A tensor with its axes in another order. */
export function turned({ dims, data }: Tensor, perm: readonly number[]): Tensor {
  const moved = transposed({ kind: 'float', dims, data: data as Float32Array }, perm);
  return { dims: moved.dims, data: moved.data as Float32Array };
}

/** Names of nodes have no other characters; a colon would are before the number of an output. */
function graphName(name: string): string {
  const own = name.replaceAll(/[^A-Za-z0-9_.\-/]/g, '_');
  return /^[A-Za-z0-9.]/.test(own) ? own : `node${own}`;
}
