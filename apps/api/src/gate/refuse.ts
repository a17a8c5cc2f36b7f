import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Who is refused in the midst of a body is waited for a little, and a few are listened to meanwhile: an end that sends
 * all before it reads would break off else, and hear nothing.
 */
const LINGER = { bytes: 4_000_000, atOnce: 4, ms: 1000 } as const;
let reading = 0;

/** Connections that are over but for that: they give way first. */
export const lingering = new WeakSet<Socket>();

const CODES: Readonly<Record<number, string>> = { 429: 'TOO_MANY_REQUESTS', 503: 'TOO_MANY_REQUESTS' };

/**
 * Answers with one line, as JSON that clients of GraphQL read like those of files: `error`, and `errors` with a
 * code. Ends the connection if some of the request is still to come.
 */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) return void response.destroy();
  const code = CODES[status] ?? 'BAD_REQUEST';
  const body = JSON.stringify({ error: message, errors: [{ message, extensions: { code } }] });
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  const isOver = request.complete || (length === '0' && encoding === undefined);
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...(isOver ? {} : { Connection: 'close' }),
  });
  if (isOver) return void response.end(body);
  lingering.add(request.socket);
  response.write(body);
  let rest = reading < LINGER.atOnce ? LINGER.bytes : 0;
  if (rest > 0) reading++;
  const enough = () => {
    if (rest > 0) reading--;
    rest = 0;
    request.pause();
  };
  const end = () => {
    clearTimeout(timer);
    enough();
    response.end();
  };
  // Not all at once.
  const timer = setTimeout(end, LINGER.ms * (0.5 + Math.random()));
  request.once('end', end).once('close', end);
  if (rest === 0) return void request.pause();
  request.on('data', (chunk: Buffer) => {
    if (chunk.length >= rest) return enough();
    rest -= chunk.length;
  });
  request.resume();
}
