import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineName } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import type { Budgets } from '../budgets.ts';
import type { Task, TaskObserver, TaskResult } from '../tasks/task.ts';
import { computingEnvironment } from './environment.ts';
import { hear, type Message, type Order } from './messages.ts';
import { Watch } from './watch.ts';

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));

/** How long a process waits for the next share. */
const LINGER_MS = 3000;

export type Compute = (task: Task, observer: TaskObserver, signal: AbortSignal) => Promise<TaskResult>;

interface Computing {
  readonly child: ChildProcess;
  /** The last line of what it complained of. */
  readonly said: () => string;
}

/**
 * Computes tasks in separate processes. Shares of a sampling come one after another: a process that is done
 * with one takes the next, with its code loaded and warm.
 */
export class ComputingProcesses {
  private waiting: Computing | null = null;
  private readonly budgets: Budgets | null;

  /** @param budgets null: as much as there is */
  constructor(budgets: Budgets | null = null) {
    this.budgets = budgets;
  }

  /**
   * The process is killed when the signal is aborted, or it takes more than it may.
   *
   * @throws {InputError} for what trying again would not change; {Error} if the process ended by itself
   */
  readonly compute: Compute = async (task, observer, signal) => {
    signal.throwIfAborted();
    const warm = task.kind === 'shard' ? this.takeWaiting() : null;
    const computing = warm ?? start();
    const { child, said } = computing;
    return new Promise((resolve, reject) => {
      const end = (reason: unknown) => {
        child.kill('SIGKILL');
        reject(reason);
      };
      const kill = () => end(signal.reason);
      const watch = this.budgets && new Watch(child.pid, this.budgets, firstStage(task), end);
      const leave = () => {
        watch?.stop();
        signal.removeEventListener('abort', kill);
      };
      const listen = (message: Message) => {
        if (message.kind === 'ready') child.send(task);
        else if (message.kind === 'report') {
          if (message.name === 'stage') watch?.stage(message.said[0]);
          hear(observer, message);
        } else if (message.kind === 'keep') {
          const tell = () => child.connected && child.send({ kind: 'kept' } satisfies Order);
          Promise.resolve(observer.keepRepair?.(message.repair)).then(tell, end);
        } else if (message.kind === 'error') {
          const { expected, message: text, field } = message;
          reject(expected ? new InputError(text, field) : new Error(text));
        } else {
          leave();
          child.off('message', listen);
          if (task.kind === 'shard') this.keep(computing);
          resolve(message.result);
        }
      };
      signal.addEventListener('abort', kill, { once: true });
      child.on('message', listen);
      child.on('error', reject);
      child.on('close', (code, ended) => {
        leave();
        // Without an effect if there was a result.
        reject(new Error(`the computing process ended (${ended ?? code}): ${said() || 'no message'}`));
      });
      if (warm) child.send(task);
    });
  };

  /** The engine that `auto` is on this machine. */
  async engineHere(): Promise<EngineName> {
    const found = await this.compute({ kind: 'engine' }, {}, new AbortController().signal);
    if (found.kind !== 'engine') throw new Error('a question for the engine had another answer');
    return found.name;
  }

  /** Ends the process that waits for a task. */
  close(): void {
    this.takeWaiting()?.child.kill('SIGKILL');
  }

  private keep(computing: Computing): void {
    this.close();
    this.waiting = computing;
    const { child } = computing;
    const forget = () => {
      if (this.waiting === computing) this.waiting = null;
    };
    child.removeAllListeners('close').removeAllListeners('error');
    child.once('close', forget).once('error', forget);
    const timer = setTimeout(() => {
      if (this.waiting === computing) this.close();
    }, LINGER_MS);
    child.once('close', () => clearTimeout(timer));
  }

  private takeWaiting(): Computing | null {
    const { waiting } = this;
    this.waiting = null;
    return waiting;
  }
}

/** What it is at before it says so. */
function firstStage(task: Task): string {
  if (task.kind === 'profiling') return 'profiling';
  return task.kind === 'shard' ? 'sampling' : 'opening';
}

function start(): Computing {
  const child = fork(CHILD, {
    execArgv: [],
    env: computingEnvironment(process.env),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return { child, said: lastLine(child) };
}

function lastLine(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text = (text + part).slice(-2000);
  });
  return () => text.trim().split('\n').at(-1) ?? '';
}
