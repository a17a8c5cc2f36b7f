import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Dataset, openDataset } from '@espalier/datasets';
import { type Engine, openEngine } from '@espalier/engines';
import { readNetwork } from '@espalier/formats';
import type { Network } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { architectures } from '../../../test/generate/architectures.ts';
import { sharingBlocks } from '../../../test/generate/blocks/sharing.ts';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { predictedDamage } from '../src/allocation/damage.ts';
import {
  allocationProblem,
  mergeShards,
  parseGrid,
  prune,
  type SamplingRun,
  type SweepShard,
  sample,
  sampleAdaptively,
  sampleEach,
  sampleShard,
} from '../src/index.ts';
import { remoteExecutor } from '../src/sampling/processes/remote-executor.ts';
import { ranked } from './ranked.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let dataset: Dataset;
let engine: Engine;
let home: string;
let resnet: Network;

beforeAll(async () => {
  dataset = await openDataset('cifar10', { home: path.join(root, 'node_modules/.cache/espalier-test') });
  engine = await openEngine('onnxruntime', { threads: 2 });
  home = await mkdtemp(path.join(tmpdir(), 'espalier-sweep-'));
  resnet = (await readNetwork(path.join(root, 'models/resnet20-cifar10.onnx'))).network;
});

afterAll(async () => {
  await engine.dispose();
  await dataset.close();
  await rm(home, { recursive: true, force: true });
});

function request(network: Network, samples: number, folder: string, grid = [0.25, 0.5, 0.75]) {
  const common = {
    allowInexact: false,
    dataset,
    engine,
    grid,
    samples,
    seed: 0,
    home: path.join(home, folder),
  };
  return { ...ranked(network), ...common };
}

/** Everything but which images a near-tie decided. */
function expectSame(a: SamplingRun, b: SamplingRun): void {
  expect(a.hits).toEqual(b.hits);
  expect(a.baseline.hits).toBe(b.baseline.hits);
  expect(a.loss).not.toBeNull();
  a.loss?.forEach((row, g) => {
    row.forEach((value, k) => {
      expect(value).toBeCloseTo(b.loss?.[g]?.[k] ?? Number.NaN, 3);
    });
  });
}

describe('a planned sweep gives what the naive one gives', () => {
  test('on a trained ResNet-20, in one process and in two', async () => {
    const naive = await sample({ ...request(resnet, 60, 'naive'), naive: true });
    expect(naive.run.baseline.top1).toBeGreaterThan(0.8);
    expect(Math.max(...naive.run.drop.flat())).toBeGreaterThan(0.3);
    for (const processes of [1, 2]) {
      const planned = await sample({ ...request(resnet, 60, `planned${processes}`), tuning: { processes } });
      expectSame(planned.run, naive.run);
    }
  });

  test.each(['stacked-masks', 'running-sums', 'narrow'] as const)(
    'by %s wherever that applies',
    async (way) => {
      const naive = await sample({ ...request(resnet, 20, `naive-${way}`, [0.3, 0.6]), naive: true });
      const tuning = { processes: 1, ways: [way] };
      expectSame((await sample({ ...request(resnet, 20, way, [0.3, 0.6]), tuning })).run, naive.run);
    },
  );

  test.each(['shufflenet-v2', 'mobilenet-v3-small', 'vgg16-cifar'])('on %s', async (name) => {
    const network = architectures[name]?.({ size: 32, width: 0.25, classes: 10 });
    if (!network) throw new Error(`there is no architecture ${name}`);
    const naive = await sample({ ...request(network, 5, `${name}-naive`, [0.3, 0.6]), naive: true });
    const planned = await sample({ ...request(network, 5, name, [0.3, 0.6]), tuning: { processes: 1 } });
    expectSame(planned.run, naive.run);
  });
});

test('a planned sweep of modules that are called twice gives what the naive one gives', async () => {
  for (const seed of [1, 2]) {
    const b = new NetworkBuilder('twice', seed);
    const x = Object.values(sharingBlocks).reduce((value, block) => block(b, value), b.input([3, 32, 32]));
    const network = b.build(b.head(x, 10));
    const naive = await sample({ ...request(network, 5, `twice-${seed}-naive`, [0.3, 0.6]), naive: true });
    const tuning = { processes: 1 };
    const planned = await sample({ ...request(network, 5, `twice-${seed}`, [0.3, 0.6]), tuning });
    expectSame(planned.run, naive.run);
  }
});

test('an adaptive sweep measures less and decides alike', async () => {
  const { criterion, rankings, cost, ...rest } = request(resnet, 200, 'adaptive', parseGrid('0.1:0.9:0.2'));
  const criteria = [{ criterion, rankings, cost }];
  const target = { metric: 'macs', share: 0.5 } as const;
  const { run, measured } = await sampleAdaptively({ ...rest, criteria }, [target]);
  expect(measured).toBeLessThan(0.8);
  const origins = run.origin.flat();
  expect(origins).toContain('measured');
  expect(origins).toContain('inferred');

  const full = (await sample({ criterion, rankings, cost, ...rest })).run;
  expect(run.baseline).toEqual(full.baseline);
  run.origin.forEach((row, g) => {
    row.forEach((origin, k) => {
      if (origin === 'measured') expect(run.hits?.[g]?.[k]).toBe(full.hits?.[g]?.[k]);
    });
  });
  // Widths may differ where a curve is flat; what they are predicted to cost by the full sweep may not.
  const pruning = { ...rest, rankings, cost, criterion: 'l1', allocation: 'cie', target, limits: {} };
  const damage = predictedDamage(allocationProblem({ ...pruning, sweep: full }), 'cie');
  const worstDrop = (sweep: SamplingRun) =>
    Math.max(
      ...prune({ ...pruning, sweep }).search.widths.map(
        (width, g) => damage[g]?.[(rankings[g]?.group.width ?? 0) - width] ?? Number.NaN,
      ),
    );
  expect(worstDrop(run)).toBeLessThan(worstDrop(full) + 0.02);
});

