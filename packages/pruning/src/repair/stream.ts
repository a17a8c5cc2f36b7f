import { ancestry, inputOf, type Network, outputOf } from '@espalier/network';
import type { Layer } from './layer.ts';

/** What a layer's output is added to. */
export interface Stream {
  readonly value: string;
  /** What the layer's output is multiplied by before, one factor a filter. */
  readonly scale: Float32Array;
}

/** Filters that a BatchNorm scales by less than this share of the largest factor cannot make good what the stream lacks. */
const LEAST_SCALE = 0.01;

/**
 * The stream that a layer's output is added to, right behind it or behind its BatchNorm: a layer can make good what
 * the stream has lost before. Undefined where there is none, or where layers that are still to be repaired compute it.
 *
 * @param later the outputs of those
 */
export function streamOf(network: Network, layer: Layer, later: ReadonlySet<string>): Stream | undefined {
  const onlyReader = (value: string) => {
    const readers = network.nodes.filter(({ inputs }) => inputs.includes(value));
    return readers.length === 1 && !network.outputs.includes(value) ? readers[0] : undefined;
  };
  let value = outputOf(layer.node);
  let next = onlyReader(value);
  const scale = new Float32Array(layer.groups * layer.filters).fill(1);
  if (next?.op === 'BatchNormalization') {
    const [gamma, , , variance] = next.inputs.slice(1).map((name) => network.constants.get(name)?.data);
    if (!gamma || !variance) return undefined;
    const epsilon = Number(next.attributes.epsilon);
    scale.forEach((_, f) => {
      scale[f] = Number(gamma[f]) / Math.sqrt(Number(variance[f]) + epsilon);
    });
    value = outputOf(next);
    next = onlyReader(value);
  }
  if (next?.op !== 'Add') return undefined;
  const other = inputOf(next, next.inputs[0] === value ? 1 : 0);
  if (other === value || network.constants.has(other)) return undefined;
  const inputs = new Set(network.inputs.map(({ name }) => name));
  const before = ancestry(network, inputs, [other]).nodes;
  if (before.some((node) => node.outputs.some((each) => later.has(each)))) return undefined;
  return { value: other, scale };
}

/** What the stream's lack is multiplied by to be the layer's: 0 where the layer cannot help. */
export function amends({ scale }: Stream): Float32Array {
  const largest = scale.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  return scale.map((each) => (Math.abs(each) > LEAST_SCALE * largest ? 1 / each : 0));
}
