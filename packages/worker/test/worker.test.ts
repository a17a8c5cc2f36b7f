import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { buffer, json } from 'node:stream/consumers';
import { DECODING_VERSION } from '@espalier/datasets';
import { unpackFlags } from '@espalier/engines';
import { readNetwork } from '@espalier/formats';
import { networkHash } from '@espalier/network';
import type { Pruned, SweepShard } from '@espalier/pruning';
import type { RunSpec } from '@espalier/runs';
import { expect, it } from 'vitest';
import { cancelled, type Platform, platform } from '../../runs/test/platform.ts';
import { exitOf, inProcess, outOfProcess, start, stateOf, until, untilOver } from './processes.ts';

const cie: RunSpec = { allocation: 'cie', criterion: 'l1', target: { metric: 'macs', share: 0.4 }, seed: 0 };
const uniform: RunSpec = { ...cie, allocation: 'uniform' };

it('runs share one sampling, go through their stages and leave a network that is what they say', async () => {
  // Two shares of 100 images each.
  const on = await platform({ samples: 200, perClass: 250 });
  const { prisma } = on.database;
  // What was tested on images that other rules decoded says nothing of these.
  const { modelId, dataset } = await prisma.experiment.findFirstOrThrow({ include: { dataset: true } });
  await prisma.baseEvaluation.create({
    data: {
      ...{ id: 'eval_before', modelId, datasetHash: dataset.hash, split: 'test', engine: 'onnxruntime' },
      ...{ top1: 0.123, loss: 1, images: 1, decoding: 1 },
    },
  });
  const started = await start(on, [cie, { ...cie, target: { metric: 'params', share: 0.5 } }, uniform]);
  expect(started.map(({ state }) => state)).toEqual(['sampling', 'sampling', 'queued']);
  const worker = await inProcess(on);
  const runs = await Promise.all(started.map((run) => untilOver(on, run.id)));
  await worker.stop();
  expect(runs.map(({ state, error }) => [state, error])).toEqual(started.map(() => ['finished', null]));
  expect(await prisma.samplingRun.count()).toBe(1);
  expect(await prisma.samplingShard.count({ where: { state: 'done' } })).toBe(2);
  const sampling = await prisma.samplingRun.findFirstOrThrow({
    include: { points: true, contribution: true },
  });
  expect(sampling).toMatchObject({ state: 'done', baselineTop1: expect.any(Number) });
  const groups = sampling.groups as unknown[];
  expect(sampling.points).toHaveLength(groups.length * 3);
  const columns = [0, 1, 2].map((k) =>
    groups.reduce((sum: number, _, g) => sum + (sampling.contribution?.contribution[g * 3 + k] ?? 0), 0),
  );
  for (const column of columns) expect(column).toBeCloseTo(1, 6);

  const [first] = started;
  const states = await eventStates(on, first?.id ?? '');
  expect(states).toEqual(['searching', 'cutting', 'evaluating', 'measuring', 'exporting', 'finished']);
  const result = await prisma.prunedResult.findUniqueOrThrow({ where: { runId: first?.id ?? '' } });
  expect(result.savedMacs).toBeGreaterThanOrEqual(0.4);
  expect(await prisma.baseEvaluation.count()).toBe(2);
  const base = await prisma.baseEvaluation.findFirstOrThrow({ where: { decoding: DECODING_VERSION } });
  expect(result.decoding).toBe(DECODING_VERSION);
  for (const { top1, hits, images } of [
    { ...result, top1: result.prunedTop1, hits: result.prunedHits },
    result,
    base,
  ]) {
    const right = unpackFlags(hits ?? new Uint8Array(), images ?? 0);
    expect(right.reduce((sum, hit) => sum + hit, 0) / right.length).toBe(top1);
  }
  for (const rate of [result.throughput, result.baseThroughput]) expect(rate).toBeGreaterThan(0);
  const within = (low: number | null, ratio: number, high: number | null) => {
    expect(low).toBeLessThanOrEqual(ratio);
    expect(high).toBeGreaterThanOrEqual(ratio);
  };
  within(result.latencyLow, Number(result.baseLatencyMs) / Number(result.latencyMs), result.latencyHigh);
  within(
    result.throughputLow,
    Number(result.throughput) / Number(result.baseThroughput),
    result.throughputHigh,
  );
  expect(result.provenance).toMatchObject({ throughputBatch: 64 });
  const file = path.join(on.folder, 'fetched.onnx');
  await writeFile(file, await buffer((await on.artifacts.get(result.sha256 ?? '')) as Readable));
  expect(networkHash((await readNetwork(file)).network)).toBe(result.networkHash);
  // A later run finds the sampling done.
  const [later] = await start(on, [{ ...cie, target: { metric: 'macs', share: 0.2 } }]);
  expect(later?.state).toBe('queued');
});

