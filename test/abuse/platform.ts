/**
 * A platform with two workers and an API, of which something dies at a random moment of every round: then all
 * runs must end, with the numbers that they have where nothing dies, and everything must be there once.
 * Every line tells the seed of its round: `--seed N --rounds 1` is that round again.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { patiently } from '../../packages/runs/src/claims/patience.ts';
import { brokenInvariants } from '../../packages/runs/test/invariants.ts';
import { type Disturbance, disturbances } from './platform/disturbances.ts';
import { type Stage, setStage } from './platform/stage.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
  },
});
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
/** A round takes about this long; what happens later happens to a platform that has nothing to do. */
const MOMENT_MS = 12_000;
/** On machines that are busy with other things, too. */
const PATIENCE_MS = 600_000;

const folder = await mkdtemp('/var/tmp/espalier-abuse-');
// Or the database, which root does not run, lies elsewhere and stays.
await chmod(folder, 0o755);
let failed = 0;
let stage: Stage | undefined;
try {
  stage = await setStage(folder);
  for (let round = 1; round <= rounds; round++) {
    const problems = await play(stage, round, seed + round - 1);
    for (const problem of problems) console.log(`  ${problem}`);
    if (problems.length > 0) failed++;
  }
} catch (error) {
  console.error(error);
  failed++;
} finally {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${rounds - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : process.exitCode;

/** Returns what is not as it should be. */
async function play(on: Stage, round: number, seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  const names = Object.keys(disturbances);
  const name = names[Math.floor(random() * names.length)] ?? '';
  const moment = Math.floor(random() * MOMENT_MS);
  const started = performance.now();
  const runs = await on.startRuns(seed);
  const reading = on.follow(runs[0] ?? '');
  await setTimeout(moment);
  await (disturbances[name] as Disturbance)(on, random, runs);
  const problems = await overOrNot(on, runs, name === 'cancel');
  problems.push(...(await reading.end()));
  problems.push(...(await brokenInvariants(on.database.prisma, on.artifacts)));
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
    return runs.flatMap(({ id, allocation, state, error, result }) => {
      if (state === 'cancelled' && mayBeCancelled) return [];
      if (state !== 'finished') return [`run ${id} is ${state}: ${error ?? 'no reason'}`];
      return on.sameAsBefore(allocation, [result?.networkHash, result?.sha256, result?.top1, result?.loss]);
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
