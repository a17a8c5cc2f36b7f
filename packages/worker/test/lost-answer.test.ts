import { appendEvent, claimRun, writeRun } from '@espalier/runs';
import { newId, openDatabase } from '@espalier/store';
import { expect, it, onTestFinished } from 'vitest';
import { platform, started } from '../../runs/test/platform.ts';
import { proxyTo } from './proxy.ts';

it('a write whose commit was carried out and never answered is not done again', async () => {
  const on = await platform();
  const spec = {
    allocation: 'uniform',
    criterion: 'l1',
    target: { metric: 'macs', share: 0.4 },
    seed: 0,
  } as const;
  await started(on, [spec]);
  const line = await proxyTo(on.url);
  const { prisma, close } = await openDatabase(line.url);
  onTestFinished(() => close());
  const { id: runId, ticket } = await prisma.run.findFirstOrThrow();
  const row = { host: 'here', pid: 1, engine: 'onnxruntime', cores: 1, memoryBytes: 1, version: '0' };
  const worker = await prisma.worker.create({ data: { id: newId('worker'), ...row } });
  const claim = await claimRun(prisma, { runId, ticket }, worker.id);
  if (!claim) throw new Error('the run cannot be claimed');
  let tries = 0;
  line.loseAnswer();
  const told = await writeRun(prisma, claim, async (transaction) => {
    tries++;
    await appendEvent(transaction, runId, { kind: 'checkpoint', step: tries });
    return `written by try ${tries}`;
  });
  expect(told).toBe('written by try 1');
  expect(tries).toBe(1);
  expect(await prisma.runEvent.findMany({ where: { runId, kind: 'checkpoint' } })).toMatchObject([
    { data: { step: 1 } },
  ]);
  // What comes after is written as ever.
  await writeRun(prisma, claim, (transaction) =>
    appendEvent(transaction, runId, { kind: 'checkpoint', step: 2 }),
  );
  expect(await prisma.runEvent.count({ where: { runId, kind: 'checkpoint' } })).toBe(2);
});
