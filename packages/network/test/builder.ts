import {
  type Attributes,
  findOperation,
  floatTensor,
  type Network,
  type NetworkInput,
  type Node,
  PROBE_BATCH,
  type Shape,
  sizeOf,
  type Tensor,
} from '../src/index.ts';
import { Random } from './random.ts';

export interface ConvOptions {
  readonly name?: string;
  /** Height and width of the window. Default 3. */
  readonly kernel?: number | readonly [number, number];
  readonly stride?: number;
  /** Default: the extents stay (for stride 1 and an odd kernel). */
  readonly pad?: number;
  readonly dilation?: number;
  readonly group?: number;
  readonly bias?: boolean;
  /** Name of an existing weight instead of a new one. */
  readonly weight?: string;
}

/**
 * Writes networks with random weights in code, node by node. Every method returns the name of the value
 * that it computes; a node is named like its first output.
 */
export class NetworkBuilder {
  readonly random: Random;
  private readonly name: string;
  private readonly inputs: NetworkInput[] = [];
  private readonly nodes: Node[] = [];
  private readonly constants = new Map<string, Tensor>();
  private readonly shapes = new Map<string, Shape>();
  private readonly used = new Map<string, number>();

  constructor(name: string, seed = 1) {
    this.name = name;
    this.random = new Random(seed);
  }

  /** The shape of a value; the batch axis is some large prime. */
  shape(value: string): Shape {
    const shape = this.shapes.get(value);
    if (!shape) throw new Error(`nothing computes "${value}"`);
    return shape;
  }

  /** Channels of a value whose channels lie on axis 1. */
  channels(value: string): number {
    return this.shape(value)[1] ?? 0;
  }

  /** `shape` without the batch axis. */
  input(shape: Shape, name = 'input'): string {
    this.inputs.push({ name, shape: [-1, ...shape] });
    this.shapes.set(name, [PROBE_BATCH, ...shape]);
    return name;
  }

  constant(dims: Shape, values: Float32Array | readonly number[], name = this.unique('constant')): string {
    this.constants.set(name, floatTensor(dims, values));
    this.shapes.set(name, dims);
    return name;
  }

  /** Truth values; some hold. */
  randomMask(dims: Shape): string {
    const name = this.unique('mask');
    const data = Uint8Array.from({ length: sizeOf(dims) }, (_, i) => (i % 3 === 0 ? 1 : 0));
    this.constants.set(name, { dims, data });
    this.shapes.set(name, dims);
    return name;
  }

  /** Random values around zero, or within `range`. */
  randomConstant(dims: Shape, range?: readonly [number, number], name?: string): string {
    const values = range
      ? Float32Array.from({ length: sizeOf(dims) }, () => this.random.between(...range))
      : this.random.values(sizeOf(dims), 0.5);
    return this.constant(dims, values, name);
  }

  /** Any operation with one output. */
  op(op: string, inputs: readonly string[], attributes: Attributes = {}, name?: string): string {
    return this.several(op, inputs, 1, attributes, name)[0] ?? '';
  }

  several(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes: Attributes,
    given?: string,
  ): string[] {
    const name = given ?? this.unique(op.toLowerCase());
    const outputs = Array.from({ length: count }, (_, i) => (i === 0 ? name : `${name}:${i}`));
    const node: Node = { name, op, inputs: [...inputs], outputs, attributes };
    const shapes = findOperation(op)?.shapes(
      node,
      inputs.map((value) => this.shape(value)),
    );
    outputs.forEach((value, i) => {
      this.shapes.set(value, shapes?.[i] ?? []);
    });
    this.nodes.push(node);
    return outputs;
  }

  build(...outputs: string[]): Network {
    const { name, inputs, nodes, constants } = this;
    return { name, inputs, outputs, nodes, constants };
  }

  private unique(stem: string): string {
    const count = (this.used.get(stem) ?? 0) + 1;
    this.used.set(stem, count);
    return `${stem}${count}`;
  }

  conv(x: string, out: number, options: ConvOptions = {}): string {
    const { kernel = 3, stride = 1, dilation = 1, group = 1, bias = false } = options;
    const name = options.name ?? this.unique('conv');
    const [height, width] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
    const around = (extent: number) => options.pad ?? ((extent - 1) * dilation) >> 1;
    const pads = [around(height), around(width), around(height), around(width)];
    const weight = options.weight ?? this.weight(name, [out, this.channels(x) / group, height, width]);
    const attributes = { strides: [stride, stride], pads, dilations: [dilation, dilation], group };
    const inputs = bias ? [x, weight, this.bias(name, out)] : [x, weight];
    return this.op('Conv', inputs, attributes, name);
  }

  depthwise(x: string, options: ConvOptions & { readonly multiplier?: number } = {}): string {
    const channels = this.channels(x);
    return this.conv(x, channels * (options.multiplier ?? 1), { ...options, group: channels });
  }

