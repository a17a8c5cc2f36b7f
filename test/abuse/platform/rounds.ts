import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { patiently } from '../../../packages/runs/src/claims/patience.ts';
import { brokenInvariants } from '../../../packages/runs/test/invariants.ts';
import { type Disturbance, NotHere, pick } from './disturbances.ts';
import { leftOver } from './left-over.ts';
import { type Stage, setStage } from './stage.ts';

export type Disturbances = Readonly<Record<string, Disturbance>>;

/**
 * A round takes about this long; what happens later happens to a platform that has nothing to do. Where a quiet round
 * comes first, as long as that.
 */
const MOMENT_MS = 12_000;
/** On machines that are busy with other things, too. */
const PATIENCE_MS = 600_000;

/**
 * Rounds on one stage, each with one of the disturbances at a random moment; a line for each, and one for all.
 * A round of which nothing is left to go on with is the last one.
 *
 * @param options.goesOn asked before each round, which are counted from 1
 * @param options.quietly whether a round without a disturbance comes first: all numbers are compared with its
 */
export async function playRounds(options: {
  readonly disturbances: Disturbances;
  readonly seed: number;
  readonly goesOn: (round: number) => boolean;
  readonly quietly?: boolean;
}): Promise<void> {
  const { disturbances, seed, goesOn, quietly = false } = options;
  const folder = await mkdtemp('/var/tmp/espalier-abuse-');
  // Or the database, which root does not run, lies elsewhere and stays.
  await chmod(folder, 0o755);
  let [passed, failed, longest] = [0, 0, MOMENT_MS];
  let stage: Stage | undefined;
  try {
    stage = await setStage(folder);
    for (let round = quietly ? 0 : 1; round === 0 || goesOn(round); round++) {
      const these = round === 0 ? QUIET : disturbances;
      const started = performance.now();
      const problems = await play(stage, these, {
        round,
        seed: seed + round - 1,
        longest: round === 0 ? 0 : longest,
      }).finally(() => stage?.putRight());
      if (round === 0) longest = performance.now() - started;
      for (const problem of problems) console.log(`  ${problem}`);
      if (problems.length > 0) failed++;
      else passed++;
    }
  } catch (error) {
    console.error(error);
    failed++;
  } finally {
    await stage?.close();
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : process.exitCode;
}

const QUIET: Disturbances = { nothing: async () => {} };

/** Returns what is not as it should be. */
async function play(
  on: Stage,
  disturbances: Disturbances,
  { round, seed, longest }: { readonly round: number; readonly seed: number; readonly longest: number },
): Promise<string[]> {
  const random = randomFrom(seed);
  let names = Object.keys(disturbances);
  let name = pick(names, random) ?? '';
  const moment = Math.floor(random() * longest);
  const started = performance.now();
  const runs = await on.startRuns(seed);
  const reading = on.follow(runs[0] ?? '');
  await setTimeout(moment);
  for (;;) {
    try {
      await disturbances[name]?.(on, random, runs);
      break;
    } catch (error) {
      if (!(error instanceof NotHere) || names.length === 1) throw error;
      console.log(`  seed ${seed}: no ${name} here, ${error.message}; another one instead`);
      names = names.filter((other) => other !== name);
      name = pick(names, random) ?? '';
    }
  }
  const problems = await overOrNot(on, runs, name === 'cancel');
  problems.push(...(await reading.end()));
  problems.push(...(await leftOver(on, runs)));
  problems.push(...(await patiently(() => brokenInvariants(on.database.prisma, on.artifacts))));
  problems.push(...on.deaths());
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const verdict = problems.length > 0 ? 'FAILED' : 'ok';
  console.log(`round ${round}, seed ${seed}: ${name} after ${moment} ms, ${seconds} s, ${verdict}`);
  return problems;
}

/** Waits for all runs to end, and compares them with those of other rounds. */
async function overOrNot(on: Stage, ids: readonly string[], mayBeCancelled: boolean): Promise<string[]> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const where = { id: { in: [...ids] } };
    // Our own connection broke with all others.
    const runs = await patiently(() => on.database.prisma.run.findMany({ where, include: { result: true } }));
    const open = runs.filter(({ state }) => !['finished', 'failed', 'cancelled'].includes(state));
    // Who died is missed: the runs may wait for it.
    if (open.length > 0 && performance.now() < deadline && !on.somebodyDied()) {
      await setTimeout(200);
      continue;
    }
    return runs.flatMap(({ id, allocation, engine, state, error, result }) => {
      if (state === 'cancelled' && mayBeCancelled) return [];
      if (state !== 'finished') return [`run ${id} is ${state}: ${error ?? 'no reason'}`];
      return on.sameAsBefore(allocation, engine ?? '', [
        result?.networkHash,
        result?.sha256,
        result?.top1,
        result?.loss,
      ]);
    });
  }
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
