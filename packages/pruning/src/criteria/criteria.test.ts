import { InputError } from '@espalier/errors';
import { channelMap, floatTensor, type Network, prunableGroups } from '@espalier/network';
import { expect, test } from 'vitest';
import { findCriterion, keptUnits, rank } from './index.ts';

/** Two 1x1 convolutions and a BatchNorm between them; three filters of two weights in the first. */
function chain(batchNorm: boolean): Network {
  const conv = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1 };
  const constants = new Map([
    ['w1', floatTensor([3, 2, 1, 1], [3, 4, 0, -1, 3, 0])],
    ['w2', floatTensor([1, 3, 1, 1], [1, 1, 1])],
    ['scale', floatTensor([3], [0.5, -2, 1])],
    ['zeros', floatTensor([3], [0, 0, 0])],
    ['ones', floatTensor([3], [1, 1, 1])],
  ]);
  const norm = {
    name: 'bn',
    op: 'BatchNormalization',
    inputs: ['a', 'scale', 'zeros', 'zeros', 'ones'],
    outputs: ['b'],
    attributes: { epsilon: 1e-5 },
  };
  return {
    name: 'chain',
    inputs: [{ name: 'x', shape: [-1, 2, 4, 4] }],
    outputs: ['y'],
    nodes: [
      { name: 'first', op: 'Conv', inputs: ['x', 'w1'], outputs: ['a'], attributes: conv },
      ...(batchNorm ? [norm] : []),
      { name: 'second', op: 'Conv', inputs: [batchNorm ? 'b' : 'a', 'w2'], outputs: ['y'], attributes: conv },
    ],
    constants,
  };
}

function scores(name: string, seed = 0) {
  const network = chain(true);
  const map = channelMap(network);
  const [group] = prunableGroups(map);
  if (!group) throw new Error('the chain has a prunable group');
  return rank(findCriterion(name), group, { network, map, seed });
}

// Filters are (3, 4), (0, -1) and (3, 0).
test.each([
  ['l1', [7, 1, 3]],
  ['l2', [5, 1, 3]],
  ['fpgm', [Math.hypot(3, 5) + 4, Math.hypot(3, 5) + Math.hypot(3, 1), 4 + Math.hypot(3, 1)]],
  ['bn-scale', [0.5, 2, 1]],
  // Squares 25, 1 and 9: each over what is left of the layer when all smaller ones are gone.
  ['lamp', [1, 1 / 35, 9 / 34]],
])('%s scores by hand', (name, expected) => {
  expect([...scores(name).scores]).toEqual(expected.map((value) => expect.closeTo(value, 6)));
});

test('the most important units are kept', () => {
  expect(scores('l1').order).toEqual([0, 2, 1]);
  expect(keptUnits(scores('l1'), 2)).toEqual([0, 2]);
  expect(keptUnits(scores('bn-scale'), 1)).toEqual([1]);
});

test('ties remove the higher index first', () => {
  const network = chain(false);
  const constants = new Map(network.constants).set('w1', floatTensor([3, 2, 1, 1], [1, 1, 1, 1, 1, 1]));
  const map = channelMap({ ...network, constants });
  const [group] = prunableGroups(map);
  if (!group) throw new Error('the chain has a prunable group');
  const context = { network: { ...network, constants }, map, seed: 0 };
  expect(rank(findCriterion('l1'), group, context).order).toEqual([0, 1, 2]);
});

test('random depends on the seed and on nothing else', () => {
  expect(scores('random', 1).scores).toEqual(scores('random', 1).scores);
  expect(scores('random', 1).scores).not.toEqual(scores('random', 2).scores);
});

test('bn-scale is refused by name where no BatchNorm follows', () => {
  const network = chain(false);
  const map = channelMap(network);
  const [group] = prunableGroups(map);
  if (!group) throw new Error('the chain has a prunable group');
  expect(() => findCriterion('bn-scale').score(group, { network, map, seed: 0 })).toThrow(
    new InputError(
      'criterion bn-scale: no BatchNorm follows group "first" (it may be folded into the convolution); choose another criterion, such as l1',
      'criterion',
    ),
  );
});

test('an unknown criterion is refused with the list of those there are', () => {
  expect(() => findCriterion('l3')).toThrow(/there is no criterion "l3"; the criteria are l1, .*fpgm/);
});

test('a weight and a scale that are applied twice count once', () => {
  const network = chain(true);
  const twice: Network = {
    ...network,
    inputs: [...network.inputs, { name: 'z', shape: [-1, 2, 4, 4] }],
    nodes: [
      ...network.nodes,
      ...network.nodes.map((node) => ({
        ...node,
        name: `${node.name} again`,
        inputs: node.inputs.map((value) => ({ x: 'z', a: 'a2', b: 'b2' })[value] ?? value),
        outputs: node.outputs.map((value) => `${value}2`),
      })),
    ],
    outputs: ['y', 'y2'],
  };
  const map = channelMap(twice);
  const [group] = prunableGroups(map);
  if (!group) throw new Error('the chain has a prunable group');
  expect(group.producers).toEqual(['first', 'first again']);
  for (const name of ['l1', 'l2', 'fpgm', 'bn-scale', 'lamp', 'l1:mean', 'l1:max']) {
    const again = rank(findCriterion(name), group, { network: twice, map, seed: 0 });
    expect([name, ...again.scores]).toEqual([name, ...scores(name).scores]);
  }
});
