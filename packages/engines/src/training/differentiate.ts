import { freezeBatchNorm, type Network, type Node, sizeOf, takesOneImage } from '@espalier/network';
import type { Differentiated } from './gradients/differentiation.ts';
import { differentiationOf } from './gradients/index.ts';
import { add, concat, reshape, slice } from './graph/arithmetic.ts';
import { filled, type GraphBuilder, type Value } from './graph/builder.ts';
import { blocked, plain } from './graph/layout.ts';
import { spellOut } from './spell-out.ts';

/** The way there, and what the way back needs. */
export interface Tape {
  readonly outputs: readonly Value[];
  /** The gradients of the variables, given those of the outputs. A variable that nothing depends on has none. */
  backward(gradients: readonly Value[]): ReadonlyMap<string, Value>;
}

export interface TapeOptions {
  /** Inputs and constants of the network that are values of the graph already. */
  readonly values: ReadonlyMap<string, Value>;
  /** Those of them whose gradients are wanted. */
  readonly variables: ReadonlySet<string>;
  readonly onStatistics?: ((node: Node, mean: Value, variance: Value) => void) | undefined;
}

/** Reverse-mode differentiation: every node's rule in turn, then their ways back in the opposite order. */
export function differentiate(g: GraphBuilder, network: Network, options: TapeOptions): Tape {
  const { variables, onStatistics = () => {} } = options;
  const values = new Map(options.values);
  const find = (name: string): Value => {
    const known = values.get(name);
    if (known) return known;
    const constant = network.constants.get(name);
    if (!constant) throw new Error(`"${name}" is computed by nothing`);
    const made = g.constant(constant);
    values.set(name, made);
    return made;
  };
  const depends = new Set(variables);
  const steps: { node: Node; done: Differentiated }[] = [];
  for (const node of network.nodes) {
    const done = differentiationOf(node).forward(node, node.inputs.map(find), { g, onStatistics });
    node.outputs.forEach((name, i) => {
      const output = done.outputs[i];
      if (output) values.set(name, output);
    });
    if (!node.inputs.some((name) => depends.has(name))) continue;
    for (const name of node.outputs) depends.add(name);
    steps.push({ node, done });
  }
  return {
    outputs: network.outputs.map(find),
    backward(gradients) {
      const sums = new Map<string, Value>();
      const collect = (name: string, gradient: Value) => {
        const sum = sums.get(name);
        sums.set(name, sum ? accumulated(g, sum, gradient) : gradient);
      };
      network.outputs.forEach((name, i) => {
        const gradient = gradients[i];
        if (gradient) collect(name, gradient);
      });
      for (const { node, done } of [...steps].reverse()) {
        const own = node.outputs.map((name) => sums.get(name));
        if (own.every((gradient) => gradient === undefined)) continue;
        const needed = node.inputs.map((name) => depends.has(name));
        const given = done.backward(own, (input) => needed[input] ?? false);
        node.inputs.forEach((name, i) => {
          const gradient = given[i];
          if (gradient && needed[i]) collect(name, gradient);
        });
      }
      return new Map([...sums].filter(([name]) => variables.has(name)));
    },
  };
}

/**
 * Differentiates what a network that ends in logits makes of a batch of images. One that takes a single image is there
 * once for each, with the same weights; its BatchNorms have the statistics that they are evaluated with, since one image
 * has none. Inputs beside the images are zeros.
 *
 * @param variables what the gradients are wanted of, by name
 * @returns the logits, [batch, classes], and the way back from their gradient
 */
export function differentiateLogits(
  g: GraphBuilder,
  network: Network,
  batch: number,
  variables: ReadonlyMap<string, Value>,
  onStatistics?: TapeOptions['onStatistics'],
) {
  const [image, ...states] = network.inputs;
  if (!image) throw new Error(`network "${network.name}" has no input`);
  const isSingle = takesOneImage(network);
  const each = isSingle ? 1 : batch;
  const spelled = spellOut(isSingle ? freezeBatchNorm(network) : network);
  const images = g.input(image.name, [batch, ...image.shape.slice(1)], image.type);
  const shared = new Map(variables);
  for (const { name, shape } of states) {
    const dims = shape.map((extent) => (extent === -1 ? each : extent));
    shared.set(name, g.constant(filled(dims, 0)));
  }
  const tapes = Array.from({ length: batch / each }, (_, i) => {
    const own = slice(g, images, [0], [i * each], [(i + 1) * each]);
    const values = new Map(shared).set(image.name, own);
    const tape = differentiate(g, spelled, { values, variables: new Set(variables.keys()), onStatistics });
    const [output] = tape.outputs;
    if (!output) throw new Error(`network "${network.name}" has no output`);
    return { tape, output };
  });
  const rows = tapes.map(({ output }) => reshape(g, plain(g, output), [each, sizeOf(output.dims.slice(1))]));
  return {
    logits: concat(g, rows, 0),
    backward(gradient: Value): ReadonlyMap<string, Value> {
      const sums = new Map<string, Value>();
      tapes.forEach(({ tape, output }, i) => {
        const own = slice(g, gradient, [0], [i * each], [(i + 1) * each]);
        for (const [name, value] of tape.backward([reshape(g, own, output.dims)])) {
          const sum = sums.get(name);
          sums.set(name, sum ? accumulated(g, sum, value) : value);
        }
      });
      return sums;
    },
  };
}

/** In the layout of the larger part of the work: blocked, where either is. */
function accumulated(g: GraphBuilder, a: Value, b: Value): Value {
  if (a.layout === 'plain' && b.layout === 'plain') return add(g, a, b);
  return add(g, blocked(g, a), blocked(g, b));
}
