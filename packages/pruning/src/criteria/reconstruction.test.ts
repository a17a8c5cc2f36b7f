import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seededRandom } from '@espalier/datasets';
import { type Engine, openEngine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { channelMap, type Network, prunableGroups } from '@espalier/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { inMemory, type Picture, plainPixels } from '../../test/in-memory.ts';
import { gatherEvidence } from '../evidence/gather.ts';
import { findCriterion, rank } from './index.ts';

let engines: Record<'onnxruntime' | 'tensorflow', Engine>;
let home: string;

beforeAll(async () => {
  const onnxruntime = await openEngine('onnxruntime', { threads: 1 });
  engines = { onnxruntime, tensorflow: await openEngine('tensorflow') };
  home = await mkdtemp(path.join(tmpdir(), 'espalier-reconstruction-'));
});

afterAll(async () => {
  for (const engine of Object.values(engines)) await engine.dispose();
  await rm(home, { recursive: true, force: true });
});

const SIZE = 6;
const draw = seededRandom(3);
const pictures = Array.from({ length: 60 }, (): Picture => {
  const channel = () => Array.from({ length: SIZE * SIZE }, () => Math.floor(draw() * 256));
  return [channel(), channel(), channel()];
});
const dataset = inMemory(pictures, SIZE, 2);
const criterion = findCriterion('reconstruction');

async function ranked(network: Network, engine: Engine) {
  const map = channelMap(network);
  const subject = { network, map, seed: 0 };
  const evidence = await gatherEvidence(criterion, subject, { dataset, engine, home });
  return prunableGroups(map).map((group) => rank(criterion, group, { ...subject, evidence }));
}

/** Rectified convolution of 8 filters: some are nowhere above zero, 0 and 4 are equal. */
function stem(b: NetworkBuilder, dead: readonly number[]): string {
  const filters = Array.from({ length: 8 }, () => b.random.values(27, 0.5));
  if (filters[0]) filters[4] = filters[0];
  b.constant([8, 3, 3, 3], Float32Array.from(filters.flatMap((each) => [...each])), 'stem.weight');
  const bias = b.constant(
    [8],
    Array.from({ length: 8 }, (_, unit) => (dead.includes(unit) ? -100 : 0.1)),
  );
  const window = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 };
  return b.relu(b.op('Conv', [b.input([3, SIZE, SIZE]), 'stem.weight', bias], window, 'stem'));
}

const networks: [what: string, behind: (b: NetworkBuilder, x: string) => string][] = [
  ['a convolution', (b, x) => b.head(b.convBnRelu(x, 6), 2)],
  ['a transposed convolution', (b, x) => b.head(b.relu(b.convTranspose(x, 6)), 2)],
  ['a dense layer, each unit a plane of it', (b, x) => b.gemm(b.flatten(x), 3)],
  [
    'a depthwise layer, which only hands units on',
    (b, x) => b.head(b.convBnRelu(b.relu(b.depthwise(x)), 6), 2),
  ],
  [
    'several layers along a stream',
    (b, x) => {
      const sum = b.relu(b.add(x, b.relu(b.conv(b.convBnRelu(x, 5), 8))));
      return b.head(b.relu(b.add(sum, b.conv(b.relu(b.conv(sum, 4)), 8))), 2);
    },
  ],
  ['a convolution of two groups', (b, x) => b.head(b.convBnRelu(x, 8, { group: 2 }), 2)],
];

it.each(networks)('%s: what is always zero goes first, on both engines alike', async (_, behind) => {
  const b = new NetworkBuilder('net', 7);
  const network = { ...b.build(behind(b, stem(b, [2, 6]))), metadata: plainPixels(SIZE) };
  const own = await ranked(network, engines.onnxruntime);
  const [group] = own;
  expect(group?.group.producers).toContain('stem');
  // Of two conv-groups a unit has a channel of each.
  const isGrouped = group?.group.width === 4;
  expect(group?.order.slice(isGrouped ? -1 : -2)).toEqual(isGrouped ? [2] : [2, 6]);
  const other = await ranked(network, engines.tensorflow);
  expect(other.map(({ order }) => order)).toEqual(own.map(({ order }) => order));
  for (const [g, { scores }] of own.entries())
    for (const [unit, score] of scores.entries()) expect(other[g]?.scores[unit]).toBeCloseTo(score, 4);
});

it('one of two equal filters costs next to nothing, and then the other one stays', async () => {
  const b = new NetworkBuilder('twins', 11);
  const network = {
    ...b.build(b.head(b.convBnRelu(stem(b, []), 12), 2)),
    metadata: plainPixels(SIZE),
  };
  const [group] = await ranked(network, engines.onnxruntime);
  const [first = -1, second = -1] = group?.order.toReversed() ?? [];
  expect([0, 4]).toContain(first);
  expect([0, 4]).not.toContain(second);
  expect(group?.scores[first]).toBeLessThan(0.05 * (group?.scores[second] ?? 0));
});

it('ranks by the size of filters what only a layer of too many inputs reads', async () => {
  const b = new NetworkBuilder('large', 5);
  const x = b.relu(b.conv(b.input([3, SIZE, SIZE]), 230, { name: 'wide' }));
  const network = { ...b.build(b.gemm(b.flatten(x), 2)), metadata: plainPixels(SIZE) };
  const [group] = await ranked(network, engines.onnxruntime);
  const context = { network, map: channelMap(network), seed: 0 };
  expect(group?.scores).toEqual(group && findCriterion('l2').score(group.group, context));
});

it('refuses a network that computes what is not finite, by the group', async () => {
  const b = new NetworkBuilder('broken', 3);
  const network = { ...b.build(b.head(b.convBnRelu(stem(b, []), 4), 2)), metadata: plainPixels(SIZE) };
  const weight = network.constants.get('stem.weight');
  const broken = new Map(network.constants);
  if (weight)
    broken.set('stem.weight', { dims: weight.dims, data: new Float32Array(weight.data.length).fill(3e38) });
  await expect(ranked({ ...network, constants: broken }, engines.onnxruntime)).rejects.toThrow(
    'network "broken" computes values that are not finite at "stem"',
  );
});

it('refuses without images, and has nothing to reduce', async () => {
  const b = new NetworkBuilder('net');
  const network = b.build(b.head(stem(b, []), 2));
  const map = channelMap(network);
  const [group] = prunableGroups(map);
  expect(() => group && rank(criterion, group, { network, map, seed: 0 })).toThrow(
    new InputError('criterion reconstruction needs training images: give a data set', 'dataset'),
  );
  expect(() => findCriterion('reconstruction:max')).toThrow('criterion reconstruction takes no reduction');
});