it('shares and runs of a criterion that goes by images rank alike; a run in rounds samples by itself', async () => {
  const on = await platform({ samples: 200, perClass: 250 });
  const started = await start(on, [
    // The seeds of a run and of the sampling that it uses differ.
    { ...cie, criterion: 'taylor:sum', seed: 7 },
    { ...cie, allocation: 'cie-iterative', criterion: 'hrank:max' },
  ]);
  expect(started.map(({ state, criterion }) => [state, criterion])).toEqual([
    ['sampling', 'taylor'],
    ['queued', 'hrank:max'],
  ]);
  const worker = await inProcess(on);
  const runs = await Promise.all(started.map((run) => untilOver(on, run.id)));
  await worker.stop();
  expect(runs.map(({ state, error }) => [state, error])).toEqual(started.map(() => ['finished', null]));
  const { prisma } = on.database;
  expect(await prisma.samplingRun.count()).toBe(1);
  const resultOf = (index: number) =>
    prisma.prunedResult.findUniqueOrThrow({ where: { runId: started[index]?.id ?? '' } });
  const [byTaylor, inRounds] = [await resultOf(0), await resultOf(1)];
  const shard = await prisma.samplingShard.findFirstOrThrow();
  const { header } = (await json((await on.artifacts.get(shard.sha256 ?? '')) as Readable)) as SweepShard;
  for (const [g, { kept, after }] of (byTaylor.structure as unknown as Pruned['structure']).entries()) {
    expect(kept).toEqual(header.order?.[g]?.slice(0, after).sort((a, b) => a - b));
  }
  const { rounds } = inRounds as unknown as { rounds: { round: number; achieved: { macs: number } }[] };
  expect(rounds.map(({ round }) => round)).toEqual([1, 2, 3]);
  expect(rounds.at(-1)?.achieved.macs).toBe(inRounds.savedMacs);
  expect(inRounds.savedMacs).toBeGreaterThanOrEqual(0.4);
});

it('a run is fine-tuned by the recipe of its experiment, and its epochs are kept', async () => {
  const recipe = { epochs: 2, batch: 16, learningRate: 0.01 };
  const on = await platform({ recipe });
  const [run] = await start(on, [uniform]);
  const worker = await inProcess(on);
  expect(await untilOver(on, run?.id ?? '')).toMatchObject({ state: 'finished', error: null });
  await worker.stop();
  expect(await eventStates(on, run?.id ?? '')).toContain('finetuning');
  const epochs = await on.database.prisma.epochMetric.findMany({ orderBy: { epoch: 'asc' } });
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
});

it('a run whose target cannot be reached fails with the reason, at once', async () => {
  const on = await platform();
  const [run] = await start(on, [{ ...uniform, target: { metric: 'macs', share: 0.999 } }]);
  const worker = await inProcess(on);
  const failed = await untilOver(on, run?.id ?? '');
  await worker.stop();
  expect(failed).toMatchObject({
    state: 'failed',
    error: expect.stringMatching(/macs=0\.999 cannot be reached/),
  });
  expect(failed.claim).toBe(1);
});

