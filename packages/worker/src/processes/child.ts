import { InputError } from '@espalier/errors';
import { perform } from '../tasks/perform.ts';
import type { TaskObserver } from '../tasks/task.ts';
import type { Message, Order } from './messages.ts';

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

let lastProgress = 0;
/** Goes on with what waits for the worker's word. */
let kept = (): void => {};

const observer: Required<TaskObserver> = {
  stage: (...said) => {
    lastProgress = 0;
    say({ kind: 'report', name: 'stage', said });
  },
  progress: (...said) => {
    const [{ done, total }] = said;
    const now = Date.now();
    if (done < total && now - lastProgress < PROGRESS_INTERVAL_MS) return;
    lastProgress = now;
    say({ kind: 'report', name: 'progress', said });
  },
  reach: (...said) => say({ kind: 'report', name: 'reach', said }),
  warning: (...said) => say({ kind: 'report', name: 'warning', said }),
  repaired: (...said) => say({ kind: 'report', name: 'repaired', said }),
  round: (...said) => say({ kind: 'report', name: 'round', said }),
  epoch: (...said) => say({ kind: 'report', name: 'epoch', said }),
  resumed: (...said) => say({ kind: 'report', name: 'resumed', said }),
  checkpoint: (...said) => say({ kind: 'report', name: 'checkpoint', said }),
  keepRepair: (repair) =>
    new Promise((resolve) => {
      kept = resolve;
      say({ kind: 'keep', repair });
    }),
};

process.on('message', async (task: Order) => {
  if (task.kind === 'kept') return kept();
  try {
    const result = await perform(task, observer);
    if (task.kind === 'shard') {
      say({ kind: 'result', result });
      lastProgress = 0;
    } else sayLast({ kind: 'result', result });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [expected, field] = error instanceof InputError ? [true, error.field] : [false, undefined];
    sayLast({ kind: 'error', message, field, expected });
  }
});
say({ kind: 'ready' });
