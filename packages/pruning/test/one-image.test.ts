import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, METRICS, openEngine, trainingImages } from '@espalier/engines';
import { cutNetwork, type Network } from '@espalier/network';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyDataset } from '../../engines/test/tiny-dataset.ts';
import { tinyMetadata } from '../../engines/test/tiny-networks.ts';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { forOneImage } from '../../network/test/single.ts';
import { repair, sample } from '../src/index.ts';
import { ranked } from './ranked.ts';

let engine: Engine;
let home: string;
const dataset = { ...tinyDataset({ n: 60 }), hash: 'bare', classes: [] };

beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 2 });
  home = await mkdtemp(path.join(tmpdir(), 'espalier-one-'));
});
afterAll(async () => {
  await engine.dispose();
  await rm(home, { recursive: true, force: true });
});

/** A trunk with a shortcut and a state that is added to it. */
function network({ state = false } = {}): Network {
  const b = new NetworkBuilder('recurrent', 3);
  const x = b.convBnRelu(b.input([3, 6, 6]), 8);
  const more = b.convBnRelu(x, 12);
  const y = b.batchNorm(b.conv(more, 8));
  const sum = b.add(x, y);
  const now = state ? b.add(sum, b.input([8, 6, 6], 'before')) : sum;
  return { ...b.build(b.head(b.relu(now), 5)), metadata: tinyMetadata() };
}

function sampled(of: Network, folder: string, naive = false) {
  const common = { allowInexact: false, dataset, engine, grid: [0.25, 0.5, 0.75], samples: 30, seed: 0 };
  return sample({
    ...{ ...ranked(of), ...common, metric: METRICS.fidelity, home: path.join(home, folder), naive },
    tuning: { processes: 1 },
  });
}

test.each([
  ['without a state', {}],
  ['with a state', { state: true }],
] as const)('what is sampled one image at a time is what batches say, %s', async (name, options) => {
  const batches = await sampled(network(options), `${name}-batches`);
  expect(Math.min(...batches.run.drop.flat())).toBeGreaterThan(0.001);
  for (const naive of [false, true]) {
    const one = await sampled(forOneImage(network(options)), `${name}-one-${naive}`, naive);
    one.run.drop.forEach((row, g) => {
      row.forEach((value, k) => {
        expect(value).toBeCloseTo(batches.run.drop[g]?.[k] ?? Number.NaN, 5);
      });
    });
  }
});

test.each([
  ['without a state', {}],
  ['with a state', { state: true }],
] as const)('it is repaired, %s', async (_name, options) => {
  const base = forOneImage(network(options));
  const { map, rankings } = ranked(base);
  const structure = rankings.map(({ group: { id, width }, order }) => ({
    group: id,
    kept: order.slice(0, Math.ceil(width / 2)).toSorted((a, b) => a - b),
  }));
  const { network: cut } = cutNetwork(base, map, structure);
  // With fewer a layer has to gain more than these networks of random weights can.
  const images = 500;
  const many = { ...tinyDataset({ n: images }), hash: 'bare', classes: [] };
  const repaired = await repair({
    ...{ base, map, structure, cut, engine, seed: 0 },
    images: { count: images, batches: (size) => trainingImages(base, many, { images, seed: 0 }, size) },
  });
  expect(repaired.layers.length).toBeGreaterThan(1);
  for (const { before, after } of repaired.layers) expect(after).toBeLessThan(before);
});
