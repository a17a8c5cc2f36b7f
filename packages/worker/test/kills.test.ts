import type { RunSpec } from '@espalier/runs';
import { expect, it } from 'vitest';
import { brokenInvariants } from '../../runs/test/invariants.ts';
import { type Platform, platform } from '../../runs/test/platform.ts';
import { stopAt } from './breakpoint.ts';
import { lastStory, outcome } from './outcome.ts';
import {
  exitOf,
  inProcess,
  leaving,
  outOfProcess,
  start,
  stateOf,
  timePasses,
  untilOver,
} from './processes.ts';

const cie: RunSpec = { allocation: 'cie', criterion: 'l1', target: { metric: 'macs', share: 0.4 }, seed: 0 };
const SETTINGS = { samples: 20, perClass: 30, recipe: { epochs: 2, batch: 16, learningRate: 0.01 } };
/** Each of them starts, and somebody follows it. */
const EIGHT_WORKERS_MS = 600_000;
const STORY = [
  ...['searching', 'cutting', 'finetuning'],
  ...['evaluating', 'measuring', 'exporting', 'finished'],
];

interface Moment {
  readonly stage: string;
  /** The change in the middle of which the worker is killed; by default the one that ends the stage. */
  readonly change?: string;
  readonly condition?: string;
}

const EARLY: Moment[] = [
  { stage: 'sampling', change: 'UPDATE ON "SamplingShard"', condition: "NEW.state = 'done'" },
  { stage: 'sampling', change: 'INSERT ON "ContributionMatrix"', condition: 'true' },
  { stage: 'searching' },
  { stage: 'cutting' },
];
const LATE: Moment[] = [
  { stage: 'finetuning', change: 'INSERT ON "EpochMetric"', condition: 'NEW.epoch = 1' },
  { stage: 'evaluating' },
  { stage: 'measuring' },
  { stage: 'exporting' },
];

// One run each, since a job that kills more than five workers is given up.
it.each([
  ['sampling, putting shares together, searching, cutting', EARLY],
  ['finetuning, evaluating, measuring, exporting', LATE],
])(
  'workers killed while %s are replaced, and the numbers are those of a quiet run',
  async (_, moments) => {
    const expected = await quiet();
    const on = await platform(SETTINGS);
    const [run] = await start(on, [cie]);
    const runId = run?.id ?? '';
    for (const { stage, change = 'UPDATE ON "Run"', condition = leaving(stage) } of moments) {
      const point = await stopAt(on.url, change, condition);
      const victim = outOfProcess(on);
      await point.reached();
      // What the transaction under way has written is seen by nobody.
      expect(await stateOf(on, runId)).toBe(stage);
      victim.kill('SIGKILL');
      await exitOf(victim);
      await point.release();
      expect(await broken(on)).toEqual([]);
      await timePasses(on);
    }
    const heir = await inProcess(on);
    await untilOver(on, runId);
    await heir.stop();
    expect(await outcome(on, runId)).toEqual(expected);
    expect(await lastStory(on, runId)).toEqual(STORY);
    expect(await broken(on)).toEqual([]);
  },
  EIGHT_WORKERS_MS,
);

it('a worker killed while it gives a run up is replaced', async () => {
  const on = await platform();
  const [run] = await start(on, [{ ...cie, allocation: 'uniform' }]);
  const runId = run?.id ?? '';
  await on.database.pool.query(`UPDATE queue.job SET name = 'given-up' WHERE data->>'runId' = $1`, [runId]);
  const point = await stopAt(on.url, 'UPDATE ON "Run"', "NEW.state = 'failed'");
  const victim = outOfProcess(on);
  await point.reached();
  victim.kill('SIGKILL');
  await exitOf(victim);
  await point.release();
  await timePasses(on);
  const heir = await inProcess(on);
  expect(await untilOver(on, runId)).toMatchObject({
    state: 'failed',
    error: expect.stringMatching(/^given up/),
  });
  await heir.stop();
  expect(await broken(on)).toEqual([]);
});

it('a worker that froze in the middle of a change holds nobody up, and writes nothing when it comes back', async () => {
  const expected = await quiet();
  const on = await platform(SETTINGS);
  const [run] = await start(on, [cie]);
  const runId = run?.id ?? '';
  const point = await stopAt(on.url, 'UPDATE ON "Run"', leaving('exporting'));
  const frozen = outOfProcess(on);
  await point.reached();
  frozen.kill('SIGSTOP');
  // The run's row stays locked until the database ends the connection that nothing comes from.
  await point.release();
  await timePasses(on);
  const heir = await inProcess(on);
  await untilOver(on, runId);
  const { claim } = await on.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
  expect(claim).toBe(2);
  frozen.kill('SIGCONT');
  // It goes on with other work.
  await heir.stop();
  const [other] = await start(on, [{ ...cie, allocation: 'uniform' }]);
  expect(await untilOver(on, other?.id ?? '')).toMatchObject({ state: 'finished' });
  frozen.kill('SIGTERM');
  expect(await exitOf(frozen)).toBe(0);
  expect(await outcome(on, runId)).toEqual(expected);
  expect(await lastStory(on, runId)).toEqual(STORY);
  expect(await broken(on)).toEqual([]);
});

let reference: Awaited<ReturnType<typeof outcome>> | undefined;

async function quiet() {
  if (reference) return reference;
  const on = await platform(SETTINGS);
  const [run] = await start(on, [cie]);
  const worker = await inProcess(on);
  await untilOver(on, run?.id ?? '');
  await worker.stop();
  reference = await outcome(on, run?.id ?? '');
  expect(reference).toMatchObject({ state: 'finished', error: null, result: { macs: expect.any(BigInt) } });
  expect(await lastStory(on, run?.id ?? '')).toEqual(STORY);
  expect(await broken(on)).toEqual([]);
  return reference;
}

function broken({ database, artifacts }: Platform): Promise<string[]> {
  return brokenInvariants(database.prisma, artifacts);
}
