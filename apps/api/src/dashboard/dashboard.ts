import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

const SERVER = fileURLToPath(new URL('../../../dashboard/server.mjs', import.meta.url));
const BUILT = fileURLToPath(new URL('../../../dashboard/.next/espalier-built', import.meta.url));
const START_PATIENCE_MS = 30_000;
const STOP_PATIENCE_MS = 5_000;
const LONGEST_PAUSE_MS = 10_000;

export interface Dashboard {
  /** Where its server listens; null while it starts (again). */
  address(): string | null;
  close(): Promise<void>;
}

/** Whether there is something to serve. */
export function isDashboardBuilt(): boolean {
  return existsSync(BUILT);
}

/**
 * The dashboard's server as a child process of this one. It talks to the API at `api` and is started again if it
 * dies.
 *
 * @param key that it shows the API when it asks for somebody
 * @param onError told what it complains of, and when it dies
 */
export function startDashboard(api: string, key: string, onError: (error: unknown) => void): Dashboard {
  let child: ChildProcess | null = null;
  let ready: string | null = null;
  let closing = false;
  const running = keepRunning();

  async function keepRunning(): Promise<void> {
    for (let attempt = 0; !closing; attempt++) {
      const port = await freePort();
      child = fork(SERVER, {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        execArgv: [],
        env: {
          ...process.env,
          NODE_ENV: 'production',
          NEXT_TELEMETRY_DISABLED: '1',
          HOSTNAME: '127.0.0.1',
          PORT: String(port),
          ESPALIER_API_URL: api,
          ESPALIER_DASHBOARD_KEY: key,
        },
      });
      const ended = new Promise<void>((resolve) => child?.on('exit', () => resolve()));
      child.stderr?.on('data', (text: Buffer) => onError(new Error(`dashboard: ${text.toString().trim()}`)));
      const address = `http://127.0.0.1:${port}`;
      const answers = await Promise.race([waitFor(`${address}/icon.svg`), ended.then(() => false)]);
      if (answers) {
        ready = address;
        attempt = 0;
      }
      await ended;
      ready = null;
      if (closing) return;
      onError(new Error('the dashboard stopped; it is started again'));
      await pause(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** attempt));
    }
  }

  return {
    address: () => ready,
    async close() {
      closing = true;
      child?.kill('SIGTERM');
      const late = setTimeout(() => child?.kill('SIGKILL'), STOP_PATIENCE_MS);
      await running.catch(onError);
      clearTimeout(late);
    },
  };
}

async function waitFor(url: string): Promise<boolean> {
  const until = performance.now() + START_PATIENCE_MS;
  while (performance.now() < until) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return true;
    await pause(100);
  }
  return false;
}
