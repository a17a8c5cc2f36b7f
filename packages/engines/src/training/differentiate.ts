import type { Network, Node } from '@espalier/network';
import type { Differentiated } from './gradients/differentiation.ts';
import { differentiationOf } from './gradients/index.ts';
import { add } from './graph/arithmetic.ts';
import type { GraphBuilder, Value } from './graph/builder.ts';
import { blocked } from './graph/layout.ts';

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
  readonly onStatistics?: (node: Node, mean: Value, variance: Value) => void;
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

/** In the layout of the larger part of the work: blocked, where either is. */
function accumulated(g: GraphBuilder, a: Value, b: Value): Value {
  if (a.layout === 'plain' && b.layout === 'plain') return add(g, a, b);
  return add(g, blocked(g, a), blocked(g, b));
}
