import { newId, RunState } from '@espalier/store';
import { expect, it } from 'vitest';
import { transition } from '../src/index.ts';
import { experimentOf, platform } from './platform.ts';

const ENDS = ['failed', 'cancelled'];
/** What may follow on each state, beside what says it again. */
const EXPECTED: Readonly<Record<RunState, readonly string[]>> = {
  recording: ['finished', ...ENDS],
  queued: ['sampling', 'searching', ...ENDS],
  sampling: ['queued', 'searching', ...ENDS],
  searching: ['cutting', 'queued', ...ENDS],
  cutting: ['recalibrating', 'repairing', 'finetuning', 'quantising', 'evaluating', 'queued', ...ENDS],
  recalibrating: ['repairing', 'finetuning', 'quantising', 'evaluating', 'queued', ...ENDS],
  repairing: ['finetuning', 'quantising', 'evaluating', 'sampling', 'queued', ...ENDS],
  finetuning: ['quantising', 'evaluating', 'sampling', 'queued', ...ENDS],
  quantising: ['evaluating', 'queued', ...ENDS],
  evaluating: [
    ...['measuring', 'exporting', 'sampling'],
    ...['recalibrating', 'repairing', 'finetuning', 'quantising', 'queued'],
    ...ENDS,
  ],
  measuring: ['exporting', 'queued', ...ENDS],
  exporting: ['finished', 'queued', ...ENDS],
  finished: [],
  failed: ['queued', 'sampling'],
  cancelled: ['queued', 'sampling'],
};
const STATES = Object.values(RunState);

it('every step from one state to another is made, with its event, or refused', async () => {
  const on = await platform();
  const { prisma } = on.database;
  const { id: experimentId, teamId } = await experimentOf(on);
  const strategy = { allocation: 'uniform', criterion: 'l1', metric: 'macs', share: 0.4, seed: 0 };
  expect(STATES.length).toBe(Object.keys(EXPECTED).length);
  const rows = STATES.flatMap((state) =>
    STATES.map((next) => ({ run: { id: newId('run'), teamId, experimentId, ...strategy, state }, next })),
  );
  await prisma.run.createMany({ data: rows.map(({ run }) => ({ ...run, done: 3, total: 5 })) });
  const made: Record<string, string[]> = Object.fromEntries(STATES.map((state) => [state, []]));
  for (const { run, next } of rows) {
    const moved = prisma.$transaction((transaction) => transition(transaction, run, next));
    const refused = await moved.then(
      () => null,
      (error: Error) => error.message,
    );
    if (refused !== null) expect(refused).toBe(`a run that is ${run.state} cannot become ${next}`);
    const after = await prisma.run.findUniqueOrThrow({ where: { id: run.id }, include: { events: true } });
    if (refused !== null || next === run.state) {
      // What is said again was written by a transaction whose commit was not answered.
      expect(after).toMatchObject({ state: run.state, done: 3n, events: [] });
      expect(refused === null).toBe(next === run.state);
      continue;
    }
    made[run.state]?.push(next);
    expect(after).toMatchObject({ state: next, done: 0n, total: 0n, workerId: null });
    expect(after.finishedAt === null).toBe(!['finished', ...ENDS].includes(next));
    expect(after.events).toMatchObject([{ seq: 1, kind: 'state', data: { state: next } }]);
  }
  for (const state of STATES) expect(made[state]?.sort()).toEqual([...EXPECTED[state]].sort());
});

it('a run is claimed from every state that is not over, unless it is computed elsewhere', async () => {
  const on = await platform();
  const { prisma } = on.database;
  const { id: experimentId, teamId } = await experimentOf(on);
  for (const state of STATES) {
    const run = { id: newId('run'), teamId, experimentId, allocation: 'uniform', criterion: 'l1', state };
    await prisma.run.create({ data: { ...run, metric: 'macs', share: 0.4, seed: 0 } });
    const claimed = prisma.$transaction((transaction) =>
      transition(transaction, run, 'queued', {
        data: { claim: 1 },
        event: { kind: 'claimed', workerId: 'worker_1', claim: 1 },
      }),
    );
    if (state === 'finished' || state === 'recording') {
      await expect(claimed).rejects.toThrow(`a run that is ${state} cannot become queued`);
      continue;
    }
    await claimed;
    const events = await prisma.runEvent.findMany({ where: { runId: run.id } });
    expect(events).toMatchObject([{ kind: 'claimed', data: { claim: 1 } }]);
  }
});
