import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Database, newId } from '@espalier/store';
import { createApiKey } from '../src/people/api-keys.ts';

const MAIN = fileURLToPath(new URL('../bin/serve.mjs', import.meta.url));

export interface Main {
  readonly process: ChildProcess;
  readonly address: string;
}

/**
 * The program itself, on any free port.
 *
 * @param complains whether what it says of errors is shown: not where they are what a test is about
 */
export async function startMain(env: NodeJS.ProcessEnv, { complains = true } = {}): Promise<Main> {
  const child = spawn(process.execPath, [MAIN, '--no-example'], {
    env: { ...process.env, ESPALIER_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Read in any case: a pipe that is full stops whoever writes.
  child.stderr.resume();
  if (complains) child.stderr.pipe(process.stderr);
  for await (const line of createInterface(child.stdout)) {
    const [, address] = /^Espalier is at (\S+) /.exec(line) ?? [];
    if (address) {
      child.stdout.resume();
      return { process: child, address };
    }
  }
  throw new Error('the platform did not start');
}

/** Of a new editor in the team that a tiny experiment belongs to. */
export async function editorKey({ prisma }: Database): Promise<string> {
  const { id: teamId } = await prisma.team.findUniqueOrThrow({ where: { slug: 'team' } });
  const userId = newId('user');
  await prisma.user.create({ data: { id: userId, email: 'a@example.org', name: 'A' } });
  await prisma.membership.create({ data: { teamId, userId, role: 'editor' } });
  return (await createApiKey(prisma, { teamId, userId }, { name: 'test', role: 'editor' })).key;
}

/** Appends the numbers of events behind the last one that was read, until the stream ends or breaks. */
export async function readEvents(address: string, key: string, runId: string, read: number[]): Promise<void> {
  const afterSeq = read.at(-1) ?? 0;
  const query = `subscription { runEvents(runId: "${runId}", afterSeq: ${afterSeq}) { seq } }`;
  try {
    const response = await fetch(`${address}/graphql/stream`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: JSON.stringify({ query }),
    });
    let text = '';
    for await (const part of response.body ?? []) {
      text += Buffer.from(part).toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, seq] = /"seq":(\d+)/.exec(text.slice(0, end)) ?? [];
        if (seq) read.push(Number(seq));
        text = text.slice(end + 2);
      }
    }
  } catch {
    // Broken off: what came before it counts.
  }
}

export function childrenOf(pid: number | undefined): number[] {
  // It ends with 1 if there are none.
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return stdout.split(/\s+/).filter(Boolean).map(Number);
}

export function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
