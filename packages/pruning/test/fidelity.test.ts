import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, METRICS, type MetricName, openEngine } from '@espalier/engines';
import type { Network } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tinyDataset } from '../../engines/test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../engines/test/tiny-networks.ts';
import { NetworkBuilder } from '../../network/test/builder.ts';
import {
  mergeShards,
  prune,
  type SamplingRun,
  sample,
  sampleAdaptively,
  sampleShard,
  samplingRunSchema,
  valuesOf,
} from '../src/index.ts';
import { ranked } from './ranked.ts';

let engine: Engine;
let home: string;
const dataset = tinyDataset({ n: 250 });
const bare = { ...dataset, hash: 'bare', classes: [] };

beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 2 });
  home = await mkdtemp(path.join(tmpdir(), 'espalier-fidelity-'));
});

afterAll(async () => {
  await engine.dispose();
  await rm(home, { recursive: true, force: true });
});

/** A trunk with two heads: scores after a softmax, and a map that the last group does not reach. */
function twoHeads(): Network {
  const b = new NetworkBuilder('two-heads', 3);
  const x = b.convBnRelu(b.input([3, 6, 6]), 8);
  const map = b.conv(x, 2, { name: 'map' });
  const scores = b.op('Softmax', [b.head(b.convBnRelu(x, 8), 5)], { axis: 1 });
  return { ...b.build(scores, map), metadata: tinyMetadata() };
}

const plain = { ...tinyResNet(), metadata: tinyMetadata() };

/** Its one output is a vector of length 1. */
function embedding(): Network {
  const b = new NetworkBuilder('embedding', 5);
  const x = b.convBnRelu(b.convBnRelu(b.input([3, 6, 6]), 8), 8);
  const v = b.gemm(b.flatten(x), 6);
  const squares = b.op('ReduceSum', [b.op('Mul', [v, v])], { axes: [1], keepdims: 1 });
  return { ...b.build(b.op('Div', [v, b.op('Sqrt', [squares])])), metadata: tinyMetadata() };
}

function request(network: Network, metric: MetricName, folder: string, samples = 60) {
  const common = { allowInexact: false, dataset: bare, engine, grid: [0.25, 0.5, 0.75], samples, seed: 0 };
  return { ...ranked(network), ...common, metric: METRICS[metric], home: path.join(home, folder) };
}

function expectClose(a: SamplingRun, b: SamplingRun): void {
  for (const key of ['drop', 'standardError'] as const) {
    a[key].forEach((row, g) => {
      row.forEach((value, k) => {
        expect(value).toBeCloseTo(b[key][g]?.[k] ?? Number.NaN, 5);
      });
    });
  }
}

describe.each([
  ['one output', () => plain],
  ['two outputs', twoHeads],
] as const)('sampling by fidelity, without labels, of a network with %s', (name, make) => {
  test('planned, naive, in two processes and in shares are one', async () => {
    const network = make();
    const naive = await sample({ ...request(network, 'fidelity', `${name}-naive`), naive: true });
    expect(Math.min(...naive.run.drop.flat())).toBeGreaterThan(0.001);
    expect(naive.run.accuracy).toBeNull();
    const tuning = { processes: 1 };
    const planned = await sample({ ...request(network, 'fidelity', `${name}-planned`), tuning });
    expectClose(planned.run, naive.run);
    const [parted, whole] = ['parted', 'whole'].map((folder) => ({
      ...request(network, 'fidelity', `${name}-${folder}`, 250),
      tuning: { processes: folder === 'parted' ? 2 : 1 },
    }));
    if (!parted || !whole) throw new Error('there are two');
    const { criterion, rankings, cost, ...rest } = whole;
    const criteria = [{ criterion, rankings, cost }];
    const shards = [];
    for (const index of [1, 2]) {
      shards.push(
        ...(await sampleShard(
          { ...rest, home: path.join(home, `${name}-${index}`), criteria },
          { index, of: 2 },
        )),
      );
    }
    const { run } = await sample(whole);
    expectClose((await sample(parted)).run, run);
    expect(mergeShards(JSON.parse(JSON.stringify(shards)))).toEqual(run);
  });

  test('goes on where it was, and says what it is of', async () => {
    const all = await sample(request(make(), 'fidelity', `${name}-all`, 250));
    await sample(request(make(), 'fidelity', `${name}-resumed`, 130));
    const resumed = await sample(request(make(), 'fidelity', `${name}-resumed`, 250));
    expectClose(resumed.run, all.run);
    // Of what is stored all metrics that compare outputs are told.
    const agreed = await sample(request(make(), 'agreement', `${name}-resumed`, 250));
    expect(agreed.cached).toBeGreaterThan(0);
    expect(agreed.run.values).toEqual(resumed.run.values);
    expect(agreed.run.drop[0]?.[2]).toBeCloseTo(1 - (agreed.run.values.agreement?.[0]?.[2] ?? 1), 12);
    expect(samplingRunSchema.parse(JSON.parse(JSON.stringify(all.run)))).toEqual(all.run);
    expect(all.run.metric).toEqual({
      ...{ name: 'fidelity', label: 'output error', direction: 'lower', unit: 'ratio' },
      range: [0, null],
    });
  });

  test('leads to a structure', async () => {
    const { run } = await sample(request(make(), 'fidelity', `${name}-all`, 250));
    for (const allocation of [
      'cie',
      'greedy',
      'cie-proportional',
      'sensitivity',
      'least-loss',
      'least-drop',
    ]) {
      const goal = { ...ranked(make()), criterion: 'l1', allocation, limits: {}, sweep: run };
      const pruned = prune({ ...goal, target: { metric: 'macs', share: 0.3 } });
      expect(pruned.search.achieved.macs).toBeGreaterThanOrEqual(0.3);
      expect(pruned.network.outputs).toEqual(make().outputs);
    }
  });
});

