import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { InputError } from '@espalier/errors';
import type { Client } from './client.ts';
import { graphql } from './graphql.ts';

const createUpload = graphql(`
  mutation CreateUpload($input: CreateUploadInput!) {
    payload: createUpload(input: $input) { ok errors { message path } made: upload { id url isComplete } }
  }
`);

/** A line over which nothing goes for so long is dead, whatever the system says. */
const STALL_MS = 60_000;
/** A platform that is started again, or a machine that moves, is waited for so long. */
const GIVE_UP_MS = 5 * 60_000;
const REST_MS = 1000;
const CANCEL_MS = 10_000;
const NEVER = new AbortController().signal;
/** Not about the bytes: the same may be asked again. */
const AGAIN = [408, 409, 429, 500, 502, 503, 504];

interface SendOptions {
  /** Aborted when it is stopped. */
  readonly signal?: AbortSignal;
  /** Told how many bytes have gone, of how many. */
  readonly onSent?: (sent: number, size: number) => void;
  /** What the platform calls it in messages. */
  readonly fileName?: string;
}

/**
 * Sends a file to a platform, and gives the id of the upload. Nothing is sent of one that the platform has. A
 * connection that breaks is taken up where it broke; one that is stopped leaves nothing there.
 *
 * @throws {InputError} if the platform refuses it, or is away for longer than five minutes
 */
export async function sendFile(
  client: Client,
  file: string,
  { signal = NEVER, onSent: tell = () => {}, fileName = path.basename(file) }: SendOptions = {},
): Promise<string> {
  const { size } = await stat(file);
  const { made: place } = await client.change(createUpload, {
    ...{ fileName, bytes: size },
    sha256: await hashOf(file, signal),
  });
  const { id, url } = place;
  if (place.isComplete) {
    tell(size, size);
    return id;
  }
  let moved = performance.now();
  let most = 0;
  const onSent = (sent: number) => {
    if (sent > most) moved = performance.now();
    most = Math.max(most, sent);
    tell(sent, size);
  };
  try {
    let there: number | null = 0;
    for (;;) {
      const response: Response | null =
        there === null ? null : await send(client, url, file, { there, size, signal, onSent });
      if (response?.ok) return id;
      if (response && !AGAIN.includes(response.status)) {
        throw new InputError(`the upload was refused: ${await reason(response)}`);
      }
      if (performance.now() - moved > GIVE_UP_MS) {
        throw new InputError(
          `the upload was interrupted after ${most} of ${size} bytes, and the platform no longer answers`,
        );
      }
      await pause(REST_MS, undefined, { signal });
      there = await received(client, url, signal);
    }
  } catch (error) {
    // What was sent is of no use to anybody; a line that hangs is not waited for.
    const init = { method: 'DELETE', signal: AbortSignal.timeout(CANCEL_MS) };
    if (signal.aborted) await client.fetch(url, init).catch(() => {});
    throw error;
  }
}

async function hashOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}

interface Sending {
  /** Bytes that the platform has. */
  readonly there: number;
  readonly size: number;
  readonly signal: AbortSignal;
  readonly onSent: (sent: number) => void;
}

/** Sends what is not there yet; null if the connection broke. */
async function send(
  client: Client,
  url: string,
  file: string,
  { there, size, signal, onSent }: Sending,
): Promise<Response | null> {
  const stalled = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(), STALL_MS);
  };
  const range = there === size ? `bytes */${size}` : `bytes ${there}-${size - 1}/${size}`;
  const init = {
    method: 'PUT',
    headers: { 'content-range': range },
    signal: AbortSignal.any([signal, stalled.signal]),
  };
  try {
    if (there === size) return await client.fetch(url, init);
    let sent = there;
    watch();
    const bytes = createReadStream(file, { start: there, end: size - 1 })
      .on('data', (chunk) => {
        sent += chunk.length;
        onSent(sent);
        watch();
      })
      // From here on the platform works, and says nothing meanwhile.
      .on('end', () => clearTimeout(timer));
    const body = Readable.toWeb(bytes) as ReadableStream;
    return await client.fetch(url, { ...init, body, duplex: 'half' } as RequestInit);
  } catch (error) {
    if (signal.aborted || !(error instanceof InputError)) throw error;
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes that the platform has; null while it is away. */
async function received(client: Client, url: string, signal: AbortSignal): Promise<number | null> {
  try {
    const response = await client.fetch(url, { method: 'HEAD', signal });
    if (response.status === 404) throw new Gone('the platform no longer has the upload: push again');
    const offset = Number(response.headers.get('upload-offset') ?? Number.NaN);
    return response.ok && Number.isSafeInteger(offset) ? offset : null;
  } catch (error) {
    if (signal.aborted || error instanceof Gone) throw error;
    return null;
  }
}

class Gone extends InputError {}

export async function reason(response: Response): Promise<string> {
  const { error } = (await response.json().catch(() => ({}))) as { error?: string };
  return error ?? `status ${response.status}`;
}
