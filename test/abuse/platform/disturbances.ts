import { setTimeout } from 'node:timers/promises';
import { childrenOf } from '../../../apps/api/test/main-process.ts';
import { cancelled } from '../../../packages/runs/test/platform.ts';
import type { Stage } from './stage.ts';

/** Something that goes wrong, and is put right as a person or a service manager would. */
export type Disturbance = (on: Stage, random: () => number, runs: string[]) => Promise<void>;

/** This machine lacks what a disturbance takes: nothing has been disturbed. */
export class NotHere extends Error {
  override name = 'NotHere';
}

const OUTAGE_MS = 10_000;

export const disturbances: Readonly<Record<string, Disturbance>> = {
  'worker kill -9': async (on, random) => {
    await on.replaceWorker(pick(on.workers, random), 'SIGKILL');
  },
  'child kill -9': async (on, random) => {
    const children = [...on.workers, on.api.process].flatMap(({ pid }) => childrenOf(pid));
    const victim = pick(children, random);
    // Nothing computes at the moment, or it has just ended.
    if (victim !== undefined) killIfThere(victim);
  },
  'API kill -9': (on) => on.replaceApi('SIGKILL'),
  'PostgreSQL restart': async (on) => {
    await on.stopPostgres();
    await on.startPostgres();
  },
  'PostgreSQL kill -9': async (on) => {
    process.kill(on.postgresPid(), 'SIGKILL');
    await on.startPostgres();
  },
  '10 s cut': async (on) => {
    await on.line.cut();
    await setTimeout(OUTAGE_MS);
    await on.line.mend();
  },
  cancel: async (on, random, runs) => {
    await cancelled(on, [pick(runs, random) ?? '']);
  },
  'worker SIGTERM': async (on, random) => {
    await on.replaceWorker(pick(on.workers, random), 'SIGTERM');
  },
  'API SIGTERM': (on) => on.replaceApi('SIGTERM'),
};

export function pick<T>(things: readonly T[], random: () => number): T | undefined {
  return things[Math.floor(random() * things.length)];
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
