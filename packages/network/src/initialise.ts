import type { Network, Node } from './network.ts';
import { type FloatTensor, floatTensor, type Shape, sizeOf, type Tensor } from './tensor.ts';

/** What one tensor's values are drawn from. */
type Initial =
  | { readonly law: 'normal'; readonly deviation: number }
  /** Within plus or minus `reach`. */
  | { readonly law: 'uniform'; readonly reach: number }
  | { readonly law: 'constant'; readonly value: number };

/** For the constant that a node reads as its `index`-th input; undefined for one that is not learnt. */
type Rule = (node: Node, index: number, dims: Shape) => Initial | undefined;

const zero: Initial = { law: 'constant', value: 0 };
const one: Initial = { law: 'constant', value: 1 };

/**
 * He et al., "Delving deep into rectifiers", ICCV 2015, equation 14: sqrt(2 / fan-out), the fan-out being
 * how many outputs one input channel feeds through one window.
 */
function heNormal(fanOut: number): Initial {
  return { law: 'normal', deviation: Math.sqrt(2 / fanOut) };
}

/** Uniform within 1 / sqrt(fan-in), PyTorch's default for dense layers. */
function uniform(fanIn: number): Initial {
  return { law: 'uniform', reach: 1 / Math.sqrt(fanIn) };
}

/** The weight is the second input of a layer, a bias the third. */
const layer =
  (weight: (node: Node, dims: Shape) => Initial): Rule =>
  (node, index, dims) =>
    [undefined, weight(node, dims), zero][index];

const conv = layer(({ attributes }, [out = 1, , ...kernel]) =>
  heNormal((out / Number(attributes.group)) * sizeOf(kernel)),
);

const convTranspose = layer((_node, [, ...fanOut]) => heNormal(sizeOf(fanOut)));

const gemm = layer(({ attributes }, dims) => uniform(dims[attributes.transB ? 1 : 0] ?? 1));

const matMul: Rule = (_node, index, dims) => uniform(dims.at(index === 0 ? -1 : -2) ?? 1);

/** Scale, shift, and of BatchNorm the running mean and the running variance. */
const normalization: Rule = (_node, index) => [undefined, one, zero, zero, one][index];

/** A single value is a setting (the 3 and the 6 of a hard swish spelled out), several are learnt. */
const several =
  (initial: Initial): Rule =>
  (_node, _index, dims) =>
    sizeOf(dims) > 1 ? initial : undefined;

const layers: Readonly<Record<string, Rule>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  Gemm: gemm,
  MatMul: matMul,
  BatchNormalization: normalization,
  InstanceNormalization: normalization,
  LayerNormalization: normalization,
  GroupNormalization: normalization,
};

/** Layer scale, the bias of a dense layer, slopes. What is not listed (Pow, Max, Min, Where) has settings only. */
const elementwise: Readonly<Record<string, Rule>> = {
  Add: several(zero),
  Sub: several(zero),
  Mul: several(one),
  Div: several(one),
  // He et al. 2015, section 2.1.
  PRelu: () => ({ law: 'constant', value: 0.25 }),
};

/**
 * The same structure with new weights, as before any training: He normal (fan-out) for convolutions, uniform
 * within 1 / sqrt(fan-in) for dense layers, 0 for biases and shifts, 1 for scales, 0 and 1 for BatchNorm's
 * running mean and variance. Weights are drawn in topological order, shared ones once, so the numbers that
 * `random` (uniform in [0, 1)) returns determine everything. Arithmetic before the first layer (pixels being
 * normalised) and single values that are added or multiplied stay as they are.
 */
export function initialise(network: Network, random: () => number): Network {
  const constants = new Map<string, Tensor>(network.constants);
  const drawn = new Set<string>();
  /** Values that a layer has been applied to. */
  const features = new Set<string>();
  for (const node of network.nodes) {
    const ofLayer = layers[node.op];
    if (!ofLayer && !node.inputs.some((value) => features.has(value))) continue;
    for (const value of node.outputs) features.add(value);
    const rule = ofLayer ?? elementwise[node.op];
    node.inputs.forEach((name, index) => {
      const tensor = network.constants.get(name);
      if (!(tensor?.data instanceof Float32Array) || drawn.has(name)) return;
      const initial = rule?.(node, index, tensor.dims);
      if (!initial) return;
      drawn.add(name);
      constants.set(name, draw(tensor.dims, initial, random));
    });
  }
  return { ...network, constants };
}

function draw(dims: Shape, initial: Initial, random: () => number): FloatTensor {
  const values = new Float32Array(sizeOf(dims));
  switch (initial.law) {
    case 'normal':
      fillNormal(values, initial.deviation, random);
      break;
    case 'uniform':
      for (let i = 0; i < values.length; i++) values[i] = initial.reach * (2 * random() - 1);
      break;
    case 'constant':
      values.fill(initial.value);
  }
  return floatTensor(dims, values);
}

/** Box and Muller, "A note on the generation of random normal deviates", 1958: two uniform numbers make two normal ones. */
function fillNormal(values: Float32Array, deviation: number, random: () => number): void {
  for (let i = 0; i < values.length; i += 2) {
    // 1 - u is in (0, 1], where the logarithm is finite.
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
}
