import type { Attributes, Network, Node } from '../network.ts';
import type { ConvAttributes } from '../ops/conv.ts';
import type { GemmAttributes } from '../ops/gemm.ts';
import { operationOf } from '../ops/index.ts';
import type { PoolAttributes } from '../ops/pool.ts';
import { floatTensor, type Shape, sizeOf, type Tensor } from '../tensor.ts';

interface ConvOptions {
  /** Height and width of the window, odd. Default 3. */
  readonly kernel?: number;
  /** Default 1: the extents stay. */
  readonly stride?: number;
  /** Conv-groups. Default 1. */
  readonly group?: number;
  /** Default false. */
  readonly bias?: boolean;
}

/**
 * Writes the structure of an architecture, layer by layer; every parameter is zero until `initialise` draws
 * it. Every method takes values by name and returns the one that it computes, which is named like its node;
 * parameters are named as in PyTorch's state dictionaries (`layer1.0.bn1.running_mean`).
 */
export class ArchitectureBuilder {
  private readonly name: string;
  private readonly image: Shape;
  private readonly nodes: Node[] = [];
  private readonly constants = new Map<string, Tensor>();
  /** For a batch of one. */
  private readonly shapes = new Map<string, Shape>();

  /** `image` is [c, h, w]. */
  constructor(name: string, image: Shape) {
    this.name = name;
    this.image = image;
    this.shapes.set('input', [1, ...image]);
  }

  channels(x: string): number {
    return this.shape(x)[1] ?? 0;
  }

  /** [h, w] */
  extents(x: string): Shape {
    return this.shape(x).slice(2);
  }

  conv(x: string, name: string, out: number, options: ConvOptions = {}): string {
    const { kernel = 3, stride = 1, group = 1, bias = false } = options;
    const pad = (kernel - 1) / 2;
    const inputs = [x, this.parameter(`${name}.weight`, [out, this.channels(x) / group, kernel, kernel])];
    if (bias) inputs.push(this.parameter(`${name}.bias`, [out]));
    return this.node<ConvAttributes>('Conv', name, inputs, {
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      dilations: [1, 1],
      group,
    });
  }

  batchNorm(x: string, name: string): string {
    const parts = ['weight', 'bias', 'running_mean', 'running_var'];
    const constants = parts.map((part) => this.parameter(`${name}.${part}`, [this.channels(x)]));
    return this.node('BatchNormalization', name, [x, ...constants], { epsilon: 1e-5 });
  }

  relu(x: string, name: string): string {
    return this.node('Relu', name, [x], {});
  }

  relu6(x: string, name: string): string {
    return this.node('Clip', name, [x], { min: 0, max: 6 });
  }

  add(a: string, b: string, name: string): string {
    return this.node('Add', name, [a, b], {});
  }

  /** Halves the extents. */
  maxPool(x: string, name: string, { kernel = 2, pad = 0 } = {}): string {
    return this.node<PoolAttributes>('MaxPool', name, [x], {
      kernel_shape: [kernel, kernel],
      strides: [2, 2],
      pads: [pad, pad, pad, pad],
      dilations: [1, 1],
      ceil_mode: 0,
    });
  }

  /** The whole network: global average pooling and a dense layer after `x`. */
  classifier(x: string, classes: number): Network {
    const features = this.node('Flatten', 'flatten', [this.node('GlobalAveragePool', 'avgpool', [x], {})], {
      axis: 1,
    });
    const weight = this.parameter('fc.weight', [classes, this.channels(features)]);
    const bias = this.parameter('fc.bias', [classes]);
    const attributes: GemmAttributes = { transB: 1, alpha: 1, beta: 1 };
    const logits = this.node('Gemm', 'fc', [features, weight, bias], attributes, 'logits');
    const { name, nodes, constants } = this;
    return {
      name,
      inputs: [{ name: 'input', shape: [-1, ...this.image] }],
      outputs: [logits],
      nodes,
      constants,
    };
  }

  private node<A extends Attributes>(
    op: string,
    name: string,
    inputs: readonly string[],
    attributes: A,
    output = name,
  ): string {
    const node: Node<A> = { name, op, inputs, outputs: [output], attributes };
    const shapes = inputs.map((value) => this.shape(value));
    const [shape = []] = operationOf(node).shapes(node, shapes);
    this.shapes.set(output, shape);
    this.nodes.push(node);
    return output;
  }

  private parameter(name: string, dims: Shape): string {
    this.constants.set(name, floatTensor(dims, new Float32Array(sizeOf(dims))));
    this.shapes.set(name, dims);
    return name;
  }

  private shape(value: string): Shape {
    const shape = this.shapes.get(value);
    if (!shape) throw new Error(`nothing computes "${value}"`);
    return shape;
  }
}
