import { encodeGraph, type FileNode, type FileValue } from '@espalier/formats';
import {
  type Attributes,
  type DataType,
  type FloatTensor,
  floatTensor,
  type Node,
  namedNode,
  reachable,
  type Shape,
  type Tensor,
} from '@espalier/network';

import { fuse } from './optimise.ts';

/**
 * A value of a graph that is being built. The batch size is fixed, so every extent is known.
 *
 * `plain`: row-major, as ONNX has it. `blocked`: [n, c, h, w] kept as [n][c / block][h][w][block], which is
 * what ONNX Runtime's fast convolutions work on; channels are filled up to whole blocks.
 */
export interface Value {
  readonly name: string;
  /** Without filled-up channels. */
  readonly dims: Shape;
  readonly layout: 'plain' | 'blocked';
}

interface NodeOptions {
  readonly domain?: string;
  readonly layout?: Value['layout'];
}

/** Collects the nodes of a graph with fixed shapes, in an order in which they can run. */
export class GraphBuilder {
  /** Channels a block of the blocked layout; 0 where the runtime has none. */
  readonly block: number;
  private readonly nodes: FileNode[] = [];
  private readonly inputs: FileValue[] = [];
  private readonly outputs: FileValue[] = [];
  private readonly constants = new Map<string, Tensor>();
  private readonly known = new Map<string, Value>();
  private readonly scalars = new Map<number, Value>();
  private count = 0;

  constructor(options: { readonly block: number }) {
    this.block = options.block;
  }

  input(name: string, dims: Shape, type?: DataType): Value {
    this.inputs.push({ name, shape: dims, type });
    return { name, dims, layout: 'plain' };
  }

  /** @param shape where it is not known beforehand */
  output(name: string, value: Value, shape: FileValue['shape'] = value.dims): void {
    this.nodes.push(namedNode('Identity', [value.name], name));
    this.outputs.push({ name, shape });
  }

  constant(tensor: Tensor): Value {
    const name = this.fresh('constant');
    this.constants.set(name, tensor);
    return { name, dims: tensor.dims, layout: 'plain' };
  }

  /** A number that is broadcast. */
  scalar(value: number): Value {
    const known = this.scalars.get(value);
    if (known) return known;
    const made = this.constant(floatTensor([], [value]));
    this.scalars.set(value, made);
    return made;
  }

  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    dims: Shape,
    attributes: Attributes = {},
    options: NodeOptions = {},
  ): Value {
    const [value] = this.nodeWithOutputs(op, inputs, [dims], attributes, options);
    if (!value) throw new Error(`${op} has no output`);
    return value;
  }

  nodeWithOutputs(
    op: string,
    inputs: readonly (Value | undefined)[],
    dims: readonly Shape[],
    attributes: Attributes = {},
    { domain, layout = 'plain' }: NodeOptions = {},
  ): Value[] {
    const name = this.fresh(op);
    const outputs = dims.map((_, i) => (i === 0 ? name : `${name}.${i}`));
    const names = inputs.map((value) => value?.name ?? '');
    this.nodes.push({ name, op, inputs: names, outputs, attributes, domain });
    return dims.map((each, i) => ({ name: outputs[i] ?? name, dims: each, layout }));
  }

  /** A node without a rule, with these inputs and outputs in place of its own. */
  opaque(node: Node, inputs: readonly Value[], dims: readonly Shape[]): Value[] {
    const name = this.fresh(node.op);
    const outputs = dims.map((_, i) => `${name}.${i}`);
    this.nodes.push({ ...node, name, inputs: inputs.map((value) => value.name), outputs });
    return dims.map((each, i) => ({ name: outputs[i] ?? name, dims: each, layout: 'plain' }));
  }

  /** Makes a value once, whoever asks for it: `key` says what it is. */
  once(key: string, make: () => Value): Value {
    const known = this.known.get(key);
    if (known) return known;
    const made = make();
    this.known.set(key, made);
    return made;
  }

  /** The graph as an ONNX file. */
  encode(name: string): Uint8Array {
    const { inputs, outputs } = this;
    // Rules may add nodes for gradients that nobody asked for.
    const needed = reachable(
      this.nodes,
      outputs.map((output) => output.name),
    );
    const nodes = fuse(needed);
    const read = new Set(nodes.flatMap((node) => node.inputs));
    const constants = new Map([...this.constants].filter(([constant]) => read.has(constant)));
    return encodeGraph({ name, nodes, inputs, outputs, constants });
  }

  private fresh(stem: string): string {
    return `${stem}_${this.count++}`;
  }
}

/** A float32 constant of one repeated value. */
export function filled(dims: Shape, value: number): FloatTensor {
  return floatTensor(dims, new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(value));
}
