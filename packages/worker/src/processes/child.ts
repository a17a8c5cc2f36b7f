import { InputError } from '@espalier/errors';
import { runTask } from '../tasks/run.ts';
import { sampleShardTask } from '../tasks/shard.ts';
import type { Task, TaskReports } from '../tasks/task.ts';
import type { Message } from './messages.ts';

// Computes a task that the worker sends, or one share of a sampling after another. The worker keeps the heartbeat:
// computing blocks this process.

/** Each one is written into the database and told to whoever looks: that is work taken from the computing. */
const PROGRESS_INTERVAL_MS = 2000;

function say(message: Message): void {
  process.send?.(message);
}

/** Hangs up when all of it is through: what a pipe does not hold would be lost. */
function sayLast(message: Message): void {
  process.send?.(message, undefined, undefined, () => process.disconnect());
}

// A worker that dies leaves nobody to compute for.
process.on('disconnect', () => process.exit(1));

const controller = new AbortController();
let lastProgress = 0;
const reports: TaskReports = {
  stage: (stage) => {
    lastProgress = 0;
    say({ kind: 'stage', stage });
  },
  progress: (done, total) => {
    const now = Date.now();
    if (done < total && now - lastProgress < PROGRESS_INTERVAL_MS) return;
    lastProgress = now;
    say({ kind: 'progress', done, total });
  },
  epoch: (epoch) => say({ kind: 'epoch', epoch }),
  checkpoint: (file, step) => say({ kind: 'checkpoint', file, step }),
  resumed: (step, epochs) => say({ kind: 'resumed', step, epochs }),
};

process.on('message', async (task: Task) => {
  try {
    if (task.kind === 'shard') {
      say({ kind: 'result', result: await sampleShardTask(task, reports, controller.signal) });
      lastProgress = 0;
    } else sayLast({ kind: 'result', result: await runTask(task, reports, controller.signal) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const expected = error instanceof InputError;
    sayLast({ kind: 'error', message, expected, field: expected ? error.field : undefined });
  }
});
say({ kind: 'ready' });
