import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { samplePermutation } from '@espalier/datasets';
import { type Engine, evaluate, openEngine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { channelMap, constantOf, floatTensor, type Network, prunableGroups } from '@espalier/network';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyDataset } from '../../../engines/test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../../engines/test/tiny-networks.ts';
import { gatherEvidence } from '../evidence/gather.ts';
import { findCriterion, rank } from './index.ts';

let engine: Engine;
let home: string;

beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
  home = await mkdtemp(path.join(tmpdir(), 'espalier-taylor-'));
});

afterAll(async () => {
  await engine.dispose();
  await rm(home, { recursive: true, force: true });
});

const SEED = 3;
/** Two batches of 32, and six images that fill none. */
const dataset = tinyDataset({ n: 70 });
const network: Network = { ...tinyResNet(), metadata: tinyMetadata() };
const map = channelMap(network);

async function ranked(name: string) {
  const criterion = findCriterion(name);
  const at = { network, map, seed: SEED };
  const evidence = await gatherEvidence(criterion, at, { dataset, engine, home });
  return prunableGroups(map).map((group) => rank(criterion, group, { ...at, evidence }));
}

/**
 * By differences of the evaluated loss: along a filter's own direction its slope is the sum of gradient * weight.
 */
async function expected(producer: string, filter: number): Promise<number> {
  // All are taken: no seed draws them.
  const order = samplePermutation(70, 0);
  const lossAt = async (scale: number, from: number) => {
    const name = `${producer}.weight`;
    const weight = constantOf(network, name);
    const size = weight.data.length / (weight.dims[0] ?? 1);
    const scaled = Array.from(weight.data, Number).map((value, i) =>
      Math.floor(i / size) === filter ? value * scale : value,
    );
    const constants = new Map(network.constants).set(name, floatTensor(weight.dims, scaled));
    const indices = order.subarray(from, from + 32);
    return (await evaluate(engine, { ...network, constants }, dataset, 'train', { indices })).loss;
  };
  const distance = 0.01;
  let sum = 0;
  for (const from of [0, 32]) {
    sum += (((await lossAt(1 + distance, from)) - (await lossAt(1 - distance, from))) / (2 * distance)) ** 2;
  }
  return sum / 2;
}

test('the squared slope of the loss along each filter, summed over the producers of a stream', async () => {
  const [stream, inner] = await ranked('taylor');
  if (!stream || !inner) throw new Error('there is a stream and a layer inside');
  expect(stream.group.producers).toEqual(['conv1', 'conv3']);
  for (const unit of [0, 3, 7]) {
    const [stem, branch] = [await expected('conv1', unit), await expected('conv3', unit)];
    expect(stem).toBeGreaterThan(1e-6);
    expect((stream.scores[unit] ?? 0) / (stem + branch)).toBeCloseTo(1, 1);
  }
  expect((inner.scores[2] ?? 0) / (await expected('conv2', 2))).toBeCloseTo(1, 1);
});

test('the mean of a stream is half of its sum, the largest lies between', async () => {
  const [sum, mean, max] = [await ranked('taylor'), await ranked('taylor:mean'), await ranked('taylor:max')];
  const unit = 4;
  const of = (rankings: typeof sum) => rankings[0]?.scores[unit] ?? Number.NaN;
  expect(of(mean)).toBeCloseTo(of(sum) / 2, 12);
  expect(of(max)).toBeGreaterThanOrEqual(of(mean));
  expect(of(max)).toBeLessThan(of(sum));
});

test('without images it is refused', () => {
  const [group] = prunableGroups(map);
  if (!group) throw new Error('there is a group');
  expect(() => rank(findCriterion('taylor'), group, { network, map, seed: 0 })).toThrow(
    new InputError('criterion taylor needs training images: give a data set', 'dataset'),
  );
});
