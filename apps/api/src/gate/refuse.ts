import type { IncomingMessage, ServerResponse } from 'node:http';

/** Who is refused in the midst of a body is listened to for a little: their end breaks off else, and hears nothing. */
const LINGER = { bytes: 4_000_000, ms: 1000 } as const;

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
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...(request.complete ? {} : { Connection: 'close' }),
  });
  if (request.complete) return void response.end(body);
  response.write(body);
  let rest = LINGER.bytes;
  const end = () => {
    clearTimeout(timer);
    request.off('data', count);
    response.end();
  };
  const count = (chunk: Buffer) => {
    rest -= chunk.length;
    if (rest < 0) end();
  };
  const timer = setTimeout(end, LINGER.ms);
  request.on('data', count).once('end', end).once('close', end);
}
