import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { InputError } from '@espalier/errors';
import pg from 'pg';
import writeFileAtomic from 'write-file-atomic';
import { type Account, type Binaries, findBinaries, reachableFolder, serverAccount } from './binaries.ts';

/** A PostgreSQL of our own, running. */
export interface EmbeddedPostgres {
  /** Of a database that exists. */
  readonly url: string;
  /** Of the server process. */
  readonly pid: number;
  /** Whether this process started it, or took it over from one that died. */
  readonly owned: boolean;
  /** Shuts it down if this process owns it; connections are closed, what is committed is safe. */
  stop(): Promise<void>;
}

const DATABASE = 'espalier';
const USER = 'espalier';
const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 20_000;

/**
 * Starts the PostgreSQL that comes from npm, with its data in `folder`, or joins the one that already runs
 * there. A server that outlived the process that started it is taken over; one that was killed recovers.
 *
 * @throws {InputError} where it cannot run, with what to do
 */
export async function startEmbeddedPostgres(folder: string): Promise<EmbeddedPostgres> {
  const account = serverAccount();
  const data = await reachableFolder(path.join(folder, 'data'), account);
  const secrets = path.join(folder, 'server.json');
  await mkdir(folder, { recursive: true });
  const running = await join(data, secrets);
  if (running) return running;
  const binaries = await findBinaries(account);
  const password = await initialised(data, secrets, binaries, account);
  return start({ data, secrets, binaries, account, password });
}

/** What is known of the server: written by whoever starts it, readable by its owner only. */
interface Server {
  readonly password: string;
  readonly port: number;
  /** The process that stops it. */
  readonly owner: number;
}

/** The server that runs already, if one does. */
async function join(data: string, secrets: string): Promise<EmbeddedPostgres | null> {
  const [pid, server] = [await serverPid(data), await readServer(secrets)];
  if (pid === null || !server) return null;
  if (!(await answers(server))) {
    // It is ending, or its process number has been given to another program.
    await untilGone(pid, data);
    return null;
  }
  const owned = !alive(server.owner);
  if (owned) await writeServer(secrets, { ...server, owner: process.pid });
  return handle(server, pid, owned);
}

interface Start {
  readonly data: string;
  readonly secrets: string;
  readonly binaries: Binaries;
  readonly account: Account | null;
  readonly password: string;
}

async function start({ data, secrets, binaries, account, password }: Start): Promise<EmbeddedPostgres> {
  // The one it had, so that workers elsewhere find it again.
  const port = await freePort((await readServer(secrets))?.port ?? 0);
  const server: Server = { password, port, owner: process.pid };
  await writeServer(secrets, server);
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    logging_collector: 'off',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(binaries.postgres, ['-D', data, ...options], {
    ...account,
    // Of its own, so that Ctrl-C in a terminal reaches us and not it: we shut it down.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = lastLines(child);
  const deadline = Date.now() + START_PATIENCE_MS;
  while (!(await answers(server))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new InputError(`PostgreSQL does not start in ${data}: ${said() || 'no message'}`);
    }
    await setTimeout(50);
  }
  child.unref();
  (child.stderr as unknown as { unref(): void }).unref();
  await createDatabase(server);
  return handle(server, child.pid ?? 0, true);
}

function handle(server: Server, pid: number, owned: boolean): EmbeddedPostgres {
  return {
    url: urlOf(server, DATABASE),
    pid,
    owned,
    async stop() {
      if (!owned || !alive(pid)) return;
      // Fast shutdown: transactions are rolled back, a checkpoint is written.
      process.kill(pid, 'SIGINT');
      const deadline = Date.now() + STOP_PATIENCE_MS;
      while (alive(pid) && Date.now() < deadline) await setTimeout(25);
      if (alive(pid)) process.kill(pid, 'SIGQUIT');
    },
  };
}

/** Makes the data folder the first time; returns the password. */
async function initialised(
  data: string,
  secrets: string,
  { initdb }: Binaries,
  account: Account | null,
): Promise<string> {
  const known = await readServer(secrets);
  const made = await readFile(path.join(data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (known && made !== null) return known.password;
  if (made !== null) {
    throw new InputError(
      `there is a database in ${data}, but its password is not in ${secrets}; restore that file, or move the folder away`,
    );
  }
  const password = randomBytes(24).toString('base64url');
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true, mode: 0o700 });
  const file = `${data}.password`;
  await writeFile(file, password, { mode: 0o600 });
  if (account) {
    await chown(data, account.uid, account.gid);
    await chown(file, account.uid, account.gid);
  }
  try {
    await run(
      initdb,
      ['-D', data, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${file}`, '-E', 'UTF8', '--locale=C'],
      account,
    );
  } finally {
    await rm(file, { force: true });
  }
  await writeServer(secrets, { password, port: 0, owner: 0 });
  return password;
}

async function run(command: string, args: readonly string[], account: Account | null): Promise<void> {
  const child = spawn(command, args, { ...account, stdio: ['ignore', 'ignore', 'pipe'] });
  const said = lastLines(child);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new InputError(`${path.basename(command)} ended with ${code}: ${said()}`);
}

async function createDatabase(server: Server): Promise<void> {
  await withClient(urlOf(server, 'postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
}

async function answers(server: Server): Promise<boolean> {
  if (server.port === 0) return false;
  return withClient(urlOf(server, 'postgres'), async () => true).catch(() => false);
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf({ password, port }: Server, database: string): string {
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
}

async function readServer(file: string): Promise<Server | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Server);
}

async function writeServer(file: string, server: Server): Promise<void> {
  await writeFileAtomic(file, JSON.stringify(server), { mode: 0o600 });
}

/** Of the server that has the data folder open, if it lives. */
async function serverPid(data: string): Promise<number | null> {
  const text = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => null);
  const pid = Number(text?.split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 && alive(pid) ? pid : null;
}

async function untilGone(pid: number, data: string): Promise<void> {
  const deadline = Date.now() + STOP_PATIENCE_MS;
  while ((await serverPid(data)) === pid && Date.now() < deadline) await setTimeout(100);
}

/** Whether a process lives, ours or not. */
export function alive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function lastLines(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text = (text + part).slice(-2000);
  });
  return () => text.trim().split('\n').slice(-3).join(' ').trim();
}

/** The wanted port, or another one where it is taken. */
async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted;
}

function tryPort(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(null));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}
