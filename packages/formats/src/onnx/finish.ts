import { type Network, type NetworkInput, type Node, reachable } from '@espalier/network';
import { fileError } from './refusals.ts';
import { shareParameters } from './sharing.ts';
import { recogniseShuffles } from './shuffle.ts';
import { cutOffTail } from './tail.ts';
import { sinkTransposes } from './transposes/sink.ts';
import type { Walk } from './walk.ts';

/** The network of a walk that is over: outputs named as in the file, nothing unused. */
export function finishNetwork(
  walk: Walk,
  name: string,
  inputs: readonly NetworkInput[],
  outputs: readonly string[],
): Network {
  const read = reachable(withOutputs(walk, inputs, outputs), outputs);
  const ended = cutOffTail({ name, inputs, outputs, nodes: read, constants: walk.constants });
  const { network: whole, turns } = sinkTransposes(ended, {
    value: (stem) => walk.valueName(stem),
    node: (stem) => walk.nodeName(stem),
  });
  walk.turns = turns;
  const nodes = recogniseShuffles(whole.nodes, inputs, whole.constants, whole.outputs);
  const network = { ...whole, nodes: reachable(nodes, whole.outputs) };
  const shared = shareParameters(network, (stem) => walk.valueName(stem));
  const used = new Set(shared.nodes.flatMap((node) => node.inputs));
  const constants = new Map([...shared.constants].filter(([constant]) => used.has(constant)));
  const stored = new Map(
    [...constants].flatMap(([constant, { data }]) => {
      const type = walk.stored.get(data);
      return type ? [[constant, type] as const] : [];
    }),
  );
  return { ...shared, constants, ...(stored.size > 0 ? { stored } : {}) };
}

/** Values that became outputs because the nodes after them were dropped get the outputs' names. */
function withOutputs(walk: Walk, inputs: readonly NetworkInput[], outputs: readonly string[]): Node[] {
  const computed = new Set(walk.nodes.flatMap((node) => node.outputs));
  const isInput = new Set(inputs.map(({ name }) => name));
  const renamed = new Map<string, string>();
  const copies: Node[] = [];
  for (const output of outputs) {
    const value = walk.resolve(output);
    if (!walk.isDefined(value)) throw fileError(`nothing computes output "${output}"`);
    if (!computed.has(value) && !isInput.has(value)) {
      throw fileError(`output "${output}" does not depend on the network's input`);
    }
    if (value === output) continue;
    if (computed.has(value) && !outputs.includes(value) && !renamed.has(value)) renamed.set(value, output);
    else {
      const name = walk.nodeName(output);
      copies.push({ name, op: 'Identity', inputs: [value], outputs: [output], attributes: {} });
    }
  }
  const rename = (values: readonly string[]) => values.map((value) => renamed.get(value) ?? value);
  return [...walk.nodes, ...copies].map((node) => ({
    ...node,
    inputs: rename(node.inputs),
    outputs: rename(node.outputs),
  }));
}
