import { connect, type Socket } from 'node:net';
import { endless } from '../../../apps/api/test/raw.ts';
import { bombs } from '../../../packages/formats/test/bombs.ts';

/** Who attacks: an address, and a key of an operator. */
export interface Target {
  readonly address: string;
  readonly key: string;
}

/** Goes on until the signal is aborted. */
export type Attack = (target: Target, signal: AbortSignal) => void;

/** Of the bench's server. */
const MOST_UPLOADED = 1_000_000;
const JSON_HEAD = ['Content-Type: application/json', 'Accept: text/event-stream'];
const CHUNKED = 'Transfer-Encoding: chunked';
const nested = (open: string, close: string, size: number) => open.repeat(size) + close.repeat(size);
const variables = (value: string) =>
  `{"query":"{ methods { allocations { name } } }","variables":{"x":${value}}}`;
const query = (text: string) => JSON.stringify({ query: text });

/** What is tried, by what it is. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  'nothing (for comparison)': () => {},
  'endless bodies to streams': flood(60, 'POST /graphql/stream', [...JSON_HEAD, CHUNKED], endless),
  'endless bodies to signing out': flood(60, 'POST /auth/sign-out', [...JSON_HEAD, CHUNKED], endless),
  'endless bodies to queries': flood(60, 'POST /graphql', [...JSON_HEAD, CHUNKED], endless),
  'endless bodies to uploads of a stranger': flood(60, 'PUT /files/uploads/upload_x', [CHUNKED], endless),
  'endless bodies to pages': flood(60, 'POST /models', [CHUNKED], endless),
  'slow heads': flood(2000, 'GET /health', ['X-Slow: 1'], drip, { headOnly: true }),
  'slow bodies': flood(500, 'POST /graphql', [...JSON_HEAD, 'Content-Length: 900000'], drip),
  'connections without a word': flood(2000, '', [], () => {}, { headOnly: true }),
  'heads of a megabyte': flood(100, 'GET /health', [`X-Huge: ${'x'.repeat(1_000_000)}`], () => {}),
  'reservations of streams': flood(100, 'PUT /graphql/stream', [], () => {}),
  'JSON nested a hundred thousand times': posts(variables(nested('[', ']', 100_000))),
  'objects nested a hundred thousand times': posts(
    variables(`${'{"a":'.repeat(140_000)}1${'}'.repeat(140_000)}`),
  ),
  'a megabyte of small values': posts(variables(`[${'1,'.repeat(480_000)}1]`)),
  'a megabyte of half pairs': posts(variables(`"${'\\ud800'.repeat(160_000)}"`)),
  'a query of a megabyte': posts(query(`{ ${'methods { metrics } '.repeat(49_000)} }`)),
  'a query of as many tokens as there may be': posts(
    query(
      `{ ${Array.from({ length: 240 }, (_, i) => `a${i}: methods { allocations { name } }`).join(' ')} }`,
    ),
  ),
  'fragments that spread each other': posts(
    query(
      `query { ...f0 } ${Array.from({ length: 200 }, (_, i) => `fragment f${i} on Query { ...f${(i + 1) % 200} ...f${(i + 7) % 200} }`).join(' ')}`,
    ),
  ),
  'streams of one key': flood(400, 'POST /graphql/stream', JSON_HEAD, () => {}, {
    body: query('subscription { workerEvents { kind } }'),
    known: true,
  }),
  'guessed passwords': posts(
    JSON.stringify({ email: 'admin@localhost', password: 'guess again' }),
    '/auth/sign-in/email',
  ),
  'large comparisons of one key': posts(
    query('{ comparison { count columns { runId name top1 macs } onFront(cost: MACS) } }'),
    '/graphql',
    true,
  ),
  'exports that nobody reads': flood(60, 'GET /files/export/runs.ndjson', [], (socket) => socket.pause(), {
    known: true,
  }),
  'small networks that ask for much': registrations,
};

interface Flood {
  readonly headOnly?: boolean;
  readonly body?: string;
  readonly known?: boolean;
}

/** So many connections at a time, each begun again once it is closed. */
function flood(
  many: number,
  line: string,
  head: readonly string[],
  then: (socket: Socket) => void,
  { headOnly = false, body = '', known = false }: Flood = {},
): Attack {
  return ({ address, key }, signal) => {
    const { hostname, port, host } = new URL(address);
    const lines = [`${line} HTTP/1.1`, `Host: ${host}`, ...head];
    if (known) lines.push(`Authorization: Bearer ${key}`);
    if (body) lines.push(`Content-Length: ${body.length}`);
    const text = line === '' ? '' : lines.join('\r\n') + (headOnly ? '\r\nX-' : '\r\n\r\n') + body;
    const open = () => {
      if (signal.aborted) return;
      const socket = connect(Number(port), hostname, () => {
        socket.write(text);
        then(socket);
      });
      const end = () => socket.destroy();
      socket.on('error', () => {}).resume();
      signal.addEventListener('abort', end);
      socket.on('close', () => {
        signal.removeEventListener('abort', end);
        setTimeout(open, 20);
      });
    };
    for (let i = 0; i < many; i++) open();
  };
}

/** A whole request over and over, forty at a time. */
function posts(body: string, path = '/graphql', known = false): Attack {
  return ({ address, key }, signal) => {
    const headers = {
      'content-type': 'application/json',
      origin: address,
      ...(known ? { authorization: `Bearer ${key}` } : {}),
    };
    const again = async () => {
      while (!signal.aborted) {
        await fetch(`${address}${path}`, { method: 'POST', headers, body, signal })
          .then((response) => response.arrayBuffer())
          .catch(() => {});
      }
    };
    for (let i = 0; i < 40; i++) void again();
  };
}

/** Networks that no budget refuses, and those that each refuses, over and over by four at a time. */
function registrations({ address, key }: Target, signal: AbortSignal): void {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const ask = async (text: string) => {
    const body = query(text);
    const response = await fetch(`${address}/graphql`, { method: 'POST', headers, body, signal });
    // biome-ignore lint/suspicious/noExplicitAny: what it answers is known from the question
    return ((await response.json()) as { readonly data: any }).data;
  };
  const files = bombs.filter(({ bytes }) => bytes.length < MOST_UPLOADED);
  const again = async (from: number) => {
    const { projects } = await ask('{ projects(first: 1) { nodes { id } } }');
    for (let i = from; !signal.aborted; i += 4) {
      const { createUpload } = await ask(
        'mutation { createUpload(input: { fileName: "x.onnx" }) { upload { id url } } }',
      );
      const { id, url } = createUpload.upload;
      const body = Buffer.from(files[i % files.length]?.bytes ?? []);
      await fetch(`${address}${url}`, { method: 'PUT', headers, body, signal });
      await ask(
        `mutation { registerModel(input: { projectId: "${projects.nodes[0].id}", uploadId: "${id}", name: "${id}" }) { ok } }`,
      );
    }
  };
  for (let i = 0; i < 4; i++) {
    void again(i).catch((error) => {
      if (!signal.aborted) throw error;
    });
  }
}

function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write('x'), 500);
  socket.on('close', () => clearInterval(timer));
}
