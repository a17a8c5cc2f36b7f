import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, loadMetric, METRICS, openEngine, type QualityMetric } from '@espalier/engines';
import type { Network } from '@espalier/network';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyDataset } from '../../engines/test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../engines/test/tiny-networks.ts';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { mergeShards, prune, sample, sampleShard, samplingRunSchema } from '../src/index.ts';
import { unitContext } from '../src/sampling/sample.ts';
import { ranked } from './ranked.ts';

let engine: Engine;
let home: string;
const dataset = tinyDataset({ n: 250 });
const network: Network = { ...tinyResNet(), metadata: tinyMetadata() };

beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 2 });
  home = await mkdtemp(path.join(tmpdir(), 'espalier-own-'));
});
afterAll(async () => {
  await engine.dispose();
  await rm(home, { recursive: true, force: true });
});

/** Top-1, in a file of your own. */
const TOP1 = `export const name = 'right';
export const direction = 'higher';
export const unit = 'share';
export const start = () => ({
  add(outputs, _name, label) {
    const [{ data }] = Object.values(outputs);
    return data.indexOf(Math.max(...data)) === label ? 1 : 0;
  },
  result: (images) => images.reduce((sum, right) => sum + right, 0) / images.length,
});
`;
/** What is largest of the second of two outputs. */
const SECOND = `export const name = 'largest', direction = 'lower', unit = 'ratio';
export const start = () => ({
  add: (outputs) => Math.max(...Object.values(outputs)[1].data),
  result: (images) => images.reduce((sum, value) => sum + value, 0) / images.length,
});
`;

async function metricOf(text: string): Promise<QualityMetric> {
  const file = path.join(home, `${text.length}.mjs`);
  await writeFile(file, text);
  return loadMetric(file);
}

function request(of: Network, metric: QualityMetric, folder: string, samples = 60) {
  const common = { allowInexact: false, dataset, engine, grid: [0.25, 0.5, 0.75], samples, seed: 0 };
  return { ...ranked(of), ...common, metric, home: path.join(home, folder) };
}

test("a sampling by a metric of one's own that is top-1 is the sampling by top-1", async () => {
  const metric = await metricOf(TOP1);
  const own = await sample(request(network, metric, 'own', 250));
  const known = await sample(request(network, METRICS.top1, 'top1', 250));
  expect(own.run.drop).toEqual(known.run.drop);
  expect(own.run.contribution).toEqual(known.run.contribution);
  expect(own.run.values).toEqual({ [metric.name]: known.run.accuracy });
  expect(own.run).toMatchObject({
    accuracy: null,
    hits: null,
    metric: { name: metric.name, label: 'right' },
  });
  // By groups of images that are left out, the error of a mean is about what it is by its images.
  const errors = [own, known].map(({ run }) => run.standardError.flat());
  const mean = (values: readonly number[] = []) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(errors[0]) / mean(errors[1])).toBeGreaterThan(0.7);
  expect(mean(errors[0]) / mean(errors[1])).toBeLessThan(1.4);
  expect(samplingRunSchema.parse(JSON.parse(JSON.stringify(own.run)))).toEqual(own.run);
  const goal = {
    ...ranked(network),
    criterion: 'l1',
    allocation: 'cie',
    limits: {},
    target: { metric: 'macs', share: 0.3 },
  } as const;
  expect(prune({ ...goal, sweep: own.run }).structure).toEqual(
    prune({ ...goal, sweep: known.run }).structure,
  );
});

test('it goes on where it was, in shares and the plain way, by the file that it was', async () => {
  const metric = await metricOf(TOP1);
  await sample(request(network, metric, 'resumed', 130));
  const resumed = await sample(request(network, metric, 'resumed', 250));
  expect(resumed.cached).toBe(0);
  const all = await sample(request(network, metric, 'all', 250));
  expect(resumed.run).toEqual(all.run);
  expect((await sample(request(network, metric, 'all', 250))).cached).toBe(all.run.removed.flat().length);
  const naive = await sample({ ...request(network, metric, 'naive', 60), naive: true });
  expect((await sample(request(network, metric, 'all', 60))).run.drop).toEqual(naive.run.drop);
  const { criterion, rankings, cost, ...rest } = request(network, metric, 'shares', 250);
  const shards = [];
  for (const index of [1, 2]) {
    const shard = { ...rest, criteria: [{ criterion, rankings, cost }] };
    shards.push(...(await sampleShard(shard, { index, of: 2 })));
  }
  expect(mergeShards(JSON.parse(JSON.stringify(shards)))).toEqual(all.run);
  // A comment more is another file: nothing of before counts.
  const other = await metricOf(`${TOP1}// changed`);
  expect((await sample(request(network, other, 'all', 250))).cached).toBe(0);
  expect(unitContext(request(network, other, 'all'))).not.toBe(unitContext(request(network, metric, 'all')));
});

test('of several outputs it is told all, also those that a cut does not reach', async () => {
  const b = new NetworkBuilder('two-heads', 3);
  const x = b.convBnRelu(b.input([3, 6, 6]), 8);
  const map = b.conv(x, 2, { name: 'map' });
  const two = { ...b.build(b.head(b.convBnRelu(x, 8), 5), map), metadata: tinyMetadata() };
  const metric = await metricOf(SECOND);
  const { run } = await sample(request(two, metric, 'two'));
  const naive = await sample({ ...request(two, metric, 'two-naive'), naive: true });
  run.drop.flat().forEach((drop, i) => {
    expect(drop).toBeCloseTo(naive.run.drop.flat()[i] ?? Number.NaN, 5);
  });
  // The last group stands after the first output alone.
  expect(run.drop.at(-1)).toEqual([0, 0, 0]);
  expect(run.drop[0]?.some((drop) => drop !== 0)).toBe(true);
});
