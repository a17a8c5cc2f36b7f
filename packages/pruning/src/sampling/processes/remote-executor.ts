import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InputError } from '@espalier/errors';
import type { SweepExecutor } from '../executor.ts';
import type { FromChild, Setup, ToChild } from './messages.ts';

/**
 * An executor in a separate process, so that every core runs its own network: small networks gain more
 * from that than from threads inside an operation, and this process stays free.
 */
export async function remoteExecutor(
  setup: Omit<Setup, 'kind'>,
  signal?: AbortSignal,
): Promise<SweepExecutor> {
  const child = fork(fileURLToPath(new URL('./child.mjs', import.meta.url)), {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const mailbox = new Mailbox(child);
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  child.once('exit', () => signal?.removeEventListener('abort', stop));
  try {
    send(child, { kind: 'setup', ...setup });
    await mailbox.next();
  } catch (error) {
    stop();
    signal?.throwIfAborted();
    throw error;
  }
  return {
    async *run(block, work, { onImages, signal: runSignal }) {
      runSignal?.throwIfAborted();
      send(child, { kind: 'task', block, work });
      for (;;) {
        const message = await mailbox.next().catch((error: unknown) => {
          runSignal?.throwIfAborted();
          throw error;
        });
        if (message.kind === 'done') return;
        if (message.kind === 'images') onImages?.(message.count);
        if (message.kind === 'row') yield message.scores;
      }
    },
    async dispose() {
      stop();
      await mailbox.closed;
    },
  };
}

function send(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message);
}

/** Messages of a child in order; a failure or the child's end rejects whoever waits. */
class Mailbox {
  readonly closed: Promise<void>;
  private readonly waiting: { resolve: (m: FromChild) => void; reject: (e: Error) => void }[] = [];
  private readonly arrived: (FromChild | Error)[] = [];

  constructor(child: ChildProcess) {
    child.on('message', (message: FromChild) => {
      if (message.kind !== 'failed') this.deliver(message);
      else if (message.bad) this.deliver(new InputError(message.message, message.field));
      else this.deliver(new Error(message.message));
    });
    child.on('error', (error) => this.deliver(error));
    this.closed = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.deliver(new Error(`a sweep process ended unexpectedly (${signal ?? `exit code ${code}`})`));
        resolve();
      });
    });
  }

  next(): Promise<FromChild> {
    const first = this.arrived.shift();
    if (first instanceof Error) return Promise.reject(first);
    if (first) return Promise.resolve(first);
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private deliver(message: FromChild | Error): void {
    const waiter = this.waiting.shift();
    if (!waiter) this.arrived.push(message);
    else if (message instanceof Error) waiter.reject(message);
    else waiter.resolve(message);
  }
}
