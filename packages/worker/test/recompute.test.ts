import { packFlags, unpackFlags } from '@espalier/engines';
import { USUAL_LIMITS } from '@espalier/pipeline';
import {
  beginRecorded,
  cancelRecomputation,
  finishRecorded,
  plain,
  type RunSpec,
  startRecomputation,
  written,
} from '@espalier/runs';
import { newId, type Recomputation } from '@espalier/store';
import { expect, it } from 'vitest';
import { brokenInvariants } from '../../runs/test/invariants.ts';
import { experimentOf, type Platform, platform, scheduling } from '../../runs/test/platform.ts';
import { stopAt } from './breakpoint.ts';
import { exitOf, inProcess, outOfProcess, start, timePasses, until, untilOver } from './processes.ts';

const PATIENCE_MS = 300_000;
const uniform: RunSpec = {
  ...{ allocation: 'uniform', criterion: 'l1', seed: 0 },
  target: { metric: 'macs', share: 0.4 },
};

/** A run from elsewhere whose network is the model itself; of its first test images so many are told to be right. */
async function toldElsewhere(on: Platform, right: number) {
  const { model, dataset, teamId, projectId } = await experimentOf(on);
  const { prisma } = on.database;
  const { images } = await prisma.datasetSplit.findUniqueOrThrow({
    where: { datasetId_name: { datasetId: dataset.id, name: 'test' } },
  });
  const { sha256, networkHash, params, macs } = model;
  const hits = packFlags(Array.from({ length: images }, (_, i) => (i < right ? 1 : 0)));
  const runId = await prisma.$transaction(async (transaction) => {
    const subject = { teamId, projectId, modelId: model.id, datasetId: dataset.id };
    const none = { samples: 0, grid: [], seed: 0 };
    const experiment = await transaction.experiment.create({
      data: { id: newId('exp'), ...subject, name: 'elsewhere', origin: 'external', ...none },
    });
    const run = await beginRecorded(transaction, {
      ...{ id: newId('run'), teamId, experimentId: experiment.id, allocation: 'depgraph', criterion: 'l2' },
      ...{ metric: 'macs', share: 0.5, seed: 0, limits: plain(USUAL_LIMITS) },
    });
    const top1 = right / images;
    await finishRecorded(transaction, run, {
      ...{ sha256, networkHash, params, macs, savedParams: 0, savedMacs: 0, evidence: 'structureVerified' },
      ...{ engine: 'pytorch 1a2b', decoding: 0, top1, value: top1, loss: 0.5, images, hits },
      ...written('PrunedResult', {
        ...{ structure: [], trace: [], rounds: null, recovery: null, repair: null, latency: null },
        ...{ provenance: {}, seconds: {} },
      }),
    });
    return run.id;
  });
  return { runId, images, datasetId: dataset.id, teamId };
}

type Told = Awaited<ReturnType<typeof toldElsewhere>>;

function asked(on: Platform, told: Told, images = told.images): Promise<Recomputation> {
  const { runId, datasetId, teamId } = told;
  return scheduling(on, (transaction) =>
    startRecomputation(transaction, on.queue, { runId, datasetId, teamId, images }),
  );
}

async function untilEnded({ database }: Platform, { id }: Recomputation): Promise<Recomputation> {
  const now = () => database.prisma.recomputation.findUniqueOrThrow({ where: { id } });
  await until(async () => ['done', 'failed', 'cancelled'].includes((await now()).state));
  return now();
}

const evidenceOf = async ({ database }: Platform, { runId }: Told) =>
  (await database.prisma.prunedResult.findUniqueOrThrow({ where: { runId } })).evidence;
const broken = (on: Platform) => brokenInvariants(on.database.prisma, on.artifacts);

it('a worker finds of an imported network what it finds of it otherwise', {
  timeout: PATIENCE_MS,
}, async () => {
  const on = await platform();
  const told = await toldElsewhere(on, 3);
  const all = await asked(on, told);
  const worker = await inProcess(on);
  const found = await untilEnded(on, all);
  // A run of the platform evaluates the same network as its base.
  const [run] = await start(on, [uniform]);
  await untilOver(on, run?.id ?? '');
  const base = await on.database.prisma.baseEvaluation.findFirstOrThrow();
  expect(found).toMatchObject({
    ...{ state: 'done', error: null, done: told.images, standardError: 0, told: 3 / told.images },
    ...{ top1: base.top1, top5: base.top5, loss: base.loss, value: base.top1, decoding: base.decoding },
  });
  expect(await evidenceOf(on, told)).toBe('recomputed');

  // Of drawn images, what was told of these very ones.
  const some = await untilEnded(on, await asked(on, told, 20));
  await worker.stop();
  const hits = unpackFlags(base.hits ?? new Uint8Array(), told.images);
  const shares = [...hits].reduce((sum, hit) => sum + hit, 0) / told.images;
  expect(some).toMatchObject({ state: 'done', images: 20, done: 20, standardError: 0 });
  expect(Number(some.told) * 20).toBeCloseTo(Math.round(Number(some.told) * 20), 9);
  expect(some.told).toBeLessThanOrEqual(3 / 20);
  expect(shares).toBe(base.top1);
  const { recomputationId } = await on.database.prisma.prunedResult.findUniqueOrThrow({
    where: { runId: told.runId },
  });
  expect(recomputationId).toBe(some.id);
  expect(await broken(on)).toEqual([]);
});