test('the weights of outputs count in what is concluded, not in what is measured', async () => {
  const equal = await sample(request(twoHeads(), 'fidelity', 'weights'));
  const weights = { [twoHeads().outputs[1] ?? '']: 0 };
  const weighted = await sample({ ...request(twoHeads(), 'fidelity', 'weights'), weights });
  expect(weighted.cached).toBe(equal.run.grid.length * equal.run.groups.length);
  // The group after the map does not change it: with the map left out all of its error counts.
  const last = equal.run.drop.length - 1;
  expect(weighted.run.drop[last]?.[1]).toBeCloseTo(2 * (equal.run.drop[last]?.[1] ?? 0), 6);
});

test('an embedding is sampled by the cosine of its vectors, planned and naive alike', async () => {
  const network = embedding();
  const naive = await sample({ ...request(network, 'cosine', 'embedding-naive'), naive: true });
  const { run } = await sample({ ...request(network, 'cosine', 'embedding'), tuning: { processes: 1 } });
  expectClose(run, naive.run);
  expect(run.baseline.values).toEqual({ fidelity: 0, cosine: 1 });
  run.drop.flat().forEach((drop, i) => {
    expect(drop).toBeGreaterThan(0);
    // Of vectors of length 1 the mean square of the difference says the same.
    const error = run.values.fidelity?.flat()[i] ?? Number.NaN;
    expect(drop).toBeCloseTo(error ** 2 / 2, 5);
  });
  expect(Math.min(...run.standardError.flat())).toBeGreaterThan(0);
  const all = request(network, 'cosine', 'embedding');
  const { search } = prune({
    ...{ ...ranked(network), criterion: 'l1', allocation: 'cie', limits: {}, sweep: run },
    target: { metric: 'macs', share: 0.3 },
  });
  expect(search.achieved.macs).toBeGreaterThanOrEqual(0.3);
  // What is stored is of the outputs, whatever is told of them.
  expect((await sample({ ...all, metric: METRICS.fidelity })).cached).toBe(run.removed.flat().length);
});

test('by the loss drops are not bounded by 1, and top-1 finds the same units', async () => {
  const common = { ...request(plain, 'loss', 'labels'), dataset };
  const { run } = await sample(common);
  expect(run.drop[0]?.[2]).toBeCloseTo((run.loss?.[0]?.[2] ?? 0) - (run.baseline.loss ?? 0), 12);
  const top1 = await sample({ ...common, metric: METRICS.top1 });
  expect(top1.cached).toBe(run.grid.length * run.groups.length);
  expect(top1.run.values.loss).toEqual(run.loss);
  expect(valuesOf(top1.run).cells).toEqual(top1.run.accuracy);
  // Files of before there was a metric to choose are of top-1.
  const { metric: _, values: __, outputs: ___, weights: ____, ...old } = JSON.parse(JSON.stringify(top1.run));
  delete old.baseline.values;
  const read = samplingRunSchema.parse(old);
  expect(read.metric).toEqual(top1.run.metric);
  expect(valuesOf(read)).toEqual(valuesOf(top1.run));
});

test('adaptive sampling is refused: it decides by images right or wrong', async () => {
  const { criterion, rankings, cost, ...rest } = request(plain, 'fidelity', 'adaptive');
  await expect(sampleAdaptively({ ...rest, criteria: [{ criterion, rankings, cost }] })).rejects.toThrow(
    'adaptive sampling needs images that are right or wrong, not output error: leave it out, or give metric top1',
  );
});