it('a worker that is killed is noticed by its silence, and another one takes over', async () => {
  const on = await platform();
  const [run] = await start(on, [cie]);
  const runId = run?.id ?? '';
  const victim = outOfProcess(on);
  await until(async () => (await stateOf(on, runId)) === 'measuring');
  victim.kill('SIGKILL');
  const heir = outOfProcess(on);
  expect(await untilOver(on, runId)).toMatchObject({ state: 'finished', error: null, claim: 2 });
  heir.kill('SIGTERM');
  expect(await exitOf(heir)).toBe(0);
});

it('a worker that stops gives its run back', async () => {
  const on = await platform();
  const [run] = await start(on, [uniform]);
  const first = outOfProcess(on);
  await until(async () => (await stateOf(on, run?.id ?? '')) === 'measuring');
  first.kill('SIGTERM');
  expect(await exitOf(first)).toBe(0);
  expect(await stateOf(on, run?.id ?? '')).toBe('queued');
  const second = outOfProcess(on);
  expect(await untilOver(on, run?.id ?? '')).toMatchObject({ state: 'finished' });
  second.kill('SIGKILL');
});

it('a run is cancelled within two seconds, whether it waits or is at work', async () => {
  const on = await platform();
  const [waiting, working] = await start(on, [uniform, uniform]);
  expect(await cancelled(on, [waiting?.id ?? ''])).toEqual([waiting?.id]);
  expect(await stateOf(on, waiting?.id ?? '')).toBe('cancelled');
  const worker = await inProcess(on);
  await until(async () => (await stateOf(on, working?.id ?? '')) === 'measuring');
  const asked = performance.now();
  expect(await cancelled(on, [working?.id ?? ''])).toEqual([working?.id]);
  expect(await untilOver(on, working?.id ?? '')).toMatchObject({ state: 'cancelled' });
  expect(performance.now() - asked).toBeLessThan(2000);
  await worker.stop();
  expect(await on.database.prisma.prunedResult.count()).toBe(0);
  expect(await cancelled(on, [working?.id ?? ''])).toEqual([]);
});

it('a run that fails at every attempt is given up with a reason', async () => {
  const on = await platform();
  const [run] = await start(on, [uniform]);
  const { sha256 } = await on.database.prisma.model.findFirstOrThrow();
  await on.artifacts.remove(sha256);
  const worker = await inProcess(on);
  expect(await untilOver(on, run?.id ?? '')).toMatchObject({
    state: 'failed',
    error: expect.stringMatching(/^given up after several attempts/),
  });
  await worker.stop();
});

it('a worker that lost its claim writes nothing, and goes on with other work', async () => {
  const on = await platform();
  const [taken, other] = await start(on, [uniform, uniform]);
  const worker = await inProcess(on);
  await until(async () => (await stateOf(on, taken?.id ?? '')) === 'measuring');
  await on.database.prisma.run.update({
    where: { id: taken?.id ?? '' },
    data: { claim: { increment: 1 }, workerId: null },
  });
  expect(await untilOver(on, other?.id ?? '')).toMatchObject({ state: 'finished' });
  await worker.stop();
  expect(await stateOf(on, taken?.id ?? '')).toBe('measuring');
  expect(await on.database.prisma.prunedResult.count()).toBe(1);
});

it('hundreds of runs start together, with one sampling', async () => {
  const on = await platform();
  const specs = Array.from({ length: 300 }, (_, seed) => ({ ...(seed % 2 ? cie : uniform), seed }));
  expect(await start(on, specs)).toHaveLength(300);
  const { prisma } = on.database;
  expect(await prisma.run.count()).toBe(300);
  expect(await prisma.samplingRun.count()).toBe(1);
});

async function eventStates(on: Platform, runId: string): Promise<unknown[]> {
  const events = await on.database.prisma.runEvent.findMany({ where: { runId }, orderBy: { seq: 'asc' } });
  return events.filter(({ kind }) => kind === 'state').map(({ data }) => (data as { state?: string }).state);
}
