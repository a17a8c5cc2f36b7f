import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isOver } from '@espalier/runs';
import type { Run, RunState } from '@espalier/store';
import { onTestFinished } from 'vitest';
import { type Platform, TIMING } from '../../runs/test/platform.ts';
import type { Budgets } from '../src/budgets.ts';
import { startWorker, type Worker } from '../src/index.ts';

const PROCESS = fileURLToPath(new URL('./worker-process.mjs', import.meta.url));

export { started as start } from '../../runs/test/platform.ts';

export function inProcess(
  { database, queue, artifacts, folder }: Platform,
  engine = 'onnxruntime',
  budgets?: Budgets,
): Promise<Worker> {
  return startWorker({
    ...{ database, queue, artifacts, home: path.join(folder, 'home'), version: 'test' },
    ...{ engine, threads: 1, onError: (error) => console.error(error) },
    ...(budgets ? { budgets } : {}),
  });
}

/**
 * A worker in a separate process, to be killed.
 *
 * @param settings what is another way with it than with most: its home
 * @param complains whether what it says of errors is shown: not where they are what the test is about
 */
export function outOfProcess(
  { url, folder }: Pick<Platform, 'url' | 'folder'>,
  { complains = true, settings = {} as object } = {},
): ChildProcess {
  const given = [url, folder, JSON.stringify(TIMING), JSON.stringify(settings)];
  const child = spawn(process.execPath, [PROCESS, ...given], {
    stdio: ['ignore', 'ignore', complains ? 'inherit' : 'ignore'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** The change that ends a stage, as a breakpoint takes it. */
export const leaving = (state: string) => `OLD.state = '${state}' AND NEW.state <> OLD.state`;

/** As if the ten seconds were over after which a silent worker counts as dead. */
export async function timePasses({ database }: Platform): Promise<void> {
  await database.pool.query(
    `UPDATE queue.job SET heartbeat_on = heartbeat_on - interval '1 hour' WHERE state = 'active'`,
  );
}

export function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', resolve));
}

export async function stateOf(on: Platform, id: string): Promise<RunState> {
  return (await on.database.prisma.run.findUniqueOrThrow({ where: { id } })).state;
}

export async function untilOver(on: Platform, id: string): Promise<Run> {
  // An end stays: it need not be looked for as often as what passes.
  await until(async () => isOver(await stateOf(on, id)), 100);
  return on.database.prisma.run.findUniqueOrThrow({ where: { id } });
}

export async function until(condition: () => Promise<boolean>, everyMs = 20): Promise<void> {
  while (!(await condition())) await setTimeout(everyMs);
}
