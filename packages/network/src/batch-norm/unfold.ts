import { inputOf, type Network, type Node, outputOf } from '../network.ts';
import { floatTensor, type Tensor } from '../tensor.ts';
import { nameGiver, readConstants, readCounts } from './reads.ts';

/** Statistics of a convolution's output, its bias included: one value a channel, over images and pixels. */
export interface ChannelStatistics {
  readonly mean: Float32Array;
  /** Not less than zero. */
  readonly variance: Float32Array;
}

/**
 * The convolutions that can get a BatchNormalization: their weight is a constant, so is their bias, and what
 * they compute does not go into a BatchNormalization alone already.
 */
export function unfoldable(network: Network): Node[] {
  const reads = readCounts(network);
  const normalised = new Set(
    network.nodes.flatMap((node) => (node.op === 'BatchNormalization' ? [inputOf(node, 0)] : [])),
  );
  return network.nodes.filter(
    (node) =>
      node.op === 'Conv' &&
      node.inputs.slice(1).every((name) => network.constants.has(name)) &&
      !(normalised.has(outputOf(node)) && reads.get(outputOf(node)) === 1),
  );
}

/**
 * Puts a BatchNormalization `<name>/bn` after every convolution that has statistics, the inverse of
 * `foldBatchNorm`: with them as its running mean and variance, and scale and shift that undo them, the
 * network computes what it did before, and can be trained like one with BatchNorm. The bias goes into the
 * shift. The BatchNormalization's output takes over the name of the convolution's. A convolution that is applied
 * several times gets one BatchNormalization, with the statistics of its first use.
 *
 * @param statistics by the name of a node among `unfoldable`.
 */
export function unfoldBatchNorm(
  network: Network,
  statistics: ReadonlyMap<string, ChannelStatistics>,
  epsilon = 1e-5,
): Network {
  const known = new Set(unfoldable(network).map(({ name }) => name));
  for (const name of statistics.keys()) {
    if (!known.has(name)) throw new Error(`"${name}" is not a convolution that BatchNorm can be put behind`);
  }
  const giveName = nameGiver(network);
  const constants = new Map<string, Tensor>(network.constants);
  const made = new Map<string, readonly string[]>();
  const nodes = network.nodes.flatMap((node): Node[] => {
    const measured = statistics.get(node.name);
    return measured ? unfold(node, measured, epsilon, constants, giveName, made) : [node];
  });
  return { ...network, nodes, constants: readConstants({ ...network, nodes }, constants) };
}

function unfold(
  node: Node,
  { mean, variance }: ChannelStatistics,
  epsilon: number,
  constants: Map<string, Tensor>,
  giveName: (wanted: string) => string,
  made: Map<string, readonly string[]>,
): Node[] {
  const [x, weight, biasName] = [inputOf(node, 0), inputOf(node, 1), node.inputs[2]];
  checkStatistics(node, constants.get(weight)?.dims[0] ?? 0, mean, variance);
  const bias = constants.get(biasName ?? '')?.data;
  const bn = giveName(`${node.name}/bn`);
  const raw = giveName(`${node.name}/before-bn`);
  const parts = {
    weight: variance.map((each) => Math.sqrt(each + epsilon)),
    bias: mean.slice(),
    running_mean: mean.map((each, c) => each - Number(bias?.[c] ?? 0)),
    running_var: variance.slice(),
  };
  const convolution = JSON.stringify([weight, biasName]);
  const parameters =
    made.get(convolution) ??
    Object.entries(parts).map(([part, values]) => {
      const name = giveName(`${bn}.${part}`);
      constants.set(name, floatTensor([values.length], values));
      return name;
    });
  made.set(convolution, parameters);
  return [
    { ...node, inputs: [x, weight], outputs: [raw] },
    {
      name: bn,
      op: 'BatchNormalization',
      inputs: [raw, ...parameters],
      outputs: node.outputs,
      attributes: { epsilon },
    },
  ];
}

function checkStatistics({ name }: Node, channels: number, mean: Float32Array, variance: Float32Array): void {
  if (mean.length !== channels || variance.length !== channels) {
    throw new Error(
      `Conv "${name}" has ${channels} filters, but there are ${mean.length} means and ${variance.length} variances`,
    );
  }
  if (!mean.every(Number.isFinite) || !variance.every((each) => each >= 0 && Number.isFinite(each))) {
    throw new Error(`the statistics of Conv "${name}" are not finite, or a variance is negative`);
  }
}
