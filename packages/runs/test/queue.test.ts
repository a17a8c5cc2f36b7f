import { expect, it } from 'vitest';
import { cloneRun, type RunSpec, retryRuns, setPriority } from '../src/index.ts';
import { queueOf } from '../src/queue/jobs.ts';
import {
  cancelled,
  experimentOf,
  otherTeam,
  type Platform,
  platform,
  scheduling,
  started,
} from './platform.ts';

const QUEUE = queueOf('onnxruntime');

const uniform: RunSpec = {
  allocation: 'uniform',
  criterion: 'l1',
  target: { metric: 'macs', share: 0.4 },
  seed: 0,
};
const cie: RunSpec = { ...uniform, allocation: 'cie' };

it("one run of a team does not wait for another team's five hundred", async () => {
  const on = await platform();
  const many = await start(on, seeds(500));
  // Some of them are over before the others come: the count goes on from there.
  const before = await taken(on, 40);
  const other = await otherTeam(on);
  const [single] = await start(on, [uniform], other);
  const after = await taken(on, 4);
  expect(before).toEqual(many.slice(0, 40));
  // One turn of the other team at most.
  expect(after.slice(0, 2)).toContain(single);
});

it('two teams that queue hundreds take turns, whoever came first', async () => {
  const on = await platform();
  const first = await start(on, seeds(100));
  await taken(on, 50);
  const other = await otherTeam(on);
  const second = await start(on, seeds(100), other);
  const order = await taken(on, 100);
  const [ours, theirs] = [first, second].map((ids) => order.filter((id) => ids.includes(id)));
  expect(ours).toEqual(first.slice(50));
  expect(theirs).toEqual(second.slice(0, 50));
  for (let n = 1; n <= order.length; n++) {
    const firsts = order.slice(0, n).filter((id) => first.includes(id)).length;
    expect(Math.abs(n - 2 * firsts)).toBeLessThanOrEqual(2);
  }
  // A team that stopped for a while has saved nothing up for later.
  const third = await otherTeam(on);
  const last = await start(on, seeds(10), third);
  const end = await taken(on, 20);
  expect(end.filter((id) => last.includes(id)).length).toBe(10);
  expect(end.filter((id) => second.includes(id)).length).toBe(10);
});

it("a priority moves a team's own runs, those that wait too, and nobody else's", async () => {
  const on = await platform();
  const other = await otherTeam(on);
  const ours = await start(on, seeds(4));
  const theirs = await start(on, seeds(4), other);
  const urgent = await start(on, [uniform], undefined, 10);
  const { teamId } = await experimentOf(on);
  expect(await prioritise(on, teamId, [ours[3] ?? '', theirs[3] ?? ''], 5)).toEqual([ours[3]]);
  const order = await taken(on, 9);
  expect(order.filter((id) => !theirs.includes(id))).toEqual([urgent[0], ours[3], ...ours.slice(0, 3)]);
  expect(order.filter((id) => theirs.includes(id))).toEqual(theirs);
  expect(order.indexOf(theirs[3] ?? '')).toBeGreaterThan(6);
  await expect(prioritise(on, teamId, ours, 101)).rejects.toThrow(/from -100 to 100/);
});

it('a sampling is as urgent as the foremost run that waits for it', async () => {
  const on = await platform();
  const [run] = await start(on, [uniform]);
  const [sampled] = await start(on, [cie]);
  const { teamId } = await experimentOf(on);
  await prioritise(on, teamId, [sampled ?? ''], 1);
  const { samplingRunId } = await on.database.prisma.run.findUniqueOrThrow({ where: { id: sampled ?? '' } });
  expect(await taken(on, 2)).toEqual([samplingRunId, run]);
});

