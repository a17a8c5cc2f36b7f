import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { at, type Image } from './dockerfile.ts';

/** Debian's `nobody`. */
const NOBODY = { uid: 65534, gid: 65534 } as const;
const HEALTHY_WITHIN_MS = 150_000;

/** What an image starts, in a process of this machine: the same command, environment, folder and lack of rights. */
export interface Container {
  readonly child: ChildProcess;
  /** Everything that it has said. */
  said(): string;
  /** The image's own health check; null while healthy, else what it says. */
  health(): string | null;
  untilHealthy(): Promise<void>;
  untilSaid(what: RegExp): Promise<void>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** @param extra what compose sets */
export async function startContainer(
  image: Image,
  extra: Readonly<Record<string, string>>,
): Promise<Container> {
  const account = unprivileged();
  const folder = await mkdtemp('/var/tmp/espalier-image-');
  if (account) await chown(folder, account.uid, account.gid);
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    ...image.env,
    ...extra,
    // Places of a container's own.
    ESPALIER_HOME: folder,
    ...(image.env.ESPALIER_HEARTBEAT_FILE ? { ESPALIER_HEARTBEAT_FILE: path.join(folder, 'beat') } : {}),
  };
  const options = { cwd: at('.'), env, ...account };
  const [command = '', ...args] = image.command;
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const health = () => {
    const [probe = '', ...rest] = image.health;
    const { status, stderr } = spawnSync(probe, rest, { ...options, encoding: 'utf8' });
    return status === 0 ? null : stderr.trim() || `ended with ${status}`;
  };
  const until = async (condition: () => boolean, what: () => string) => {
    const deadline = Date.now() + HEALTHY_WITHIN_MS;
    while (!condition()) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${what()}:\n${text}`);
      await setTimeout(300);
    }
  };
  return {
    child,
    ended,
    health,
    said: () => text,
    untilHealthy: () =>
      until(
        () => health() === null,
        () => `not healthy (${health()})`,
      ),
    untilSaid: (pattern) =>
      until(
        () => pattern.test(text),
        () => `it does not say ${pattern}`,
      ),
  };
}

/** Root hands its rights away, as an image does, where `nobody` may read the checkout. */
function unprivileged(): typeof NOBODY | null {
  if (process.getuid?.() !== 0) return null;
  const file = at('docker/health-api.mjs');
  const { status } = spawnSync(
    process.execPath,
    ['-e', `require('fs').readFileSync(${JSON.stringify(file)})`],
    NOBODY,
  );
  return status === 0 ? NOBODY : null;
}
