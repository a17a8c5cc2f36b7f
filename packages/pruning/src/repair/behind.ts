import { ancestry, inputOf, type Network, type Node, outputOf } from '@espalier/network';

/** What happens to a layer's output, up to the next activation: output * scale + shift + stream. */
export interface Behind {
  /** Of a BatchNorm, one a filter that is left; 1 and 0 if there is none. */
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  /** The value that it is added to (a residual network); null if there is none, or none that can be relied on. */
  readonly stream: string | null;
  /** Whether what is below zero becomes zero then. */
  readonly isRectified: boolean;
}

/**
 * @param kept the filters that are left
 * @param later names of the layers that are still to be repaired: a stream that they compute is going to change
 */
export function behind(
  base: Network,
  node: string,
  kept: readonly number[],
  later: ReadonlySet<string>,
): Behind {
  const plain = { scale: new Float32Array(kept.length).fill(1), shift: new Float32Array(kept.length) };
  let at = base.nodes.find(({ name }) => name === node);
  let next = at && onlyReader(base, at);
  let affine: Pick<Behind, 'scale' | 'shift'> = plain;
  if (next?.op === 'BatchNormalization') {
    const found = affineOf(base, next, kept);
    if (!found) return { ...plain, stream: null, isRectified: false };
    affine = found;
    at = next;
    next = onlyReader(base, at);
  }
  if (next?.op !== 'Add' || !at) return { ...affine, stream: null, isRectified: rectifies(next) };
  const [own, sum] = [outputOf(at), next];
  const other = inputOf(sum, sum.inputs[0] === own ? 1 : 0);
  const none = { ...affine, stream: null, isRectified: false };
  if (other === own || base.constants.has(other)) return none;
  const inputs = new Set(base.inputs.map(({ name }) => name));
  if (ancestry(base, inputs, [other]).nodes.some(({ name }) => later.has(name))) return none;
  return { ...affine, stream: other, isRectified: rectifies(onlyReader(base, sum)) };
}

/** The nodes that read a value or a constant. */
export function readersOf({ nodes }: Network, value: string): Node[] {
  return nodes.filter(({ inputs }) => inputs.includes(value));
}

function onlyReader(network: Network, node: Node): Node | undefined {
  const value = outputOf(node);
  const readers = readersOf(network, value);
  return readers.length === 1 && !network.outputs.includes(value) ? readers[0] : undefined;
}

function rectifies(node: Node | undefined): boolean {
  return node?.op === 'Relu' || (node?.op === 'Clip' && node.attributes.min === 0);
}

function affineOf({ constants }: Network, { inputs, attributes }: Node, kept: readonly number[]) {
  const [gamma, beta, mean, variance] = inputs.slice(1).map((name) => constants.get(name)?.data);
  if (!gamma || !beta || !mean || !variance) return undefined;
  const scale = Float32Array.from(
    kept,
    (c) => Number(gamma[c]) / Math.sqrt(Number(variance[c]) + Number(attributes.epsilon)),
  );
  const shift = Float32Array.from(kept, (c, f) => Number(beta[c]) - Number(mean[c]) * (scale[f] ?? 0));
  return { scale, shift };
}

/** Filters that are scaled by less than this share of the largest factor cannot make good what is wrong after them. */
const LEAST_SCALE = 0.05;

/** What a lack after the scale is multiplied by to be one of the layer's: 0 where the layer cannot help. */
export function inverseOf(scale: Float32Array): Float32Array {
  const largest = scale.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  return scale.map((each) => (Math.abs(each) > LEAST_SCALE * largest ? 1 / each : 0));
}
