import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Claim, claimRun, LostClaim, type RunSpec, transition, writeRun } from '../src/index.ts';
import { cancelled, type Platform, platform, started } from './platform.ts';

const uniform: RunSpec = {
  allocation: 'uniform',
  criterion: 'l1',
  target: { metric: 'macs', share: 0.4 },
  seed: 0,
};
const WORKER = 'worker_a';
const RACES = 40;
const PATH = ['searching', 'cutting', 'evaluating', 'exporting'] as const;

it('a run is cancelled where that is what was answered, and has a result where it is not', async () => {
  const on = await withWorker();
  const runs = await started(on, Array(RACES).fill(uniform));
  const seen = new Set<string>();
  for (const { id } of runs) {
    const claim = await exporting(on, id);
    // Each of them is ahead in its turn.
    const moments = [Math.random(), Math.random()].map((share) => setTimeout(8 * share));
    const [finishes, answered] = await Promise.all([
      moments[0]?.then(() => finished(on, claim)),
      moments[1]?.then(() => cancelled(on, [id])),
    ]);
    const after = await on.database.prisma.run.findUniqueOrThrow({
      where: { id },
      include: { events: { orderBy: { seq: 'asc' } } },
    });
    expect(answered).toEqual(after.state === 'cancelled' ? [id] : []);
    expect(finishes).toBe(after.state === 'finished');
    expect(['finished', 'cancelled']).toContain(after.state);
    expect(after.events.at(-1)?.data).toMatchObject({ state: after.state });
    seen.add(after.state);
  }
  expect(seen.size).toBe(2);
});

it('what was cancelled can be retried at once, and its old worker writes nothing', async () => {
  const on = await withWorker();
  const [run] = await started(on, [uniform]);
  if (!run) throw new Error('one was started');
  const claim = await claimRun(on.database.prisma, { runId: run.id, ticket: 1 }, WORKER);
  if (!claim) throw new Error('it was there to be taken');
  await cancelled(on, [run.id]);
  await expect(
    writeRun(on.database.prisma, claim, (transaction, row) => transition(transaction, row, 'failed')),
  ).rejects.toBeInstanceOf(LostClaim);
});

async function withWorker(): Promise<Platform> {
  const on = await platform();
  const data = {
    id: WORKER,
    host: 'here',
    pid: 1,
    cores: 1,
    memoryBytes: 1,
    version: 'test',
    engine: 'onnxruntime',
  };
  await on.database.prisma.worker.create({ data });
  return on;
}

/** Goes through a run's life as a worker does, until there is but one step left. */
async function exporting({ database: { prisma } }: Platform, runId: string): Promise<Claim> {
  const claim = await claimRun(prisma, { runId, ticket: 1 }, WORKER);
  if (!claim) throw new Error('it was there to be taken');
  for (const state of PATH) {
    await writeRun(prisma, claim, (transaction, run) => transition(transaction, run, state));
  }
  return claim;
}

/** Whether it came to its end. */
async function finished({ database: { prisma } }: Platform, claim: Claim): Promise<boolean> {
  try {
    await writeRun(prisma, claim, (transaction, run) => transition(transaction, run, 'finished'));
    return true;
  } catch (error) {
    if (error instanceof LostClaim) return false;
    throw error;
  }
}