it('failed and cancelled runs are retried, others are left as they are', async () => {
  const on = await platform();
  const { prisma } = on.database;
  const [waiting = '', dropped = '', sampled = ''] = await start(on, [uniform, uniform, cie]);
  expect(await cancelled(on, [dropped, sampled, dropped])).toEqual([dropped, sampled]);
  expect(await cancelled(on, [dropped])).toEqual([]);
  const { samplingRunId } = await prisma.run.findUniqueOrThrow({ where: { id: sampled } });
  await prisma.samplingRun.update({
    where: { id: samplingRunId ?? '' },
    data: { state: 'failed', error: 'x' },
  });
  const again = await scheduling(on, (transaction) =>
    retryRuns(transaction, on.queue, [waiting, sampled, dropped, 'run_none']),
  );
  expect(again.map(({ id, state }) => [id, state])).toEqual([
    [dropped, 'queued'],
    [sampled, 'sampling'],
  ]);
  for (const run of again) {
    expect(run).toMatchObject({ error: null, cancelAsked: false, workerId: null, finishedAt: null });
  }
  expect(await prisma.samplingRun.findFirstOrThrow()).toMatchObject({ state: 'waiting', error: null });
  const events = await prisma.runEvent.findMany({ where: { runId: dropped }, orderBy: { seq: 'asc' } });
  expect(events.map(({ kind, data }) => [kind, data])).toEqual([
    ['created', { state: 'queued', allocation: 'uniform', criterion: 'l1', seed: 0, clonedFrom: null }],
    ['state', { state: 'cancelled' }],
    ['state', { state: 'queued', reason: 'retried' }],
  ]);
});

it('a run is cloned with edits, and says from which', async () => {
  const on = await platform();
  const { prisma } = on.database;
  const [id = ''] = await start(on, [cie], undefined, 7);
  const run = await prisma.run.findUniqueOrThrow({ where: { id } });
  const clone = await scheduling(on, async (transaction) =>
    cloneRun(transaction, on.queue, run, await experimentOf(on), { allocation: 'uniform', share: 0.2 }),
  );
  expect(clone).toMatchObject({
    ...{ allocation: 'uniform', criterion: 'l1', metric: 'macs', share: 0.2, seed: 0, priority: 7 },
    ...{ samplingRunId: null, state: 'queued', experimentId: run.experimentId },
  });
  const [event] = await prisma.runEvent.findMany({ where: { runId: clone.id } });
  expect(event?.data).toMatchObject({ clonedFrom: id });
});

it('a team has so many runs under way, whatever starts them, and another team has its own', async () => {
  const on = await platform({ teamRuns: 5 });
  const { prisma } = on.database;
  const [first = ''] = await start(on, seeds(3));
  const refused =
    'a team may have 5 runs under way (ESPALIER_TEAM_RUNS), and these would make 6: start fewer, cancel some, or wait for some to end';
  await expect(start(on, seeds(3))).rejects.toThrow(refused);
  // Nothing of it stays.
  expect(await prisma.run.count()).toBe(3);
  expect(await start(on, seeds(5), await otherTeam(on))).toHaveLength(5);
  // What is over makes room, and takes it again when it is retried.
  await cancelled(on, [first]);
  await start(on, seeds(3));
  const again = scheduling(on, (transaction) => retryRuns(transaction, on.queue, [first]));
  await expect(again).rejects.toThrow(refused);
  expect(await prisma.run.findUniqueOrThrow({ where: { id: first } })).toMatchObject({ state: 'cancelled' });
  // Many at a time.
  await cancelled(
    on,
    (await prisma.run.findMany()).map(({ id }) => id),
  );
  const both = await Promise.allSettled(
    Array.from({ length: 4 }, () => start(on, [{ ...cie, criterion: 'l2' }, cie])),
  );
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
});

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => ({ ...uniform, seed }));

/** The ids of the runs, in order. */
async function start(
  on: Platform,
  specs: readonly RunSpec[],
  experiment?: Awaited<ReturnType<typeof experimentOf>>,
  priority = 0,
): Promise<string[]> {
  const runs = await started(on, specs, experiment, priority);
  return runs.map(({ id }) => id);
}

function prioritise(
  on: Platform,
  teamId: string,
  ids: readonly string[],
  priority: number,
): Promise<string[]> {
  return scheduling(on, (transaction) => setPriority(transaction, teamId, ids, priority));
}

/** Takes and ends so many jobs as a worker would, one after the other; what each of them was about. */
async function taken({ queue: { boss } }: Platform, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const [job] = await boss.fetch<{ runId?: string; samplingRunId?: string }>(QUEUE);
    if (!job) throw new Error('nothing waits');
    ids.push(job.data.runId ?? job.data.samplingRunId ?? '');
    await boss.complete(QUEUE, job.id);
  }
  return ids;
}
