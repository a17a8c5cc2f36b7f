import { send as ask } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';

/** A platform that is started anew is waited for so long. */
const GIVE_UP_MS = 5 * 60_000;
const REST_MS = 1500;
/** Not about the bytes: the same may be asked again. */
const AGAIN = [0, 408, 409, 429, 500, 502, 503, 504];
const OURS = { 'x-requested-with': 'espalier' };

const createUpload = graphql(`
  mutation CreateUpload($fileName: String!, $bytes: Float) {
    createUpload(input: { fileName: $fileName, bytes: $bytes }) { ok errors { message } upload { id url } }
  }
`);

/**
 * Makes a place for a file and puts it there.
 *
 * @returns the id of the upload
 * @throws {Error} with the server's own words where it refuses
 */
export async function upload(file: File, putting: Putting): Promise<string> {
  const { createUpload: place } = await ask(createUpload, { fileName: file.name, bytes: file.size });
  if (!place.upload) throw new Error(place.errors[0]?.message ?? 'The upload was refused.');
  await put(place.upload.url, file, putting);
  return place.upload.id;
}

interface Putting {
  /** Told how many bytes have gone. */
  readonly onProgress: (done: number) => void;
  /** Cancels; nothing is kept then. */
  readonly signal: AbortSignal;
}

/**
 * Puts a file where the API said, and goes on where it was when the connection breaks.
 *
 * @throws {Error} with the server's own words where it refuses
 */
async function put(url: string, file: File, { onProgress, signal }: Putting): Promise<void> {
  let moved = performance.now();
  const told = (done: number) => {
    moved = performance.now();
    onProgress(Math.min(done, file.size));
  };
  let there: number | null = 0;
  try {
    for (;;) {
      const answer: Answer | null = there === null ? null : await send(url, file, there, told, signal);
      if (answer && answer.status >= 200 && answer.status < 300) return;
      if (answer && !AGAIN.includes(answer.status)) {
        throw new Error(messageOf(answer.body) ?? `The server refused the file (${answer.status}).`);
      }
      if (performance.now() - moved > GIVE_UP_MS) {
        throw new Error('The connection broke, and the platform stays away. Try again later.');
      }
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
      signal.throwIfAborted();
      there = await received(url, signal);
    }
  } catch (error) {
    if (signal.aborted) await fetch(url, { method: 'DELETE', headers: OURS }).catch(() => {});
    throw error;
  }
}

interface Answer {
  /** 0 where the connection broke. */
  readonly status: number;
  readonly body: string;
}

/** Sends what is not there yet. (`fetch` cannot tell how much has gone.) */
function send(
  url: string,
  file: File,
  there: number,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener('abort', stop, { once: true });
    request.open('PUT', url);
    for (const [name, value] of Object.entries(OURS)) request.setRequestHeader(name, value);
    const range = there === file.size ? '*' : `${there}-${file.size - 1}`;
    request.setRequestHeader('content-range', `bytes ${range}/${file.size}`);
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(there + loaded));
    request.addEventListener('abort', () => reject(signal.reason));
    request.addEventListener('loadend', () => {
      signal.removeEventListener('abort', stop);
      resolve({ status: request.status, body: request.responseText });
    });
    request.send(file.slice(there));
  });
}

/** Bytes that are there; null while the platform is away. */
async function received(url: string, signal: AbortSignal): Promise<number | null> {
  const response = await fetch(url, { method: 'HEAD', headers: OURS, signal }).catch(() => null);
  signal.throwIfAborted();
  if (response?.status === 404) throw new Error('The upload is gone. Choose the file once more.');
  const offset = Number(response?.headers.get('upload-offset') ?? Number.NaN);
  return response?.ok && Number.isSafeInteger(offset) ? offset : null;
}

function messageOf(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}