it('a worker killed while it evaluates or writes is replaced, and the numbers are the same', {
  timeout: PATIENCE_MS,
}, async () => {
  const on = await platform();
  const told = await toldElsewhere(on, 3);
  const row = await asked(on, told);
  for (const [change, condition] of [
    ['UPDATE ON "Recomputation"', "NEW.state = 'done'"],
    ['UPDATE ON "PrunedResult"', "NEW.evidence = 'recomputed'"],
  ] as const) {
    const point = await stopAt(on.url, change, condition);
    const victim = outOfProcess(on);
    await point.reached();
    victim.kill('SIGKILL');
    await exitOf(victim);
    await point.release();
    expect(await evidenceOf(on, told)).toBe('structureVerified');
    expect(await broken(on)).toEqual([]);
    await timePasses(on);
  }
  const heir = await inProcess(on);
  const found = await untilEnded(on, row);
  expect(found).toMatchObject({ state: 'done', claim: 3 });
  const again = await untilEnded(on, await asked(on, told));
  await heir.stop();
  expect([found.top1, found.loss]).toEqual([again.top1, again.loss]);
  expect(await broken(on)).toEqual([]);
});

it('one that is cancelled stays so, whatever its worker is at, and another one may be asked for', {
  timeout: PATIENCE_MS,
}, async () => {
  const on = await platform();
  const told = await toldElsewhere(on, 3);
  const cancel = () => scheduling(on, (transaction) => cancelRecomputation(transaction, told.runId));
  const waiting = await asked(on, told);
  expect(await cancel()).toBe(true);
  expect(await cancel()).toBe(false);
  const worker = await inProcess(on);
  const atWork = await asked(on, told);
  const now = ({ id }: Recomputation) =>
    on.database.prisma.recomputation.findUniqueOrThrow({ where: { id } });
  await until(async () => (await now(atWork)).state !== 'waiting');
  // It may have ended in this very moment: then there is nothing to cancel.
  const isCancelled = await cancel();
  expect((await now(atWork)).state).toBe(isCancelled ? 'cancelled' : 'done');
  const last = await untilEnded(on, await asked(on, told));
  await worker.stop();
  expect(last).toMatchObject({ state: 'done' });
  expect(await now(waiting)).toMatchObject({ state: 'cancelled', claim: 0, value: null });
  if (isCancelled)
    expect(await now(atWork)).toMatchObject({ state: 'cancelled', value: null, workerId: null });
  expect(await broken(on)).toEqual([]);
});

it('one that cannot be carried out fails with its reason, and what was told stands', {
  timeout: PATIENCE_MS,
}, async () => {
  const on = await platform();
  const { prisma, pool } = on.database;
  const told = await toldElsewhere(on, 3);
  const [purged, killing] = [await asked(on, told), await asked(on, told)];
  await prisma.recomputation.update({ where: { id: purged.id }, data: { datasetId: null } });
  await pool.query(`UPDATE queue.job SET name = 'given-up' WHERE data->>'recomputationId' = $1`, [
    killing.id,
  ]);
  const worker = await inProcess(on);
  expect(await untilEnded(on, purged)).toMatchObject({ state: 'failed', error: 'its data set was purged' });
  expect(await untilEnded(on, killing)).toMatchObject({
    state: 'failed',
    error: expect.stringMatching(/^given up/),
  });
  await prisma.run.update({ where: { id: told.runId }, data: { deletedAt: new Date() } });
  expect(await untilEnded(on, await asked(on, told))).toMatchObject({
    state: 'failed',
    error: 'its run is in the trash',
  });
  await worker.stop();
  expect(await evidenceOf(on, told)).toBe('structureVerified');
  expect(await broken(on)).toEqual([]);
});

it('a worker that stops gives it back, and another one takes it', { timeout: PATIENCE_MS }, async () => {
  const on = await platform();
  const told = await toldElsewhere(on, 3);
  const row = await asked(on, told);
  const point = await stopAt(on.url, 'UPDATE ON "Recomputation"', "NEW.state = 'running'");
  const first = await inProcess(on);
  await point.reached();
  const stopping = first.stop();
  await point.release();
  await stopping;
  const given = await on.database.prisma.recomputation.findUniqueOrThrow({ where: { id: row.id } });
  expect(given).toMatchObject({ state: 'waiting', ticket: 2, workerId: null });
  const second = await inProcess(on);
  expect(await untilEnded(on, row)).toMatchObject({ state: 'done' });
  await second.stop();
  expect(await broken(on)).toEqual([]);
});
