import {
  constantOf,
  type FloatTensor,
  floatTensor,
  inputOf,
  type Network,
  operationOf,
  type Shape,
  sizeOf,
} from '@espalier/network';

/** Where each learnable tensor of a network is in one flat vector, and each BatchNorm's statistics in another. */
export interface ParameterLayout {
  readonly parameters: readonly Entry[];
  /** Running mean and variance of every BatchNorm, one after the other. */
  readonly statistics: readonly Entry[];
}

export interface Entry {
  /** The constant's name. */
  readonly name: string;
  readonly dims: Shape;
  /** Whether weight decay applies: to the weights of convolutions and dense layers, not to BatchNorm and biases. */
  readonly decays: boolean;
}

export function parameterLayout(network: Network): ParameterLayout {
  const weights = new Set<string>();
  const learnt = new Set<string>();
  const statistics: string[] = [];
  for (const node of network.nodes) {
    // What has no rule has no gradient: its weights stay as they are.
    if (node.opaque) continue;
    const operation = operationOf(node);
    for (const name of operation.parameters?.(node, network.constants) ?? []) {
      if (network.constants.get(name)?.data instanceof Float32Array) learnt.add(name);
    }
    const weight = operation.weight?.(node, () => [1, 1, 1, 1])?.tensor;
    if (weight !== undefined) weights.add(weight);
    if (node.op === 'BatchNormalization') statistics.push(inputOf(node, 3), inputOf(node, 4));
  }
  const entry = (name: string): Entry => ({
    name,
    dims: constantOf(network, name).dims,
    decays: weights.has(name),
  });
  return {
    parameters: [...learnt].map(entry),
    statistics: [...new Set(statistics)].map((name) => ({ ...entry(name), decays: false })),
  };
}

export function lengthOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { dims }) => sum + sizeOf(dims), 0);
}

/** All of them in one vector. */
export function pack(network: Network, entries: readonly Entry[]): Float32Array {
  const flat = new Float32Array(lengthOf(entries));
  let at = 0;
  for (const { name, dims } of entries) {
    flat.set(constantOf(network, name).data as Float32Array, at);
    at += sizeOf(dims);
  }
  return flat;
}

/** The network with the values of the vector. */
export function unpack(network: Network, entries: readonly Entry[], flat: Float32Array): Network {
  const constants = new Map(network.constants);
  let at = 0;
  for (const { name, dims } of entries) {
    const values: FloatTensor = floatTensor(dims, flat.slice(at, at + sizeOf(dims)));
    constants.set(name, values);
    at += sizeOf(dims);
  }
  return { ...network, constants };
}

/** What weight decay multiplies each value by: `decay`, or 0. */
export function decayVector(entries: readonly Entry[], decay: number): Float32Array {
  const vector = new Float32Array(lengthOf(entries));
  let at = 0;
  for (const { dims, decays } of entries) {
    if (decays) vector.fill(decay, at, at + sizeOf(dims));
    at += sizeOf(dims);
  }
  return vector;
}
