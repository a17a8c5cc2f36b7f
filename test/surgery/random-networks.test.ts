import { type Engine, openEngine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import {
  type ChannelGroup,
  type ChannelMap,
  channelMap,
  cutNetwork,
  inferShapes,
  type KeptUnits,
  layerCosts,
  type Network,
  type Node,
  networkCost,
  networkHash,
  removedUnits,
} from '@espalier/network';
import { costModel, findCriterion, keptUnits, rank } from '@espalier/pruning';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../packages/network/test/random.ts';
import { type NetworkPlan, networkOf, networkPlan, randomStructure } from '../generate/random-network.ts';
import { cutAndCompare, randomInputs, run } from './exactness.ts';

const RUNS = Number(process.env.ESPALIER_FUZZ_RUNS ?? 100);
const TIMEOUT = 20_000 + 200 * RUNS;

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

/** A random network and a random structure for it. */
function drawn(plan: NetworkPlan): {
  network: Network;
  map: ChannelMap;
  structure: KeptUnits[];
  random: Random;
} {
  const random = new Random(plan.seed + 1);
  const network = networkOf(plan);
  const map = channelMap(network);
  return { network, map, structure: randomStructure(map, random), random };
}

test(
  'cutting random units of random networks is the same as zeroing them, and again',
  { timeout: TIMEOUT },
  () =>
    fc.assert(
      fc.asyncProperty(networkPlan, async (plan) => {
        const { network, map, structure, random } = drawn(plan);
        const first = await cutAndCompare(engine, network, map, structure, random);
        expect(first.difference).toBeLessThanOrEqual(1e-4);

        const mapOfCut = channelMap(first.cut);
        const again = randomStructure(mapOfCut, random);
        const second = await cutAndCompare(engine, first.cut, mapOfCut, again, random);
        expect(second.difference).toBeLessThanOrEqual(1e-4);
      }),
      { numRuns: RUNS },
    ),
);

test('inexact groups can be cut, too: the shapes fit and the network runs', { timeout: TIMEOUT }, () =>
  fc.assert(
    fc.asyncProperty(networkPlan, async (plan) => {
      const network = networkOf(plan);
      const map = channelMap(network, { allowInexact: true });
      const random = new Random(plan.seed + 1);
      const { difference } = await cutAndCompare(engine, network, map, randomStructure(map, random), random);
      expect(difference).toBeLessThan(Number.POSITIVE_INFINITY);
    }),
    { numRuns: Math.ceil(RUNS / 2) },
  ),
);

test('inferred shapes are those that ONNX Runtime computes', { timeout: TIMEOUT }, () =>
  fc.assert(
    fc.asyncProperty(networkPlan, async (plan) => {
      const network = networkOf(plan);
      const everything = { ...network, outputs: network.nodes.flatMap(({ outputs }) => outputs) };
      const values = await run(engine, everything, randomInputs(network, new Random(plan.seed), 3));
      const inferred = inferShapes(network, 3);
      for (const [name, { dims }] of Object.entries(values))
        expect([name, inferred.get(name)]).toEqual([name, dims]);
    }),
    { numRuns: Math.ceil(RUNS / 2) },
  ),
);

test('the hash depends on weights, not on names or on the order of nodes', { timeout: TIMEOUT }, () =>
  fc.assert(
    fc.property(networkPlan, (plan) => {
      const { network, map, structure, random } = drawn(plan);
      const hash = networkHash(network);
      expect(networkHash(rewritten(network, random))).toBe(hash);
      expect(networkHash(networkOf(plan))).toBe(hash);
      const { network: cut, cuts } = cutNetwork(network, map, structure);
      if (cuts.length > 0) expect(networkHash(cut)).not.toBe(hash);
      else expect(networkHash(cut)).toBe(hash);
    }),
    { numRuns: RUNS },
  ),
);

/** The same network with other names and its nodes in another topological order. */
function rewritten(network: Network, random: Random): Network {
  const waiting = [...network.nodes];
  const nodes: Node[] = [];
  const computed = new Set([...network.constants.keys(), ...network.inputs.map(({ name }) => name)]);
  while (waiting.length > 0) {
    const ready = waiting.filter(({ inputs }) => inputs.every((value) => computed.has(value)));
    const [node] = random.subset(ready.length, 1).flatMap((i) => ready[i] ?? []);
    if (!node) throw new Error('the network is not in topological order');
    waiting.splice(waiting.indexOf(node), 1);
    nodes.push(node);
    for (const value of node.outputs) computed.add(value);
  }
  const renamed = (value: string) => `${value}'`;
  return {
    name: renamed(network.name),
    inputs: network.inputs.map((input) => ({ ...input, name: renamed(input.name) })),
    outputs: network.outputs.map(renamed),
    nodes: nodes.map((node) => ({
      ...node,
      name: renamed(node.name),
      inputs: node.inputs.map(renamed),
      outputs: node.outputs.map(renamed),
    })),
    constants: new Map([...network.constants].map(([name, tensor]) => [renamed(name), tensor])),
  };
}

test('as many filters go as were asked for, shapes stay consistent, costs fall', { timeout: TIMEOUT }, () =>
  fc.assert(
    fc.property(networkPlan, (plan) => {
      const { network, map, structure } = drawn(plan);
      const { network: cut, cuts } = cutNetwork(network, map, structure);
      const [before, after] = [inferShapes(network), inferShapes(cut)];
      for (const output of network.outputs) expect(after.get(output)).toEqual(before.get(output));

      const removed = removedUnits(map, structure);
      for (const { value, axis, labels } of map.producers) {
        const gone = labels.filter((unit) => unit >= 0 && removed[unit]).length;
        expect(after.get(value)?.[axis]).toBe((before.get(value)?.[axis] ?? 0) - gone);
      }
      for (const { tensor, axis, kept } of cuts) expect(after.get(tensor)?.[axis]).toBe(kept.length);

      const [whole, small] = [networkCost(network), networkCost(cut)];
      if (removed.includes(1)) {
        expect(small.params).toBeLessThan(whole.params);
        expect(small.macs).toBeLessThan(whole.macs);
      } else expect(small).toEqual(whole);
      const layers = layerCosts(cut);
      expect(layers.reduce((sum, { macs }) => sum + macs, 0)).toBe(small.macs);
      expect(layers.reduce((sum, { params }) => sum + params, 0)).toBe(small.params);
    }),
    { numRuns: 3 * RUNS },
  ),
);

test('the cost of a structure by formula is the cost of the network that is cut', { timeout: TIMEOUT }, () =>
  fc.assert(
    fc.property(networkPlan, fc.double({ min: 0, max: 0.99, noNaN: true }), (plan, share) => {
      const { network, map } = drawn(plan);
      const rankings = map.groups
        .filter(({ prunable }) => prunable)
        .map((group) => rank(findCriterion('l1'), group, { network, map, seed: 0 }));
      const widths = rankings.map(({ group }) => Math.max(1, Math.round(group.width * (1 - share))));
      const structure = rankings.map((ranking, g) => ({
        group: ranking.group.id,
        kept: keptUnits(ranking, widths[g] ?? 1),
      }));
      fc.pre(!runsDry(network, map, structure));
      expect(costModel(network, map, rankings).cost(widths)).toEqual(
        networkCost(cutNetwork(network, map, structure).network),
      );
    }),
    { numRuns: RUNS },
  ),
);

function runsDry(network: Network, map: ChannelMap, structure: readonly KeptUnits[]): boolean {
  try {
    cutNetwork(network, map, structure);
    return false;
  } catch (error) {
    if (error instanceof InputError && error.message.includes('no channels left')) return true;
    throw error;
  }
}

test('the cut network has the same groups, as wide as was asked for', { timeout: TIMEOUT }, () =>
  fc.assert(
    fc.property(networkPlan, (plan) => {
      const { network, map, structure } = drawn(plan);
      const { network: cut } = cutNetwork(network, map, structure);
      fc.pre(!changesKind(network, cut) && structure.every(({ kept }) => kept.length > 1));
      fc.pre(!leavesOneChannel(network, cut));
      const kept = new Map(structure.map(({ group, kept }) => [group, kept.length]));
      const expected = map.groups.map((group) => ({ ...group, width: kept.get(group.id) ?? group.width }));
      const groups = channelMap(cut).groups;
      expect(groups.map(summary).sort()).toEqual(expected.map(summary).sort());
      // After a split of the channels, those that a consumer reads may all have gone.
      for (const group of groups) {
        const alike = expected.filter((other) => summary(other) === summary(group));
        expect(alike.some(({ consumers }) => group.consumers.every((node) => consumers.includes(node)))).toBe(
          true,
        );
      }
    }),
    { numRuns: 3 * RUNS },
  ),
);

/** All but the id and the place: groups of one producer are numbered by their first unit, which may be gone. */
function summary({ width, producers, channelsPerUnit, prunable }: ChannelGroup): string {
  return JSON.stringify({ producers, width, channelsPerUnit, prunable });
}

/**
 * A grouped convolution that is left with one channel in each conv-group has become a depthwise one, a
 * depthwise one that is left with one channel a plain one: their channels are tied in other ways.
 */
function changesKind(network: Network, cut: Network): boolean {
  const [before, after] = [inferShapes(network), inferShapes(cut)];
  return network.nodes.some((node, i) => {
    if (node.op !== 'Conv' || node.attributes.group === 1) return false;
    const weight = node.inputs[1] ?? '';
    return (
      cut.nodes[i]?.attributes.group === 1 || (before.get(weight)?.[1] !== 1 && after.get(weight)?.[1] === 1)
    );
  });
}

/** One channel goes with as many as there are beside it: where picked ones come to one, they are tied to a map of one. */
function leavesOneChannel(network: Network, cut: Network): boolean {
  const [before, after] = [inferShapes(network), inferShapes(cut)];
  return [...after].some(([value, shape]) => shape[1] === 1 && before.get(value)?.[1] !== 1);
}

test('groups that are not prunable refuse to lose a unit, and say why', { timeout: TIMEOUT }, () =>
  fc.assert(
    fc.property(networkPlan, (plan) => {
      const { network, map } = drawn(plan);
      for (const { id, width, prunable, reason } of map.groups) {
        if (prunable) continue;
        const kept = Array.from({ length: width - 1 }, (_, unit) => unit);
        const message = width === 1 ? 'would lose all' : `group "${id}" cannot be pruned: ${reason}`;
        expect(() => cutNetwork(network, map, [{ group: id, kept }])).toThrow(message);
      }
    }),
    { numRuns: RUNS },
  ),
);
