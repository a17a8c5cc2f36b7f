import { type Attributes, inputOf, type Network, type Node, outputOf } from '../network.ts';
import { type FloatTensor, floatTensor, sizeOf, type Tensor } from '../tensor.ts';
import { nameGiver, readConstants, readCounts } from './reads.ts';

/** What a BatchNormalization does to channel c: `x * scale[c] + shift[c]`, in double precision. */
interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** What is needed of a layer to scale its outputs. */
interface Layer {
  /** Where the filters are in its weight. */
  readonly axis: number;
  /** What its bias is multiplied by. */
  readonly beta: number;
  /** Its attributes when that is 1. */
  readonly attributes: Attributes;
}

/**
 * Merges BatchNormalizations into the Conv or Gemm before them (Jacob et al., CVPR 2018, section 3.2),
 * which computes the same values with a node less. A BatchNormalization stays where its input is read
 * elsewhere as well or where the layer's weight is shared or computed. The layer keeps its node name, its
 * output gets the name of the BatchNormalization's, so consumers and outputs of the network are untouched.
 *
 * @param only names of the BatchNormalizations to merge; all by default.
 */
export function foldBatchNorm(network: Network, only?: ReadonlySet<string>): Network {
  const reads = readCounts(network);
  const giveName = nameGiver(network);
  const constants = new Map<string, Tensor>(network.constants);
  const nodes: Node[] = [];
  const producers = new Map<string, number>();
  for (const node of network.nodes) {
    const position = producers.get(node.inputs[0] ?? '') ?? -1;
    const producer = nodes[position];
    const wanted = node.op === 'BatchNormalization' && (only?.has(node.name) ?? true);
    const folded = wanted && producer ? fold(producer, node, constants, reads, giveName) : undefined;
    const place = folded ? position : nodes.length;
    nodes[place] = folded ?? node;
    for (const value of node.outputs) producers.set(value, place);
  }
  return withNewBiases(
    { ...network, nodes, constants: readConstants({ ...network, nodes }, constants) },
    network,
  );
}

/** A bias that is new is kept in the type of the weight that it goes with. */
function withNewBiases(network: Network, { constants, stored }: Network): Network {
  if (!stored) return network;
  const types = new Map(stored);
  for (const { inputs } of network.nodes) {
    const [, weight = '', bias = ''] = inputs;
    const type = stored.get(weight);
    if (type && network.constants.has(bias) && !constants.has(bias)) types.set(bias, type);
  }
  return { ...network, stored: types };
}

/** The layer with the BatchNormalization in it, its new weight and bias among `constants`; undefined where that cannot be. */
function fold(
  producer: Node,
  batchNorm: Node,
  constants: Map<string, Tensor>,
  reads: Map<string, number>,
  giveName: (wanted: string) => string,
): Node | undefined {
  const layer = layerOf(producer);
  const affine = affineOf(batchNorm, constants);
  if (!layer || !affine || reads.get(outputOf(producer)) !== 1) return undefined;
  const [x, weightName, biasName] = [inputOf(producer, 0), inputOf(producer, 1), producer.inputs[2]];
  const weight = floatConstant(constants, weightName);
  if (!weight || reads.get(weightName) !== 1) return undefined;
  const bias = biasValues(constants, biasName, affine.scale.length);
  if (!bias) return undefined;

  const { scale, shift } = affine;
  const newBias = scale.map((factor, c) => layer.beta * (bias[c] ?? 0) * factor + (shift[c] ?? 0));
  const ownBias = biasName !== undefined && reads.get(biasName) === 1;
  const newName = ownBias ? biasName : giveName(biasNameFor(producer, weightName));
  reads.set(newName, 1);
  constants.set(weightName, scaleAlong(weight, layer.axis, scale));
  constants.set(newName, floatTensor([scale.length], Float32Array.from(newBias)));
  return {
    ...producer,
    inputs: [x, weightName, newName],
    outputs: [outputOf(batchNorm)],
    attributes: layer.attributes,
  };
}

function layerOf({ op, attributes }: Node): Layer | undefined {
  if (op === 'Conv') return { axis: 0, beta: 1, attributes };
  if (op !== 'Gemm') return undefined;
  return {
    axis: attributes.transB ? 0 : 1,
    beta: Number(attributes.beta),
    attributes: { ...attributes, beta: 1 },
  };
}

function affineOf({ inputs, attributes }: Node, constants: ReadonlyMap<string, Tensor>): Affine | undefined {
  const [gamma, beta, mean, variance] = inputs.slice(1).map((name) => floatConstant(constants, name)?.data);
  if (!gamma || !beta || !mean || !variance) return undefined;
  const epsilon = Number(attributes.epsilon);
  const scale = Float64Array.from(gamma, (each, c) => each / Math.sqrt((variance[c] ?? 0) + epsilon));
  const shift = Float64Array.from(beta, (each, c) => each - (mean[c] ?? 0) * (scale[c] ?? 0));
  return { scale, shift };
}

/** One value a channel; undefined for a bias that is computed or differs between images, as Gemm's may. */
function biasValues(
  constants: ReadonlyMap<string, Tensor>,
  name: string | undefined,
  channels: number,
): Float32Array | undefined {
  if (name === undefined) return new Float32Array(channels);
  const bias = floatConstant(constants, name);
  if (bias?.data.length === 1) return new Float32Array(channels).fill(bias.data[0] ?? 0);
  return bias?.data.length === channels && bias.dims.at(-1) === channels ? bias.data : undefined;
}

function floatConstant(constants: ReadonlyMap<string, Tensor>, name: string): FloatTensor | undefined {
  const tensor = constants.get(name);
  return tensor?.data instanceof Float32Array ? { dims: tensor.dims, data: tensor.data } : undefined;
}

/** PyTorch's name for it, where the weight has PyTorch's. */
function biasNameFor({ name }: Node, weight: string): string {
  return weight.endsWith('.weight') ? weight.replace(/weight$/, 'bias') : `${name}.bias`;
}

/** Every entry of an axis times its factor. */
function scaleAlong({ dims, data }: FloatTensor, axis: number, factors: Float64Array): FloatTensor {
  const inner = sizeOf(dims.slice(axis + 1));
  const scaled = data.map((value, i) => value * (factors[Math.floor(i / inner) % factors.length] ?? 1));
  return floatTensor(dims, scaled);
}
