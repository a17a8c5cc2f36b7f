import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { InputError } from '@espalier/errors';
import type { KerasParts } from './parts.ts';

const THREAD = fileURLToPath(new URL('./thread.mjs', import.meta.url));

/** By the clock, and on a machine that does other things, too: whole files take a hundredth of it. */
const SECONDS = 20;
const BYTES_PER_SECOND = 5e6;
/** The memory of the library never gets smaller: a thread that has read more than this is not kept. */
const KEPT_BYTES = 32e6;

/** What the thread is asked. */
export interface Asked {
  readonly bytes: Uint8Array;
  readonly path: string;
}

/** What it says. */
export type Answer =
  | { readonly kind: 'read'; readonly parts: KerasParts }
  | { readonly kind: 'refused'; readonly message: string; readonly field: string | undefined }
  | { readonly kind: 'failed'; readonly message: string; readonly name: string };

/** A thread that waits for the next file. */
let idle: Worker | null = null;

/**
 * What `kerasParts` makes of a file, in a thread that is ended when it takes too long: the library that reads HDF5 goes round
 * in circles in some damaged files.
 *
 * @param path names it in messages
 * @param seconds that there are for it
 * @throws {InputError} which names the file and what is wrong with it
 */
export async function kerasPartsInTime(
  bytes: Uint8Array,
  path: string,
  seconds: number = SECONDS + bytes.length / BYTES_PER_SECOND,
): Promise<KerasParts> {
  const thread = await taken();
  thread.ref();
  const answer = await answered(thread, { bytes, path }, seconds);
  if (answer === 'late' || bytes.length > KEPT_BYTES || idle) await thread.terminate();
  else {
    thread.unref();
    idle = thread;
  }
  if (answer === 'late') {
    throw new InputError(
      `${path} is damaged: HDF5 could not read it within ${Math.round(seconds)} s; save the model again`,
    );
  }
  if (answer.kind === 'read') return answer.parts;
  if (answer.kind === 'refused') throw new InputError(answer.message, answer.field);
  throw new (answer.name === 'RangeError' ? RangeError : Error)(answer.message);
}

async function taken(): Promise<Worker> {
  const known = idle;
  idle = null;
  if (known) return known;
  const made = new Worker(THREAD);
  await once(made, 'message');
  return made;
}

async function answered(thread: Worker, asked: Asked, seconds: number): Promise<Answer | 'late'> {
  const waiting = new AbortController();
  const { signal } = waiting;
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), seconds * 1000);
    });
    // Where its memory is full it ends with an error, which `once` throws.
    const told = once(thread, 'message', { signal }).then(([answer]) => answer as Answer);
    thread.postMessage(asked);
    return await Promise.race([told, late]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
      throw new RangeError('allocation failed');
    throw error;
  } finally {
    clearTimeout(timer);
    waiting.abort();
  }
}
