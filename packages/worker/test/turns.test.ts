import type { RunSpec } from '@espalier/runs';
import { expect, it } from 'vitest';
import { brokenInvariants } from '../../runs/test/invariants.ts';
import { otherTeam, platform } from '../../runs/test/platform.ts';
import type { Budgets } from '../src/budgets.ts';
import { inProcess, start, stateOf, until, untilOver } from './processes.ts';

const EPOCHS = 60;
const uniform: RunSpec = {
  allocation: 'uniform',
  criterion: 'l1',
  target: { metric: 'macs', share: 0.4 },
  seed: 3,
};
const BUDGETS: Budgets = {
  ...{ stageSeconds: {}, otherStageSeconds: 3600, memoryBytes: 1e12 },
  ...{ runSeconds: 3600, turnSeconds: 1 },
};

it('a long fine-tuning gives the only worker up to another team, and goes on later to the same weights', {
  timeout: 300_000,
}, async () => {
  const on = await platform({ recipe: { epochs: EPOCHS, batch: 16, learningRate: 0.01 } });
  const { prisma } = on.database;
  const theirs = await otherTeam(on);
  const [long] = await start(on, [uniform]);
  const worker = await inProcess(on, 'onnxruntime', BUDGETS);
  const longId = long?.id ?? '';
  await until(async () => (await stateOf(on, longId)) === 'finetuning');
  const [short] = await start(on, [uniform], theirs);
  expect(await untilOver(on, short?.id ?? '')).toMatchObject({ state: 'finished' });
  // It has not come to its end, and not failed either.
  expect(await prisma.run.findUniqueOrThrow({ where: { id: longId } })).toMatchObject({
    ...{ finishedAt: null, error: null },
  });
  expect(await untilOver(on, longId)).toMatchObject({ state: 'finished', error: null });
  const events = await prisma.runEvent.findMany({ where: { runId: longId }, orderBy: { seq: 'asc' } });
  const gaveWay = events.filter(({ data }) => (data as { reason?: string }).reason?.includes('another team'));
  expect(gaveWay.length).toBeGreaterThan(0);
  const resumed = events.filter(({ kind }) => kind === 'resumed');
  expect(resumed).toHaveLength(gaveWay.length);
  for (const { data } of resumed) expect((data as { step: number }).step).toBeGreaterThan(0);
  const epochs = await prisma.epochMetric.findMany({ where: { runId: longId }, orderBy: { epoch: 'asc' } });
  expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: EPOCHS }, (_, i) => i + 1));
  const [quiet] = await start(on, [uniform]);
  await untilOver(on, quiet?.id ?? '');
  const results = await prisma.prunedResult.findMany({ where: { runId: { in: [longId, quiet?.id ?? ''] } } });
  expect(new Set(results.map(({ networkHash }) => networkHash)).size).toBe(1);
  const { computeSeconds } = await prisma.run.findUniqueOrThrow({ where: { id: longId } });
  expect(computeSeconds).toBeGreaterThan(1);
  await worker.stop();
  expect(await brokenInvariants(prisma, on.artifacts)).toEqual([]);
});

it('a run that has computed for longer than a run may, in all attempts, fails and says so', async () => {
  const on = await platform({ recipe: { epochs: 5000, batch: 16, learningRate: 0.01 } });
  const { prisma } = on.database;
  const [run] = await start(on, [uniform]);
  await prisma.run.updateMany({ data: { computeSeconds: 3599 } });
  const worker = await inProcess(on, 'onnxruntime', BUDGETS);
  expect(await untilOver(on, run?.id ?? '')).toMatchObject({
    state: 'failed',
    error: expect.stringMatching(/^the run was stopped after 1 h of computing, .*ESPALIER_RUN_SECONDS$/),
  });
  await worker.stop();
});
