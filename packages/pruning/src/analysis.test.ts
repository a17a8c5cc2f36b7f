import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyDataset } from '../../engines/test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../engines/test/tiny-networks.ts';
import { type Analysis, analyse } from './analysis.ts';
import { findCriterion } from './criteria/index.ts';
import { prune } from './prune.ts';
import { mergeShards, sampleShard } from './sampling/shard.ts';

let engine: Engine;
let home: string;
const network: Network = { ...tinyResNet(), metadata: tinyMetadata() };
const dataset = tinyDataset({ n: 600 });

beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
  home = await mkdtemp(path.join(tmpdir(), 'espalier-analysis-'));
});

afterAll(async () => {
  await engine.dispose();
  await rm(home, { recursive: true, force: true });
});

function shard({ map, rankings, cost, criterion: name }: Analysis, index: number) {
  const criteria = [{ criterion: findCriterion(name), rankings, cost }];
  const request = {
    network,
    map,
    allowInexact: false,
    criteria,
    dataset,
    engine,
    grid: [0.5],
    seed: 0,
    home,
  };
  return sampleShard({ ...request, samples: 200, tuning: { processes: 1 } }, { index, of: 2 });
}

const orders = ({ rankings }: Analysis) => rankings.map(({ order }) => order);

test('a sweep by images carries its order: what goes by it ranks like it, without an image', async () => {
  const options = { criterion: 'taylor:mean', seed: 0 };
  const first = await analyse(network, options, { dataset, engine, home });
  expect(first.criterion).toBe('taylor:mean');
  const sweep = mergeShards([...(await shard(first, 1)), ...(await shard(first, 2))]);
  expect(sweep.order).toEqual(orders(first));

  // Another seed would draw other images, and rank by them.
  const other = await analyse(network, { ...options, seed: 5 }, { dataset, engine, home });
  expect(orders(other)).not.toEqual(orders(first));
  const like = await analyse(network, { ...options, seed: 5, order: sweep.order });
  expect(orders(like)).toEqual(orders(first));
  const request = { network, allocation: 'cie', target: { metric: 'macs', share: 0.3 }, limits: {} } as const;
  expect(prune({ ...request, ...like, sweep }).structure).toEqual(
    prune({ ...request, ...first, sweep }).structure,
  );

  // Shares that were ranked differently do not make one sweep.
  const mixed = [...(await shard(first, 1)), ...(await shard(other, 2))];
  expect(() => mergeShards(mixed)).toThrow(/is of another sweep than 1\/2: they differ in "order"/);
});

test('a sweep by weights alone carries no order', async () => {
  const first = await analyse(network, { criterion: 'l1', seed: 0 });
  expect(mergeShards([...(await shard(first, 1)), ...(await shard(first, 2))])).not.toHaveProperty('order');
});

test('an order that does not fit, and images that are not there, are refused', async () => {
  const options = { criterion: 'hrank', seed: 0 };
  await expect(analyse(network, options)).rejects.toThrow(
    new InputError('criterion hrank needs training images: give a data set', 'dataset'),
  );
  await expect(analyse(network, { ...options, order: [[0]] })).rejects.toThrow(
    /the sweep has 1 channel groups, the network 2/,
  );
  const all = [0, 1, 2, 3, 4, 5, 6, 7];
  for (const wrong of [all.slice(1), [...all, 8], all.with(0, 1)]) {
    await expect(analyse(network, { ...options, order: [wrong, all] })).rejects.toThrow(
      'order of group "conv1" does not name each of its 8 units once',
    );
  }
});
