import {
  inferShapes,
  type Network,
  type Node,
  PROBE_BATCH,
  type Shape,
  sizeOf,
  type Tensor,
} from '@espalier/network';
import { stepping } from '../folding/elementwise.ts';
import { moved, placed } from './rules.ts';

/** A value that is another one with its axes in another order. */
interface Turned {
  readonly source: string;
  /** Axis i of the value is axis `perm[i]` of the source. */
  readonly perm: readonly number[];
  /** What it is called where it is needed as such. */
  readonly node: string;
}

export interface Names {
  value(stem: string): string;
  node(stem: string): string;
}

/** How a network's values and nodes differ in the order of their axes from what the Transposes were removed of. */
export interface Turns {
  /** Values of the file by what they are now: axis i of the file's is axis `perm[i]` of `source`. */
  readonly values: ReadonlyMap<string, { readonly source: string; readonly perm: readonly number[] }>;
  /** By the names of nodes that work on another order of axes now: axis i was axis `perm[i]`'s place before. */
  readonly nodes: ReadonlyMap<string, readonly number[]>;
}

export interface Sunk {
  readonly network: Network;
  /** Undefined where nothing was removed. */
  readonly turns: Turns | undefined;
}

/**
 * Transposes move after what works on any order of axes, until they meet one that undoes them: between convolutions of
 * a network with its channels last (Keras, TensorFlow) none is left. A network that does not get rid of any stays as it
 * is.
 */
export function sinkTransposes(network: Network, names: Names): Sunk {
  const asGiven = { network, turns: undefined };
  if (!network.nodes.some(({ op }) => op === 'Transpose')) return asGiven;
  const sinking = new Sinking(network, names);
  const sunk = sinking.run();
  const count = ({ nodes }: Network) => nodes.filter(({ op }) => op === 'Transpose').length;
  return count(sunk) + sinking.respelt < count(network) ? { network: sunk, turns: sinking.turns() } : asGiven;
}

class Sinking {
  /** Transposes that move nothing, and are Reshapes now. */
  respelt = 0;
  private readonly network: Network;
  private readonly names: Names;
  private readonly shapes: Map<string, Shape>;
  private readonly nodes: Node[] = [];
  private readonly constants: Map<string, Tensor>;
  private readonly turned = new Map<string, Turned>();
  /** Values that are others, after two Transposes. */
  private readonly same = new Map<string, string>();
  /** Turned values that a node computes. */
  private readonly made = new Set<string>();
  private readonly derived = new Map<string, string>();
  private readonly turnedNodes = new Map<string, readonly number[]>();

  constructor(network: Network, names: Names) {
    this.network = network;
    this.names = names;
    this.shapes = inferShapes(network, PROBE_BATCH);
    this.constants = new Map(network.constants);
  }

  run(): Network {
    for (const node of this.network.nodes) {
      const inputs = node.inputs.map((value) => this.same.get(value) ?? value);
      if (node.op === 'Transpose' && !this.constants.has(inputs[0] ?? '')) this.turn(node, inputs[0] ?? '');
      else if (!this.sink({ ...node, inputs })) {
        for (const value of inputs) this.make(value);
        this.nodes.push({ ...node, inputs });
      }
    }
    for (const output of this.network.outputs) {
      this.make(output);
      const value = this.same.get(output);
      if (value === undefined) continue;
      const name = this.names.node(output);
      this.nodes.push({ name, op: 'Identity', inputs: [value], outputs: [output], attributes: {} });
    }
    return { ...this.network, nodes: this.nodes, constants: this.constants };
  }

  turns(): Turns {
    const plain = (source: string): Omit<Turned, 'node'> => ({
      source,
      perm: this.shape(source).map((_, axis) => axis),
    });
    const values = new Map([...this.same].map(([value, source]) => [value, plain(source)]));
    for (const [value, turned] of this.turned) values.set(value, turned);
    return { values, nodes: this.turnedNodes };
  }

  private shape(value: string): Shape {
    return this.shapes.get(value) ?? [];
  }

  private turn({ name, attributes, outputs: [output = ''] }: Node, input: string): void {
    const own = Array.isArray(attributes.perm) ? (attributes.perm as readonly number[]) : [];
    const before = this.turned.get(input);
    const perm = before ? own.map((axis) => before.perm[axis] ?? 0) : own;
    const source = before?.source ?? input;
    if (perm.every((axis, i) => axis === i)) this.same.set(output, source);
    else if (keepsOrder(this.shape(source), perm)) {
      this.respelt++;
      this.reshape(source, this.shape(output), name, output);
    } else this.turned.set(output, { source, perm, node: name });
  }