describe('work units', () => {
  test('are taken from the store, extended by ratios and by images, and ignored when fresh', async () => {
    const first = await sample(request(resnet, 110, 'store', [0.5]));
    expect(first.cached).toBe(0);
    const again = await sample(request(resnet, 110, 'store', [0.5]));
    expect(again.cached).toBe(first.run.groups.length);
    expect(again.run).toEqual(first.run);
    const finer = await sample(request(resnet, 110, 'store', [0.25, 0.5]));
    expect(finer.cached).toBe(first.run.groups.length);
    const larger = await sample(request(resnet, 150, 'store', [0.5]));
    expect(larger.cached).toBe(0);
    expect(larger.run.baseline.n).toBe(150);
    const fresh = await sample({ ...request(resnet, 150, 'store', [0.5]), fresh: true });
    expect(fresh.run).toEqual(larger.run);
    const smaller = await sample(request(resnet, 110, 'store', [0.5]));
    expect(smaller.run).toEqual(first.run);
  });

  test('are found by a sweep of other images of the same order', async () => {
    const all = await sample(request(resnet, 300, 'windows', [0.5]));
    const second = await sample({ ...request(resnet, 100, 'windows', [0.5]), skip: 100 });
    expect(second.cached).toBe(all.run.groups.length);
    const bits = (hits: string, from: number) => {
      const octets = Buffer.from(hits, 'base64');
      return Array.from({ length: 100 }, (_, i) => ((octets[(from + i) >> 3] ?? 0) >> ((from + i) & 7)) & 1);
    };
    expect(bits(second.run.baseline.hits ?? '', 0)).toEqual(bits(all.run.baseline.hits ?? '', 100));
    expect(bits(second.run.baseline.hits ?? '', 0)).not.toEqual(bits(all.run.baseline.hits ?? '', 0));
    const odd = { ...request(resnet, 100, 'windows', [0.5]), skip: 50 };
    await expect(sample(odd)).rejects.toThrow('give a multiple of 100, not 50');
    const beyond = { ...request(resnet, 100, 'windows', [0.5]), skip: 5000 };
    await expect(sample(beyond)).rejects.toThrow('100 images are needed after 5000 skipped ones');
  });

  test('that are damaged are measured again', async () => {
    const first = await sample(request(resnet, 20, 'damaged', [0.5]));
    const folder = path.join(home, 'damaged');
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json'));
    for (const file of files) await writeFile(path.join(folder, file), '{"3": {"n": 20');
    const again = await sample(request(resnet, 20, 'damaged', [0.5]));
    expect(again.cached).toBe(0);
    expect(again.run).toEqual(first.run);
  });

  test('survive an interruption: the sweep goes on where it was', async () => {
    const stop = new AbortController();
    const interrupted = sample({
      ...request(resnet, 110, 'stopped'),
      tuning: { processes: 1 },
      signal: stop.signal,
      onProgress: ({ done, total }) => {
        if (done > total / 2) stop.abort(new Error('stopped by the user'));
      },
    });
    await expect(interrupted).rejects.toThrow('stopped by the user');
    let total = 0;
    const resumed = await sample({
      ...request(resnet, 110, 'stopped'),
      tuning: { processes: 1 },
      onProgress: (progress) => {
        total = progress.total;
      },
    });
    const whole = await sample({ ...request(resnet, 110, 'undisturbed'), tuning: { processes: 1 } });
    expect(resumed.run).toEqual(whole.run);
    expect(total).toBeLessThan(110 * (3 * whole.run.groups.length + 1) * 0.6);
  });
});

test('criteria of one call give what they give alone', async () => {
  const { criterion, rankings, cost, ...rest } = request(resnet, 100, 'each', [0.5]);
  const other = ranked(resnet, 'bn-scale');
  const criteria = [{ criterion, rankings, cost }, other];
  const { runs } = await sampleEach({ ...rest, criteria });
  const alone = await sample({ ...request(resnet, 100, 'alone', [0.5]), ...other });
  expect(runs.map((run) => run.criterion)).toEqual(['l1', 'bn-scale']);
  expect(runs[1]).toEqual(alone.run);
});

test('shards of several machines merge into the whole sweep', async () => {
  const { criterion, rankings, cost, ...rest } = request(resnet, 250, 'shards', [0.5]);
  const sweep = { ...rest, criteria: [{ criterion, rankings, cost }] };
  const shards: SweepShard[] = [];
  for (const index of [1, 2]) shards.push(...(await sampleShard(sweep, { index, of: 2 })));
  const whole = await sample(request(resnet, 250, 'whole', [0.5]));
  expect(mergeShards(shards)).toEqual(whole.run);
  expect(() => mergeShards(shards.slice(0, 1))).toThrow(/images 100 to 199 are missing/);
  expect(() => mergeShards([...shards, ...shards])).toThrow(/are there twice/);
});

test('bad input in a sampling process keeps its field', async () => {
  const setup = { engine: 'onnxruntime', threads: 0, network: resnet, allowInexact: false } as const;
  const nothing = {
    rankings: [],
    rows: [],
    output: 'logits',
    measure: 'labels',
    batch: 1,
    plan: { channelBlock: 1 },
  } as const;
  await expect(remoteExecutor({ ...setup, ...nothing })).rejects.toMatchObject({
    name: 'InputError',
    field: 'threads',
  });
});
