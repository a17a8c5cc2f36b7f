import {
  constantOf,
  inputOf,
  type Node,
  namedNode,
  outputOf,
  type Tensor,
  takeAlong,
} from '@espalier/network';
import type { Ranking } from '../../criteria/index.ts';
import { belongsTo, type Site } from './region.ts';

/** Nodes that take the place of a group's only consumer. */
export interface RunningSums {
  readonly replaces: string;
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Tensor>;
}

/**
 * The pruned sets of ascending ratios are nested, and a convolution or dense layer is linear: its output
 * for every variant is a running sum over channel chunks, from the chunk that every variant keeps to the
 * one that only the mildest keeps. One full consumer for all variants.
 *
 * @returns undefined where it does not apply: several consumers, one after changed values, a grouped one
 */
export function runningSums(
  { network, ranking, region }: Site,
  removed: readonly number[],
): RunningSums | undefined {
  const consumer = linearConsumer({ network, region });
  if (!consumer || removed.length < 2) return undefined;
  const { node, axis, inAxis } = consumer;
  const x = inputOf(node, 0);
  const [weight, bias] = [inputOf(node, 1), node.inputs[2]];
  const nodes: Node[] = [];
  const constants = new Map<string, Tensor>();
  const emit = (op: string, inputs: string[], output: string, attributes: Node['attributes'] = {}) => {
    nodes.push(namedNode(op, inputs, output, attributes));
    return output;
  };

  let sum = '';
  const sums: string[] = [];
  chunks(ranking, consumer.labels, removed).forEach((indices, k) => {
    const own = `${node.name}/chunk${k}`;
    constants.set(`${own}/weight`, takeAlong(constantOf(network, weight), inAxis, indices));
    const picked = emit('Gather', [x], `${own}/channels`, { axis, indices });
    // The bias goes with the first chunk.
    const inputs = [picked, `${own}/weight`, ...(k === 0 && bias !== undefined ? [bias] : [])];
    nodes.push({ ...node, name: own, inputs, outputs: [own] });
    sum = k === 0 ? own : emit('Add', [sum, own], `${node.name}/sum${k}`);
    sums.push(sum);
  });
  emit('Concat', sums.reverse(), outputOf(node), { axis: 0 });
  return { replaces: node.name, nodes, constants };
}

interface LinearConsumer {
  readonly node: Node;
  /** Channel axis of its input. */
  readonly axis: number;
  /** Input axis of its weight. */
  readonly inAxis: number;
  readonly labels: Int32Array;
}

/** The group's consumer, if there is only one and it reads unchanged channels through a dense weight. */
export function linearConsumer({
  network,
  region,
}: Pick<Site, 'network' | 'region'>): LinearConsumer | undefined {
  const [consumer, ...others] = region.consumers;
  const node = region.affected.find(({ name }) => name === consumer?.node);
  if (!consumer || !node || others.length > 0 || !region.boundary.includes(consumer.value)) return undefined;
  if (inputOf(node, 0) !== consumer.value || !network.constants.has(inputOf(node, 1))) return undefined;
  const { axis, labels } = consumer;
  switch (node.op) {
    case 'Conv':
      return node.attributes.group === 1 ? { node, axis, labels, inAxis: 1 } : undefined;
    case 'Gemm':
      return { node, axis, labels, inAxis: node.attributes.transB ? 1 : 0 };
    case 'MatMul':
      return { node, axis, labels, inAxis: 0 };
    default:
      return undefined;
  }
}

/**
 * Channel indices by the strongest variant that still keeps them: first what all variants keep (other
 * groups' channels included), last what only the mildest keeps.
 *
 * @param removed units removed, ascending
 */
function chunks({ group, order }: Ranking, labels: Int32Array, removed: readonly number[]): number[][] {
  const place = new Map(order.map((unit, at) => [unit + group.firstUnit, at]));
  const strongestFirst = [...removed].reverse();
  const result = strongestFirst.map((): number[] => []);
  labels.forEach((unit, index) => {
    const at = belongsTo(group, unit) ? (place.get(unit) ?? 0) : 0;
    const chunk = strongestFirst.findIndex((gone) => at < group.width - gone);
    result[chunk]?.push(index);
  });
  return result;
}