  private reshape(input: string, shape: Shape, name: string, output: string): void {
    const attributes = { shape: shape.map((extent) => (extent % PROBE_BATCH === 0 ? -1 : extent)) };
    this.nodes.push({ name, op: 'Reshape', inputs: [input], outputs: [output], attributes });
  }

  /** Whether the node now is before the Transposes of its inputs. */
  private sink(node: Node): boolean {
    const perm = node.inputs.map((value) => this.turned.get(value)?.perm).find((each) => each !== undefined);
    if (!perm || node.opaque) return false;
    const rule = moved(node, perm);
    // All of one rank, or broadcast to it.
    if (!rule || node.outputs.some((value) => this.shape(value).length !== rule.perm.length)) return false;
    if (!node.inputs.every((value) => this.canTurn(value, perm))) return false;
    const inputs = node.inputs.map((value) => this.inOrder(value, perm, node.op !== 'Concat'));
    const isPlain = rule.perm.every((axis, i) => axis === i);
    const outputs = isPlain ? node.outputs : node.outputs.map((value) => this.names.value(`${value}/turned`));
    this.nodes.push({ ...node, inputs, outputs, attributes: rule.attributes });
    this.turnedNodes.set(node.name, perm);
    if (isPlain) return true;
    node.outputs.forEach((value, i) => {
      const source = outputs[i] ?? '';
      this.shapes.set(source, placed(this.shape(value), rule.perm));
      this.turned.set(value, { source, perm: rule.perm, node: `${value}/Transpose` });
    });
    return true;
  }

  private canTurn(value: string, perm: readonly number[]): boolean {
    const turned = this.turned.get(value);
    if (turned) return `${turned.perm}` === `${perm}`;
    const shape = this.shape(value);
    if (this.constants.has(value)) return shape.length <= perm.length;
    return shape.length === perm.length && keepsOrder(placed(shape, perm), perm);
  }

  /** The value with its axes in the order that they have at the source. */
  private inOrder(value: string, perm: readonly number[], broadcasts: boolean): string {
    const turned = this.turned.get(value);
    if (turned) return turned.source;
    const constant = this.constants.get(value);
    if (constant?.data.length === 1 && broadcasts) return value;
    const key = `${value} ${perm} ${broadcasts}`;
    const known = this.derived.get(key);
    if (known !== undefined) return known;
    const name = this.names.value(`${value}/turned`);
    this.derived.set(key, name);
    const lifted = [
      ...new Array<number>(perm.length - this.shape(value).length).fill(1),
      ...this.shape(value),
    ];
    const shape = placed(lifted, perm);
    this.shapes.set(name, shape);
    if (constant) this.constants.set(name, turnedConstant({ ...constant, dims: lifted }, perm, broadcasts));
    else this.reshape(value, shape, this.names.node(name), name);
    return name;
  }

  /** Computes a value that is needed as it is. */
  private make(value: string): void {
    const turned = this.turned.get(value);
    if (!turned || this.made.has(value)) return;
    this.made.add(value);
    const { source, perm, node } = turned;
    const name = node.endsWith('/Transpose') ? this.names.node(node) : node;
    this.nodes.push({ name, op: 'Transpose', inputs: [source], outputs: [value], attributes: { perm } });
  }
}

/** Whether nothing moves in memory: the axes that are longer than one stay in their order. */
function keepsOrder(shape: Shape, perm: readonly number[]): boolean {
  const long = perm.filter((axis) => shape[axis] !== 1);
  return long.every((axis, i) => i === 0 || axis > (long[i - 1] ?? 0));
}

/** @param broadcasts whether leading axes of extent 1 may be left out */
function turnedConstant(
  { dims, data, ...rest }: Tensor,
  perm: readonly number[],
  broadcasts: boolean,
): Tensor {
  const order = placed(
    perm.map((_, i) => i),
    perm,
  );
  const shape = placed(dims, perm);
  const short = broadcasts ? shape.slice(shape.findIndex((extent) => extent !== 1)) : shape;
  // The same memory where nothing moves, by which it is known to be the same parameter.
  if (keepsOrder(dims, order)) return { ...rest, dims: short, data };
  const strides = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
  const at = stepping(
    shape,
    order.map((axis) => strides[axis] ?? 0),
  );
  const values = data.slice();
  for (let i = 0; i < values.length; i++) values[i] = data[at(i)] as never;
  return { ...rest, dims: short, data: values };
}
