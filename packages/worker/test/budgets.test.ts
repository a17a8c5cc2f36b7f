import { type RunSpec, retryRuns } from '@espalier/runs';
import { expect, it } from 'vitest';
import { brokenInvariants } from '../../runs/test/invariants.ts';
import { platform, scheduling } from '../../runs/test/platform.ts';
import type { Budgets } from '../src/budgets.ts';
import { inProcess, start, untilOver } from './processes.ts';

const uniform: RunSpec = {
  allocation: 'uniform',
  criterion: 'l1',
  target: { metric: 'macs', share: 0.4 },
  seed: 0,
};
const AMPLE: Budgets = {
  ...{ stageSeconds: {}, otherStageSeconds: 3600, memoryBytes: 1e12 },
  ...{ runSeconds: 3600, turnSeconds: 3600 },
};
/** What a process takes that has loaded an engine and computed nothing is more. */
const SCANT = 5e7;

it('a stage that takes longer than it may ends the run, at once and with its name, and a retry may take longer', async () => {
  const on = await platform({ recipe: { epochs: 10_000, batch: 16, learningRate: 0.01 } });
  const [run] = await start(on, [uniform]);
  const worker = await inProcess(on, 'onnxruntime', { ...AMPLE, stageSeconds: { finetuning: 1 } });
  const failed = await untilOver(on, run?.id ?? '');
  expect(failed).toMatchObject({
    ...{ state: 'failed', claim: 1 },
    error: expect.stringMatching(/^finetuning was stopped after 1 s, .*ESPALIER_STAGE_SECONDS$/),
  });
  await worker.stop();
  await on.database.prisma.experiment.updateMany({ data: { recipe: { steps: 2, batch: 16 } } });
  await scheduling(on, (transaction) => retryRuns(transaction, on.queue, [failed.id]));
  const other = await inProcess(on, 'onnxruntime', AMPLE);
  expect(await untilOver(on, failed.id)).toMatchObject({ state: 'finished', error: null });
  await other.stop();
});

it.skipIf(process.platform !== 'linux')(
  'a computation that takes more memory than it may ends its run or its sampling, at the first attempt',
  async () => {
    const on = await platform();
    const runs = await start(on, [uniform, { ...uniform, allocation: 'cie' }]);
    const worker = await inProcess(on, 'onnxruntime', { ...AMPLE, memoryBytes: SCANT });
    const over = await Promise.all(runs.map(({ id }) => untilOver(on, id)));
    const said = /was stopped at 0\.\d\d GB of memory, .* 0\.05 GB: .*ESPALIER_CHILD_MEMORY_MB$/;
    for (const run of over)
      expect(run).toMatchObject({ state: 'failed', error: expect.stringMatching(said) });
    expect(over.map(({ claim }) => claim)).toEqual([1, 0]);
    expect(await on.database.prisma.samplingShard.findMany({ select: { claim: true } })).toEqual([
      { claim: 1 },
    ]);
    await worker.stop();
    expect(await brokenInvariants(on.database.prisma, on.artifacts)).toEqual([]);
  },
);