  convTranspose(x: string, out: number, { name = this.unique('deconv'), group = 1 } = {}): string {
    const weight = this.weight(name, [this.channels(x), out / group, 2, 2]);
    const attributes = {
      strides: [2, 2],
      pads: [0, 0, 0, 0],
      dilations: [1, 1],
      group,
      output_padding: [0, 0],
    };
    return this.op('ConvTranspose', [x, weight, this.bias(name, out)], attributes, name);
  }

  gemm(x: string, out: number, { name = this.unique('fc'), transB = 1, bias = true } = {}): string {
    const from = this.channels(x);
    const weight = this.weight(name, transB ? [out, from] : [from, out], from);
    const inputs = bias ? [x, weight, this.bias(name, out)] : [x, weight];
    return this.op('Gemm', inputs, { transB, alpha: 1, beta: 1 }, name);
  }

  /** A dense layer over the last axis. */
  dense(x: string, out: number, name = this.unique('dense')): string {
    const from = this.shape(x).at(-1) ?? 0;
    return this.op('MatMul', [x, this.weight(name, [from, out], from)], {}, name);
  }

  /** Scaled to the number of summed values, so that activations keep their size. */
  private weight(name: string, dims: Shape, fanIn = sizeOf(dims.slice(1))): string {
    return this.constant(dims, this.random.values(sizeOf(dims), Math.sqrt(2 / fanIn)), `${name}.weight`);
  }

  private bias(name: string, out: number): string {
    return this.randomConstant([out], undefined, `${name}.bias`);
  }

  /** With random statistics, as of a trained network. */
  batchNorm(x: string, name = this.unique('bn')): string {
    const dims = [this.channels(x)];
    const constants = [
      this.randomConstant(dims, [0.5, 1.5], `${name}.scale`),
      this.randomConstant(dims, [-0.5, 0.5], `${name}.shift`),
      this.randomConstant(dims, [-0.5, 0.5], `${name}.mean`),
      this.randomConstant(dims, [0.5, 1.5], `${name}.variance`),
    ];
    return this.op('BatchNormalization', [x, ...constants], { epsilon: 1e-5 }, name);
  }

  relu(x: string, name?: string): string {
    return this.op('Relu', [x], {}, name);
  }

  /** Convolution, BatchNorm, Relu. */
  convBnRelu(x: string, out: number, options: ConvOptions = {}): string {
    return this.relu(this.batchNorm(this.conv(x, out, options)));
  }

  add(a: string, b: string, name?: string): string {
    return this.op('Add', [a, b], {}, name);
  }

  concat(values: readonly string[], name?: string, axis = 1): string {
    return this.op('Concat', values, { axis }, name);
  }

  split(x: string, sizes: readonly number[], name?: string): string[] {
    return this.several('Split', [x], sizes.length, { axis: 1, split: sizes }, name);
  }

  gather(x: string, indices: readonly number[], name?: string): string {
    return this.op('Gather', [x], { axis: 1, indices }, name);
  }

  /** Channel shuffle: [groups, c / groups] transposed. */
  shuffle(x: string, groups: number, name?: string): string {
    const channels = this.channels(x);
    const size = channels / groups;
    const indices = Array.from({ length: channels }, (_, i) => (i % groups) * size + Math.floor(i / groups));
    return this.gather(x, indices, name);
  }

  slice(x: string, axes: readonly number[], bounds: readonly (readonly number[])[], name?: string): string {
    const column = (i: number) => bounds.map((bound) => bound[i] ?? 1);
    return this.op('Slice', [x], { axes, starts: column(0), ends: column(1), steps: column(2) }, name);
  }

  pad(x: string, pads: readonly number[], { mode = 'constant', value = 0, name = '' } = {}): string {
    return this.op('Pad', [x], { pads, mode, value }, name || this.unique('pad'));
  }

  pool(
    op: 'MaxPool' | 'AveragePool',
    x: string,
    kernel: number,
    stride: number,
    pad = 0,
    ceil_mode = 0,
  ): string {
    const window = {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      ceil_mode,
    };
    const own = op === 'MaxPool' ? { dilations: [1, 1] } : { count_include_pad: 0 };
    return this.op(op, [x], { ...window, ...own });
  }

  flatten(x: string): string {
    return this.op('Flatten', [x], { axis: 1 });
  }

  reshape(x: string, shape: Shape): string {
    return this.op('Reshape', [x], { shape });
  }

  transpose(x: string, perm: readonly number[]): string {
    return this.op('Transpose', [x], { perm });
  }

  /** Global pooling and a dense layer. */
  head(x: string, classes: number, name = 'head'): string {
    return this.gemm(this.flatten(this.op('GlobalAveragePool', [x])), classes, { name });
  }
}
