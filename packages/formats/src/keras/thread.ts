import { parentPort } from 'node:worker_threads';
import { InputError } from '@espalier/errors';
import type { Answer, Asked } from './in-time.ts';
import { kerasParts } from './parts.ts';

// HDF5 is read here, by a library that has no end with some damaged files: whoever waits for an answer ends the thread.

const port = parentPort;
const say = (answer: Answer | 'ready', moved: ArrayBuffer[] = []) => port?.postMessage(answer, moved);

port?.on('message', async ({ bytes, path }: Asked) => {
  try {
    const parts = await kerasParts(bytes, path);
    say(
      { kind: 'read', parts },
      [...parts.weights.values()].map(({ data }) => data.buffer as ArrayBuffer),
    );
  } catch (error) {
    const { message, name } = error instanceof Error ? error : new Error(String(error));
    if (error instanceof InputError) say({ kind: 'refused', message, field: error.field });
    else say({ kind: 'failed', message, name });
  }
});

say('ready');
