import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const START = fileURLToPath(new URL('../scripts/start.mjs', import.meta.url));
/** Of one start, on a machine that may be busy; a test has two of them. */
const PATIENCE_MS = 150_000;

it(
  'npm start: a new platform, Ctrl-C ends all of it, and the second start finds it again',
  async () => {
    const home = await newHome();
    const first = start(home, '--no-example', '--no-worker', '--new-key');
    const address = await first.said(/Espalier is at (http:\/\/127\.0\.0\.1:\d+)/);
    const key = await first.said(/API key, shown only once, valid for 30 days: (esp_\S+)/);
    const link = await first.said(/Sign in: (\S+)/);
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
    await first.said(/(Ctrl-C ends it)/);
    expect(await roleOf(address, key)).toBe('ADMIN');
    const postgres = await postgresOf(home);
    expect(alive(postgres)).toBe(true);
    first.interrupt();
    expect(await first.ended, first.text()).toBe(0);
    expect(alive(postgres)).toBe(false);
    await expect(fetch(`${address}/health`)).rejects.toThrow();

    const second = start(home, '--no-example', '--no-worker');
    const again = await second.said(/Espalier is at (http:\/\/127\.0\.0\.1:\d+)/);
    await second.said(/(Ctrl-C ends it)/);
    // Secrets are shown at the first start, and when they are asked for.
    expect(second.text()).not.toMatch(/esp_|token=/);
    expect(second.text()).toContain('npm start -- --sign-in-link shows a link');
    expect(await roleOf(again, key)).toBe('ADMIN');
    second.interruptLauncher();
    expect(await second.ended, second.text()).toBe(0);
  },
  3 * PATIENCE_MS,
);

it(
  'ends with a line where the port that was asked for is taken',
  async () => {
    const home = await newHome();
    const taken = createServer();
    const port = await new Promise<number>((resolve, reject) => {
      taken.on('error', reject).listen(0, '127.0.0.1', () => {
        const bound = taken.address();
        resolve(typeof bound === 'object' && bound ? bound.port : 0);
      });
    });
    onTestFinished(() => {
      taken.close();
    });
    const running = start(home, '--no-example', '--no-worker', { ESPALIER_PORT: String(port) });
    expect(await running.ended, running.text()).toBe(1);
    expect(running.text()).toContain(`error: ESPALIER_PORT: port ${port} of 127.0.0.1 is taken`);
  },
  2 * PATIENCE_MS,
);

/** Reachable for the user that PostgreSQL runs as. */
async function newHome(): Promise<string> {
  const home = await mkdtemp('/var/tmp/espalier-start-');
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await chmod(home, 0o755);
  return home;
}

interface Started {
  /** The first group of the pattern, as soon as it is said. */
  said(pattern: RegExp): Promise<string>;
  text(): string;
  /** Ctrl-C, as a terminal sends it: to every process of the group. */
  interrupt(): void;
  /** As `kill -INT` does with its process number. */
  interruptLauncher(): void;
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

function start(home: string, ...given: (string | Record<string, string>)[]): Started {
  const flags = given.filter((one) => typeof one === 'string');
  const extra = Object.assign({}, ...given.filter((one) => typeof one !== 'string'));
  const env = {
    ...process.env,
    ESPALIER_HOME: home,
    ESPALIER_PORT: '0',
    ESPALIER_DATABASE_URL: '',
    ...extra,
  };
  const child = spawn(process.execPath, [START, ...flags], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
    signalGroup(child, 'SIGKILL');
    await ended;
  });
  return {
    ended,
    text: () => text,
    interrupt: () => signalGroup(child, 'SIGINT'),
    interruptLauncher: () => void child.kill('SIGINT'),
    async said(pattern) {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const found = pattern.exec(text)?.[1];
        if (found !== undefined) return found;
        if (child.exitCode !== null || Date.now() > deadline)
          throw new Error(`it does not say ${pattern}:\n${text}`);
        await setTimeout(100);
      }
    },
  };
}

function signalGroup({ pid, exitCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The group has ended between the question and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function roleOf(address: string, key: string): Promise<string> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ viewer { role } }' }),
  });
  const { data } = (await response.json()) as { data: { viewer: { role: string } } };
  return data.viewer.role;
}

async function postgresOf(home: string): Promise<number> {
  const file = path.join(home, 'postgres', 'data', 'postmaster.pid');
  return Number((await readFile(file, 'utf8')).split('\n')[0]);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
