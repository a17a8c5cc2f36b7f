import {
  type Attributes,
  type FloatTensor,
  floatTensor,
  inferShapes,
  inputOf,
  type Network,
  type Node,
  namedNode,
  outputOf,
  type Shape,
  sizeOf,
  type Tensor,
} from '@espalier/network';

/**
 * The same network with its composed operations (normalisations over an image, smooth activations) written
 * in simpler ones, so that their gradients follow from those.
 */
export function spellOut(network: Network): Network {
  const shapes = inferShapes(network, 1);
  const constants = new Map(network.constants);
  const nodes = network.nodes.flatMap((node): readonly Node[] => {
    const rule = rules[node.op];
    if (!rule) return [node];
    const steps = new Steps(node, constants);
    const y = rule(steps, node, shapes.get(inputOf(node, 0)) ?? []);
    return steps.endingIn(y, outputOf(node));
  });
  return { ...network, nodes, constants };
}

/** Collects a node's steps; they are named after it. */
class Steps {
  private readonly node: Node;
  private readonly constants: Map<string, Tensor>;
  private readonly steps: Node[] = [];

  constructor(node: Node, constants: Map<string, Tensor>) {
    this.node = node;
    this.constants = constants;
  }

  op(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const name = `${this.node.name}/${op.toLowerCase()}-${this.steps.length}`;
    this.steps.push(namedNode(op, inputs, name, attributes));
    return name;
  }

  number(value: number): string {
    return this.constant(floatTensor([], [value]));
  }

  constant(tensor: FloatTensor): string {
    const name = `${this.node.name}/constant-${this.constants.size}`;
    this.constants.set(name, tensor);
    return name;
  }

  /** The last step takes the node's place. */
  endingIn(value: string, name: string): readonly Node[] {
    return this.steps.map((step) => (step.name === value ? { ...step, outputs: [name] } : step));
  }
}

type Rule = (steps: Steps, node: Node, x: Shape) => string;

const rules: Readonly<Record<string, Rule>> = {
  // x * (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel, "Gaussian error linear units", 2016)
  Gelu(steps, node) {
    const x = inputOf(node, 0);
    const inner =
      node.attributes.approximate === 'tanh'
        ? steps.op('Tanh', [tanhArgument(steps, x)])
        : steps.op('Erf', [steps.op('Mul', [x, steps.number(Math.SQRT1_2)])]);
    const share = steps.op('Add', [inner, steps.number(1)]);
    return steps.op('Mul', [steps.op('Mul', [x, share]), steps.number(0.5)]);
  },

  HardSwish(steps, node) {
    const x = inputOf(node, 0);
    return steps.op('Mul', [x, steps.op('HardSigmoid', [x], { alpha: 1 / 6, beta: 0.5 })]);
  },

  Mish(steps, node) {
    const x = inputOf(node, 0);
    return steps.op('Mul', [x, steps.op('Tanh', [steps.op('Softplus', [x])])]);
  },

  InstanceNormalization(steps, node, x) {
    const normalised = standardise(steps, node, inputOf(node, 0), [...x.keys()].slice(2));
    return perChannel(steps, node, normalised, x);
  },

  LayerNormalization(steps, node, x) {
    const axes = [...x.keys()].slice(Number(node.attributes.axis));
    const scaled = steps.op('Mul', [standardise(steps, node, inputOf(node, 0), axes), inputOf(node, 1)]);
    const shift = node.inputs[2];
    return shift ? steps.op('Add', [scaled, shift]) : scaled;
  },

  GroupNormalization(steps, node, x) {
    const groups = Number(node.attributes.num_groups);
    const inSets = [-1, groups, sizeOf(x.slice(1)) / groups];
    const sets = steps.op('Reshape', [inputOf(node, 0)], { shape: inSets });
    const normalised = standardise(steps, node, sets, [2]);
    const back = steps.op('Reshape', [normalised], { shape: [-1, ...x.slice(1)] });
    return perChannel(steps, node, back, x);
  },

  // x / (bias + alpha / size * the sum of `size` neighbouring channels' squares) ^ beta
  LRN(steps, node, x) {
    const { size, alpha, beta, bias } = node.attributes as Record<string, number>;
    const input = inputOf(node, 0);
    const neighbours = steps.constant(band(x[1] ?? 1, size ?? 1));
    const squares = steps.op('Conv', [steps.op('Mul', [input, input]), neighbours], {
      strides: [1, 1],
      pads: [0, 0, 0, 0],
      dilations: [1, 1],
      group: 1,
    });
    const scaled = steps.op('Mul', [squares, steps.number((alpha ?? 1e-4) / (size ?? 1))]);
    const sum = steps.op('Add', [scaled, steps.number(bias ?? 1)]);
    return steps.op('Div', [input, steps.op('Pow', [sum, steps.number(beta ?? 0.75)])]);
  },
};

function tanhArgument(steps: Steps, x: string): string {
  const cube = steps.op('Mul', [steps.op('Mul', [x, x]), x]);
  const sum = steps.op('Add', [x, steps.op('Mul', [cube, steps.number(0.044715)])]);
  return steps.op('Mul', [sum, steps.number(Math.sqrt(2 / Math.PI))]);
}

/** (x - mean) / sqrt(variance + epsilon) over some axes. */
function standardise(steps: Steps, node: Node, x: string, axes: readonly number[]): string {
  const average = { axes, keepdims: 1 };
  const centred = steps.op('Sub', [x, steps.op('ReduceMean', [x], average)]);
  const variance = steps.op('ReduceMean', [steps.op('Mul', [centred, centred])], average);
  const stable = steps.op('Add', [variance, steps.number(Number(node.attributes.epsilon))]);
  return steps.op('Div', [centred, steps.op('Sqrt', [stable])]);
}

/** Inputs 1 and 2 of the node, [c], scale and shift the channels. */
function perChannel(steps: Steps, node: Node, value: string, x: Shape): string {
  const shape = [x[1] ?? 1, ...x.slice(2).map(() => 1)];
  const lifted = (index: number) => steps.op('Reshape', [inputOf(node, index)], { shape });
  return steps.op('Add', [steps.op('Mul', [value, lifted(1)]), lifted(2)]);
}

/** [c, c, 1, 1] with ones where channels are neighbours. */
function band(channels: number, size: number): FloatTensor {
  const [before, behind] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const weight = new Float32Array(channels * channels);
  for (let to = 0; to < channels; to++) {
    for (let from = Math.max(0, to - before); from <= Math.min(channels - 1, to + behind); from++) {
      weight[to * channels + from] = 1;
    }
  }
  return floatTensor([channels, channels, 1, 1], weight);
}
