import { expect, it } from 'vitest';
import { book, jobSchema, queueOf, type RunSpec } from '../src/index.ts';
import { experimentOf, otherTeam, type Platform, platform, started } from './platform.ts';

const QUEUE = queueOf('onnxruntime');
const uniform: RunSpec = {
  allocation: 'uniform',
  criterion: 'l1',
  target: { metric: 'macs', share: 0.4 },
  seed: 0,
};
const [LONG, SHORT] = [300, 20];

it('a team with long jobs and one with short ones use the same seconds, while both have work', async () => {
  const on = await platform();
  const [ours, theirs] = [await experimentOf(on), await otherTeam(on)];
  await started(on, Array(20).fill(uniform), ours);
  await started(on, Array(200).fill(uniform), theirs);
  const used = new Map([
    [ours.teamId, 0],
    [theirs.teamId, 0],
  ]);
  for (let i = 0; i < 120; i++) {
    const teamId = await computed(on, (id) => (id === ours.teamId ? LONG : SHORT));
    used.set(teamId, (used.get(teamId) ?? 0) + (teamId === ours.teamId ? LONG : SHORT));
    const [a = 0, b = 0] = used.values();
    expect(Math.abs(a - b)).toBeLessThanOrEqual(LONG + 2 * SHORT);
  }
  expect([...used.values()].every((seconds) => seconds > 1500)).toBe(true);
});

it('a team that sends one short job after the other is not behind one whose long jobs wait already', async () => {
  const on = await platform();
  const [ours, theirs] = [await experimentOf(on), await otherTeam(on)];
  await started(on, Array(20).fill(uniform), ours);
  let [long, short, sent] = [0, 0, 0];
  for (let i = 0; i < 80; i++) {
    if (sent === 0) sent = (await started(on, [uniform], theirs)).length;
    const teamId = await computed(on, (id) => (id === ours.teamId ? LONG : SHORT));
    if (teamId === ours.teamId) long += LONG;
    else [short, sent] = [short + SHORT, 0];
    expect(Math.abs(long - short)).toBeLessThanOrEqual(LONG + 2 * SHORT);
  }
});

it('a team that comes anew, or comes back, has saved nothing up, or half an hour', async () => {
  const on = await platform();
  const [ours, theirs, third] = [await experimentOf(on), await otherTeam(on), await otherTeam(on)];
  // Both have computed, one of them for a day more.
  await started(on, [uniform], theirs);
  await computed(on, () => 60);
  await started(on, Array(60).fill(uniform), ours);
  for (let i = 0; i < 24; i++) await computed(on, () => 3600);
  await started(on, Array(60).fill(uniform), third);
  await started(on, Array(60).fill(uniform), theirs);
  const order: string[] = [];
  for (let i = 0; i < 20; i++) order.push(await computed(on, () => 600));
  const taken = (teamId: string) => order.filter((id) => id === teamId).length;
  expect(Math.abs(taken(third.teamId) - taken(ours.teamId))).toBeLessThanOrEqual(1);
  expect(taken(theirs.teamId) - taken(ours.teamId)).toBeGreaterThan(0);
  expect(taken(theirs.teamId) - taken(ours.teamId)).toBeLessThanOrEqual(4);
});

it('a job that broke off after a long time is not tried again ahead of others', async () => {
  const on = await platform();
  const [ours, theirs] = [await experimentOf(on), await otherTeam(on)];
  const { boss } = on.queue;
  await started(on, [uniform], ours);
  const job = await fetched(on);
  await book(on.database.prisma, job.data, { queue: QUEUE, turn: job.turn, seconds: 600 });
  await started(on, Array(10).fill(uniform), theirs);
  // They begin where the first one has come to; then it takes some more.
  await book(on.database.prisma, job.data, { queue: QUEUE, turn: job.turn, seconds: 100 });
  await boss.fail(QUEUE, job.id, new Error('killed'));
  await on.database.pool.query(
    `UPDATE queue.job SET start_after = now() - interval '1 s' WHERE state = 'retry'`,
  );
  const order: string[] = [];
  for (let i = 0; i < 5; i++) order.push(await computed(on, () => 10));
  expect(order).toEqual(Array(5).fill(theirs.teamId));
});

/** Takes the next job and ends it as if it had taken so long; whose it was. */
async function computed(on: Platform, secondsOf: (teamId: string) => number): Promise<string> {
  const { id, data, turn } = await fetched(on);
  const seconds = secondsOf(data.teamId);
  await book(on.database.prisma, data, { queue: QUEUE, turn, seconds });
  await on.queue.boss.complete(QUEUE, id);
  return data.teamId;
}

async function fetched({ queue: { boss } }: Platform) {
  const [job] = await boss.fetch(QUEUE, { includeMetadata: true });
  if (!job) throw new Error('nothing waits');
  return { id: job.id, data: jobSchema.parse(job.data), turn: -job.priority };
}
