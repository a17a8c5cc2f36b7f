import {
  floatTensor,
  inputOf,
  type Network,
  type Node,
  nameGiver,
  outputOf,
  type Tensor,
  withConstant,
} from '@espalier/network';
import { readersOf } from './behind.ts';
import type { Layer } from './layer.ts';

/** Where a layer's bias is, or is going to be. */
interface Place {
  readonly where: 'bias' | 'batch-norm' | 'addition' | 'new';
  /** The constant, one value a filter. */
  readonly name: string;
}

/**
 * What is added to a layer's product so that it is comparable to what the unpruned layer computes, one value a filter:
 * its bias, and how far an earlier repair has moved what follows it.
 *
 * @param kept the filters of the unpruned layer that are left
 */
export function biasOf(network: Network, base: Network, layer: Layer, kept: readonly number[]): Float64Array {
  const { where, name } = placeOf(network, layer);
  const own = network.constants.get(name)?.data ?? [];
  const before = baseValues(base, name, kept);
  return Float64Array.from(kept, (_, f) => {
    const value = Number(own[own.length === 1 ? 0 : f] ?? 0);
    if (where === 'bias') return layer.beta * value;
    if (where === 'batch-norm') return (before[f] ?? 0) - value;
    return value - (before[f] ?? 0);
  });
}

/**
 * The network with other weights and another bias of a layer. The bias goes if there is one, else into the mean of
 * the BatchNorm or into the addition after the layer, else it is new.
 *
 * @param bias see `biasOf`
 */
export function withWeights(
  network: Network,
  base: Network,
  layer: Layer,
  kept: readonly number[],
  { weights, bias }: { readonly weights: Float32Array; readonly bias: Float64Array },
): Network {
  const { node } = layer;
  const { where, name } = placeOf(network, layer);
  const before = baseValues(base, name, kept);
  const values = Float32Array.from(bias, (value, f) => {
    if (where === 'batch-norm') return (before[f] ?? 0) - value;
    if (where === 'addition') return (before[f] ?? 0) + value;
    return value / layer.beta;
  });
  const dims = where === 'addition' ? (network.constants.get(name)?.dims ?? []) : [bias.length];
  const reweighted = floatTensor(network.constants.get(layer.weight)?.dims ?? [], weights);
  const constants = new Map<string, Tensor>(network.constants).set(layer.weight, reweighted);
  const repaired = withConstant({ ...network, constants }, name, floatTensor(dims, values), layer.weight);
  if (where !== 'new') return repaired;
  if (node.op === 'MatMul') return { ...repaired, nodes: withAddition(network, node, name) };
  const inputs = [inputOf(node, 0), inputOf(node, 1), name];
  const nodes = network.nodes.map((each) => (each.name === node.name ? { ...each, inputs } : each));
  return { ...repaired, nodes };
}

/** The values of a constant of the unpruned network that are left; none where only the cut one has it. */
function baseValues(base: Network, name: string, kept: readonly number[]): number[] {
  const data = base.constants.get(name)?.data;
  return data ? kept.map((index) => Number(data[index] ?? 0)) : [];
}

function placeOf(network: Network, { node, groups, filters }: Layer): Place {
  const isFree = (name: string | undefined): name is string =>
    name !== undefined &&
    network.constants.get(name)?.data.length === groups * filters &&
    readersOf(network, name).length === 1;
  const own = node.inputs[2];
  if (isFree(own)) return { where: 'bias', name: own };
  const [next, ...others] = readersOf(network, outputOf(node));
  if (next && !own && others.length === 0 && !network.outputs.includes(outputOf(node))) {
    if (next.op === 'BatchNormalization' && isFree(next.inputs[3])) {
      return { where: 'batch-norm', name: next.inputs[3] };
    }
    const added = next.inputs.find((value) => value !== outputOf(node));
    // One value a filter, along the axis of the filters: the last one of a product.
    const isAdded = next.op === 'Add' && node.op === 'MatMul' && isFree(added);
    if (isAdded && network.constants.get(added)?.dims.at(-1) === groups * filters) {
      return { where: 'addition', name: added };
    }
  }
  return { where: 'new', name: nameGiver(network)(`${node.name}/bias`) };
}

/** A product of matrices has no bias of its own: an addition follows. */
function withAddition(network: Network, node: Node, bias: string): Node[] {
  const out = outputOf(node);
  const giveName = nameGiver(network);
  const product = giveName(`${out}/product`);
  const addition: Node = {
    ...{ name: giveName(`${node.name}/Add`), op: 'Add', attributes: {} },
    inputs: [product, bias],
    outputs: [out],
  };
  return network.nodes.flatMap((each) =>
    each.name === node.name ? [{ ...each, outputs: [product] }, addition] : [each],
  );
}
