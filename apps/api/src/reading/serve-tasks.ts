import { InputError } from '@espalier/errors';
import type { Message } from './task.ts';

function say(message: Message): void {
  process.send?.(message);
}

/** Carries out one task after another that the process above sends, and ends with it. */
export function serveTasks<T>(perform: (task: T) => Promise<unknown>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (task: T) => {
    try {
      const answer = await perform(task);
      const { user, system } = process.cpuUsage();
      say({ kind: 'answer', answer, cpuSeconds: (user + system) / 1e6 });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isExpected = error instanceof InputError;
      if ((isExpected || error instanceof RangeError) && OUT_OF_MEMORY.test(message))
        say({ kind: 'outOfMemory' });
      else if (isExpected) say({ kind: 'refused', message, field: error.field });
      else say({ kind: 'failed', message: (error instanceof Error && error.stack) || message });
    }
  });
  say({ kind: 'ready' });
}

/** What V8 throws where it does not end the process, and what readers make of it. */
const OUT_OF_MEMORY = /\b(allocation failed|Invalid (string|array) length)\b/;
