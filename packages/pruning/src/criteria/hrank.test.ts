import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { channelMap, type Network, prunableGroups } from '@espalier/network';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { inMemory, type Picture, plainPixels } from '../../test/in-memory.ts';
import { gatherEvidence } from '../evidence/gather.ts';
import { findCriterion, rank } from './index.ts';

let engine: Engine;
let home: string;

beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
  home = await mkdtemp(path.join(tmpdir(), 'espalier-hrank-'));
});

afterAll(async () => {
  await engine.dispose();
  await rm(home, { recursive: true, force: true });
});

const SIZE = 4;
const grid = (value: (row: number, column: number) => number) =>
  Array.from({ length: SIZE * SIZE }, (_, i) => value(Math.floor(i / SIZE), i % SIZE));
const flat = grid(() => 51);
const stripes = grid((_, column) => (column % 2 === 0 ? 255 : 51));
const diagonal = grid((row, column) => (row === column ? 255 : 0));
const corner = grid((row, column) => (row === column && row < 2 ? 255 : 0));
const black = grid(() => 0);

// Red, green and blue have the ranks 1, 4, 0 in the first picture and 1, 2, 1 in the second.
const pictures: Picture[] = [
  [flat, diagonal, black],
  [stripes, corner, flat],
];

async function ranked(network: Network, name: string) {
  const map = channelMap(network);
  const criterion = findCriterion(name);
  const dataset = inMemory(pictures, SIZE, 2);
  const evidence = await gatherEvidence(criterion, { network, map, seed: 0 }, { dataset, engine, home });
  return prunableGroups(map).map((group) => rank(criterion, group, { network, map, seed: 0, evidence }));
}

/** Red, green, blue, red and green together, minus red. */
const MIXTURES = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, -1, 0, 0];

test('the mean rank of the map that a filter gives behind its activation', async () => {
  const b = new NetworkBuilder('maps');
  b.constant([5, 3, 1, 1], MIXTURES, 'stem.weight');
  const stem = b.relu(
    b.conv(b.input([3, SIZE, SIZE]), 5, { kernel: 1, weight: 'stem.weight', name: 'stem' }),
  );
  const network = { ...b.build(b.head(stem, 2)), metadata: plainPixels(SIZE) };
  const [group] = await ranked(network, 'hrank');
  // Flat + diagonal is regular; stripes + corner has the rows 1 0 .. of both: rank 3. Behind Relu minus red is black.
  expect([...(group?.scores ?? [])]).toEqual([1, 3, 0.5, 3.5, 0]);
  expect(group?.order).toEqual([3, 1, 0, 2, 4]);
});

test('a residual stream: each producer by the map that leaves its sum', async () => {
  const b = new NetworkBuilder('stream');
  b.constant([3, 3, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1], 'stem.weight');
  // The branch turns green into blue, takes red away and leaves green alone.
  b.constant([3, 3, 1, 1], [-1, 0, 0, 0, 0, 0, 0, 1, 0], 'branch.weight');
  const stem = b.relu(
    b.conv(b.input([3, SIZE, SIZE]), 3, { kernel: 1, weight: 'stem.weight', name: 'stem' }),
  );
  const branch = b.conv(stem, 3, { kernel: 1, weight: 'branch.weight', name: 'branch' });
  const network = { ...b.build(b.head(b.relu(b.add(stem, branch)), 2)), metadata: plainPixels(SIZE) };
  const scores = async (name: string) => [...((await ranked(network, name))[0]?.scores ?? [])];
  // The stem's maps: 1, 3, 0.5. After the sum: black, green, and blue + green of rank 4 and 3.
  expect(await scores('hrank')).toEqual([1, 6, 4]);
  expect(await scores('hrank:mean')).toEqual([0.5, 3, 2]);
  expect(await scores('hrank:max')).toEqual([1, 3, 3.5]);
});

test('a dense layer has maps of one pixel: rank 1 unless it is 0', async () => {
  const b = new NetworkBuilder('dense');
  b.constant(
    [3, 3 * SIZE * SIZE],
    [...grid(() => 1), ...Array(32).fill(0), ...Array(48).fill(-1), ...Array(32).fill(0), ...grid(() => 1)],
    'hidden.weight',
  );
  const x = b.flatten(b.input([3, SIZE, SIZE]));
  const hidden = b.relu(b.op('Gemm', [x, 'hidden.weight'], { transB: 1, alpha: 1, beta: 1 }, 'hidden'));
  const network = { ...b.build(b.gemm(hidden, 2)), metadata: plainPixels(SIZE) };
  // Red is there in both pictures, blue in one; minus everything in none.
  expect([...((await ranked(network, 'hrank'))[0]?.scores ?? [])]).toEqual([1, 0, 0.5]);
});
