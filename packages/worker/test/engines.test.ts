import { type RunSpec, retryRuns } from '@espalier/runs';
import { expect, it } from 'vitest';
import { brokenInvariants } from '../../runs/test/invariants.ts';
import { cancelled, type Platform, platform, scheduling } from '../../runs/test/platform.ts';
import { startWorker } from '../src/index.ts';
import { inProcess, start, untilOver } from './processes.ts';

const cie: RunSpec = { allocation: 'cie', criterion: 'l1', target: { metric: 'macs', share: 0.4 }, seed: 0 };
const uniform: RunSpec = { ...cie, allocation: 'uniform' };

/** The engines that computed a run and its sampling, and that of the worker which took it. */
async function enginesOf({ database: { prisma } }: Platform, id: string) {
  const run = await prisma.run.findUniqueOrThrow({
    where: { id },
    include: { samplingRun: true, result: true, events: { where: { kind: 'claimed' } } },
  });
  const { workerId } = { ...(run.events.at(-1)?.data as object) } as { workerId?: string };
  const worker = await prisma.worker.findUniqueOrThrow({ where: { id: workerId ?? '' } });
  return [run.engine, run.samplingRun?.engine, run.result?.engine, worker.engine];
}

it('with workers of two engines every run ends, by the engine that it was started for', async () => {
  const on = await platform({ samples: 20, perClass: 30 });
  const tensorflow = await inProcess(on, 'tensorflow');
  const first = await start(on, [cie, uniform]);
  const onnxruntime = await inProcess(on, 'onnxruntime');
  // As many of either: ONNX Runtime. The same settings, and yet another sampling.
  const second = await start(on, [cie, uniform]);
  for (const { id } of [...first, ...second]) {
    expect(await untilOver(on, id)).toMatchObject({ state: 'finished', error: null });
  }
  const [sampledFirst, plainFirst] = await Promise.all(first.map(({ id }) => enginesOf(on, id)));
  expect(sampledFirst).toEqual(Array(4).fill('tensorflow'));
  expect(plainFirst).toEqual(['tensorflow', undefined, 'tensorflow', 'tensorflow']);
  const [sampledSecond, plainSecond] = await Promise.all(second.map(({ id }) => enginesOf(on, id)));
  expect(sampledSecond).toEqual(Array(4).fill('onnxruntime'));
  expect(plainSecond).toEqual(['onnxruntime', undefined, 'onnxruntime', 'onnxruntime']);
  expect(await on.database.prisma.samplingRun.count()).toBe(2);
  expect(await brokenInvariants(on.database.prisma, on.artifacts)).toEqual([]);
  await Promise.all([tensorflow.stop(), onnxruntime.stop()]);
});

it('a run whose engine is gone waits, and retried it goes by the engine that is there', async () => {
  const on = await platform({ samples: 20, perClass: 30 });
  const { prisma } = on.database;
  const tensorflow = await inProcess(on, 'tensorflow');
  await tensorflow.drain();
  // Told by its heartbeat alone that it takes jobs again: nothing is taken before the run is cancelled.
  await prisma.worker.update({ where: { id: tensorflow.id }, data: { draining: false } });
  const [run] = await start(on, [cie]);
  await tensorflow.stop();
  const onnxruntime = await inProcess(on, 'onnxruntime');
  const id = run?.id ?? '';
  const [other] = await start(on, [uniform]);
  // The worker goes past it.
  expect(await untilOver(on, other?.id ?? '')).toMatchObject({ state: 'finished', engine: 'onnxruntime' });
  expect(await prisma.run.findUniqueOrThrow({ where: { id } })).toMatchObject({
    ...{ state: 'sampling', engine: 'tensorflow' },
  });
  await cancelled(on, [id]);
  await scheduling(on, (transaction) => retryRuns(transaction, on.queue, [id]));
  expect(await untilOver(on, id)).toMatchObject({ state: 'finished', error: null });
  expect(await enginesOf(on, id)).toEqual(Array(4).fill('onnxruntime'));
  await onnxruntime.stop();
});

it('a worker says which engine it has, and there is no other', async () => {
  const on = await platform();
  const { database, queue, artifacts, folder } = on;
  const options = { database, queue, artifacts, home: folder, version: 'test' };
  await expect(startWorker({ ...options, engine: 'pytorch' })).rejects.toThrow(
    'there is no engine "pytorch"',
  );
  const worker = await startWorker(options);
  const { engine } = await database.prisma.worker.findUniqueOrThrow({ where: { id: worker.id } });
  expect(['onnxruntime', 'tensorflow']).toContain(engine);
  await worker.stop();
});
