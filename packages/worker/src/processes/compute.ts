import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InputError } from '@espalier/network';
import type { Task, TaskReports, TaskResult } from '../tasks/task.ts';
import type { Message } from './messages.ts';

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));

export type Compute = (task: Task, reports: TaskReports, signal: AbortSignal) => Promise<TaskResult>;

/**
 * Computes a task in a process of its own, which is killed when the signal is aborted.
 *
 * @throws {InputError} for what trying again would not change; {Error} if the process ended by itself
 */
export function compute(task: Task, reports: TaskReports, signal: AbortSignal): Promise<TaskResult> {
  signal.throwIfAborted();
  const child = fork(CHILD, { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const said = lastLine(child);
  return new Promise((resolve, reject) => {
    const kill = () => {
      child.kill('SIGKILL');
      reject(signal.reason);
    };
    signal.addEventListener('abort', kill, { once: true });
    child.on('message', (message: Message) => {
      if (message.kind === 'ready') child.send(task);
      else if (message.kind === 'stage') reports.stage(message.stage);
      else if (message.kind === 'progress') reports.progress(message.done, message.total);
      else if (message.kind === 'epoch') reports.epoch(message.epoch);
      else if (message.kind === 'checkpoint') reports.checkpoint(message.file, message.step);
      else if (message.kind === 'resumed') reports.resumed(message.step, message.epochs);
      else if (message.kind === 'result') resolve(message.result);
      else reject(message.expected ? new InputError(message.message) : new Error(message.message));
    });
    child.on('error', reject);
    child.on('close', (code, ended) => {
      signal.removeEventListener('abort', kill);
      // Without an effect where there was a result.
      reject(new Error(`the computing process ended (${ended ?? code}): ${said() || 'no message'}`));
    });
  });
}

function lastLine(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text = (text + part).slice(-2000);
  });
  return () => text.trim().split('\n').at(-1) ?? '';
}
