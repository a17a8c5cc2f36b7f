import { type Network, type Node, sizeOf } from '@espalier/network';
import type { Differentiated } from './gradients/differentiation.ts';
import { differentiationOf } from './gradients/index.ts';
import { add, reshape } from './graph/arithmetic.ts';
import type { GraphBuilder, Value } from './graph/builder.ts';
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
 * Differentiates what a network that ends in logits makes of a batch of images.
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
  const values = new Map(variables);
  for (const { name, shape, type } of network.inputs) {
    values.set(name, g.input(name, [batch, ...shape.slice(1)], type));
  }
  const tape = differentiate(g, spellOut(network), {
    values,
    variables: new Set(variables.keys()),
    onStatistics,
  });
  const [output] = tape.outputs;
  if (!output) throw new Error(`network "${network.name}" has no output`);
  return {
    logits: reshape(g, plain(g, output), [batch, sizeOf(output.dims.slice(1))]),
    backward: (gradient: Value) => tape.backward([reshape(g, gradient, output.dims)]),
  };
}

/** In the layout of the larger part of the work: blocked, where either is. */
function accumulated(g: GraphBuilder, a: Value, b: Value): Value {
  if (a.layout === 'plain' && b.layout === 'plain') return add(g, a, b);
  return add(g, blocked(g, a), blocked(g, b));
}
