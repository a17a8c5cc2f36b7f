import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressGuard } from './address-guard.ts';

/** For all of it: the name, the connection, the answer. */
const TIMEOUT_MS = 10_000;
/** Bytes of an answer's body that are read. */
const MOST_READ = 1000;

interface Answer {
  readonly statusCode: number;
  /** How the body begins. */
  readonly text: string;
  /** When it may be asked again, as the header Retry-After has it; null if it says nothing. */
  readonly retryAfter: string | null;
}

/**
 * Posts JSON to an address, over a separate connection; a redirection is an answer like any other.
 *
 * @throws {FieldError} for an address that may not be reached
 * @throws {Error} if there is no answer in time
 */
export async function post(
  to: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  guard: AddressGuard,
): Promise<Answer> {
  // Anew: what is allowed may have changed. A number as host is not looked up, so it has to be seen here.
  const url = guard.checked(to);
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sending = request(url, {
      ...{ method: 'POST', agent: false, lookup: guard.lookup, signal: AbortSignal.timeout(TIMEOUT_MS) },
      headers: {
        ...headers,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'User-Agent': 'Espalier',
      },
    });
    sending.on('error', reject);
    sending.once('close', () => reject(new Error('it closed the connection without an answer')));
    sending.once('response', (response) => {
      const { statusCode = 0, headers: told } = response;
      const chunks: Buffer[] = [];
      let read = 0;
      const end = () => {
        const text = textOf(Buffer.concat(chunks).subarray(0, MOST_READ));
        resolve({ statusCode, text, retryAfter: told['retry-after'] ?? null });
        sending.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        read += chunk.length;
        if (read >= MOST_READ) end();
      });
      // Whatever became of the rest: the status is what counts.
      for (const over of ['end', 'error', 'close']) response.on(over, end);
    });
    sending.end(body);
  });
}

/** No table holds a NUL. */
function textOf(bytes: Buffer): string {
  return new TextDecoder().decode(bytes).replaceAll('\0', '').trim();
}

const WORDS: Readonly<Record<string, string>> = {
  ABORT_ERR: `it did not answer within ${TIMEOUT_MS / 1000} seconds`,
  ECONNREFUSED: 'it refused the connection',
  ECONNRESET: 'it closed the connection without an answer',
  ENOTFOUND: 'there is no host with this name',
  EAI_AGAIN: 'the name of the host could not be looked up',
};

/** Why there was no answer, for whoever set the webhook up. */
export function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return 'it could not be reached';
  const { code } = error as { readonly code?: unknown };
  return (typeof code === 'string' && WORDS[code]) || error.message || `it could not be reached (${code})`;
}
