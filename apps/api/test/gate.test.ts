import { get } from 'node:http';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { dashboardKey } from '../src/gate/on-behalf.ts';
import { ROUTES, type Route } from '../src/gate/routes.ts';
import { SECRET, startPlatform } from './platform.ts';
import { endless, raw } from './raw.ts';

/** An address of each route, and somebody else's thing if there is one. */
const SAMPLES: Readonly<Record<keyof typeof ROUTES, string>> = {
  health: '/health',
  ready: '/ready',
  streams: '/graphql/stream',
  graphql: '/graphql',
  auth: '/auth/sign-in/email',
  uploads: '/files/uploads/upload_x',
  exports: '/files/export/runs.csv',
  reports: '/files/report/comparison.html',
  allocations: '/files/allocations/sample_x?allocation=cie&target=macs=0.5',
  files: `/files/${'0'.repeat(64)}`,
  client: '/client/espalier.py',
  public: '/public/guessed',
  ide: '/ide',
  pages: '/models',
};
const routes = (Object.entries(ROUTES) as [keyof typeof ROUTES, Route][]).map(([key, route]) => ({
  ...route,
  sample: SAMPLES[key],
  /** One that may have a body, if there is one. */
  method: route.methods.find((method) => method === 'POST' || method === 'PUT') ?? 'GET',
}));
const QUICK = { headersMs: 1000, bodyMs: 1500, paceMs: 700, paceBytes: 10_000 };
const MIB = 2 ** 20;

it('every route refuses a body of 2 MB, said before or not, and stays well', async () => {
  const { address, member } = await startPlatform({ uploadLimit: MIB });
  const editor = await member('editor');
  const { data } = await editor.ask(
    'mutation { createUpload(input: { fileName: "n.onnx" }) { upload { url } } }',
  );
  for (const { name, sample, method, body } of routes) {
    const where = body === 'own' ? data.createUpload.upload.url : sample;
    const known = body === 'own' ? [`Authorization: Bearer ${editor.key}`] : [];
    const head = [`${method} ${where} HTTP/1.1`, 'Content-Type: application/json', ...known];
    const said = await raw(address, [...head, `Content-Length: ${2 * MIB}`], {
      body: (socket) => socket.write(Buffer.alloc(2 * MIB, 'x')),
    });
    expect([name, said.status], said.text).toEqual([name, 413]);
    expect(said.text, name).toMatch(/at most \d+ bytes|takes no body|more than \d+ bytes/);
    const unsaid = await raw(address, [...head, 'Transfer-Encoding: chunked'], { body: endless });
    expect([name, unsaid.status], unsaid.text).toEqual([name, 413]);
    const asked = await raw(address, [...head, 'Expect: 100-continue', `Content-Length: ${2 * MIB}`]);
    expect([name, asked.status], asked.text).toEqual([name, 413]);
    expect(asked.text, name).not.toContain('100 Continue');
  }
  expect(await (await fetch(`${address}/health`)).json()).toEqual({ ok: true });
});

it('every route ends slow heads and slow bodies, and refuses huge heads', async () => {
  const { address, member } = await startPlatform({ times: QUICK });
  const editor = await member('editor');
  const { data } = await editor.ask(
    'mutation { createUpload(input: { fileName: "n.onnx" }) { upload { url } } }',
  );
  const attacks = routes.map(async ({ name, sample, method, body }) => {
    const where = body === 'own' ? data.createUpload.upload.url : sample;
    const line = `${method} ${where} HTTP/1.1`;
    const huge = await raw(address, [line, `X-Huge: ${'x'.repeat(20_000)}`]);
    expect([name, huge.status]).toEqual([name, 431]);
    if (body === 0) return;
    const slow = await raw(
      address,
      [line, `Authorization: Bearer ${editor.key}`, 'Content-Type: application/json', 'Content-Length: 5000'],
      { body: (socket) => drip(() => socket.write('x')) },
    );
    expect([name, slow.status], slow.text).toEqual([name, 408]);
    expect(slow.ms).toBeLessThan(10_000);
  });
  const silent = raw(address, ['GET /health HTTP/1.1\r\nX-Slow: 1'], {
    body: (socket) => drip(() => socket.write('x')),
  });
  await Promise.all(attacks);
  expect((await silent).ms).toBeLessThan(10_000);

  function drip(send: () => void): void {
    const timer = setInterval(send, 100);
    setTimeout(() => clearInterval(timer), 12_000).unref();
  }
}, 40_000);

it('no route gives anything to nobody, or to somebody else', async () => {
  const { address, member } = await startPlatform();
  const stranger = await member('admin');
  // A public link is its own right: public-links.test.ts.
  const open = new Set(['health', 'ready', 'client', 'public', 'ide', 'pages', 'auth']);
  for (const [key, sample] of Object.entries(SAMPLES)) {
    if (open.has(key)) continue;
    const { methods } = ROUTES[key as keyof typeof ROUTES];
    for (const method of methods) {
      const query =
        key === 'streams' ? 'subscription { workerEvents { kind } }' : '{ projects { totalCount } }';
      const asked = key === 'graphql' || key === 'streams';
      const ask = (authorization?: string) =>
        fetch(`${address}${sample}${method === 'GET' && asked ? `?query=${query}` : ''}`, {
          method,
          headers: {
            'content-type': 'application/json',
            ...(key === 'streams' ? { accept: 'text/event-stream' } : {}),
            ...(authorization ? { authorization } : {}),
          },
          ...(method === 'POST' ? { body: JSON.stringify({ query }) } : {}),
        });
      for (const wrong of [undefined, 'Bearer esp_wrong', 'Basic eDp5']) {
        const response = await ask(wrong);
        const text = await response.text();
        expect(
          response.status === 401 || (text.includes('UNAUTHENTICATED') && response.status < 500),
          `${method} ${sample} ${text}`,
        ).toBe(true);
      }
      // Another team's file and upload are not there.
      if (key === 'files' || key === 'uploads') {
        expect((await ask(`Bearer ${stranger.key}`)).status, `${method} ${sample}`).toBe(404);
      }
    }
  }
});

it('takes the methods of its table, and reserves no streams', async () => {
  const { address } = await startPlatform();
  for (const { sample, methods } of routes) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
      (one) => !methods.includes(one),
    )) {
      const response = await fetch(`${address}${sample}`, { method });
      expect([method, sample, response.status]).toEqual([method, sample, 405]);
      expect(response.headers.get('allow')).toBe(methods.join(', '));
    }
  }
});

it('answers under names that are ours, and no other', async () => {
  const publicUrl = 'https://prune.example.org';
  const { address, member, signedIn } = await startPlatform({ access: { publicUrl } });
  const browser = await signedIn((await member('admin')).userId);
  const query = 'mutation { inviteMember(input: {}) { link } }';
  const answer = await browser.post('/graphql', { query }, { origin: publicUrl });
  expect(await answer.text()).toContain('"https://prune.example.org/invitation?');
  const { port } = new URL(address);
  const status = async (host: string, path = '/health') =>
    (await raw(address, [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close'])).status;
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'prune.example.org', 'Prune.Example.org.']) {
    expect([host, await status(host)]).toEqual([host, 200]);
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '10.0.0.1',
    'localhost@evil.example',
    '[::2]',
  ]) {
    for (const { sample } of routes) expect([host, await status(host, sample)]).toEqual([host, 421]);
  }
});

it('streams are limited for each key, with an answer that says so; others are not kept waiting', async () => {
  const { address, operator } = await startPlatform();
  const [greedy, other] = [await operator(), await operator()];
  const most = ROUTES.streams.atOnce.viewer;
  const leaving = new AbortController();
  const open = (who: typeof greedy) =>
    who.fetch('/graphql/stream', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { workerEvents { kind } }' }),
      signal: leaving.signal,
    });
  const statuses = (await Promise.all(Array.from({ length: 60 }, () => open(greedy)))).map(
    (one) => one.status,
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(most);
  const refused = await open(greedy);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await refused.json()).toMatchObject({
    error: `${most} streams of yours are under way: try again in some seconds`,
    errors: [{ extensions: { code: 'TOO_MANY_REQUESTS' } }],
  });
  expect((await open(other)).status).toBe(200);
  expect((await other.ask('{ projects { totalCount } }')).data.projects.totalCount).toBe(0);
  leaving.abort();
  // What has ended makes room.
  await expect.poll(async () => (await raced(greedy)).status).toBe(200);
  expect((await fetch(`${address}/health`)).status).toBe(200);

  async function raced(who: typeof greedy): Promise<Response> {
    const ending = new AbortController();
    const response = await who.fetch('/graphql/stream', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { workerEvents { kind } }' }),
      signal: ending.signal,
    });
    ending.abort();
    return response;
  }
});

it('a reader that takes next to nothing of its answer is let go, too', async () => {
  const times = { ...QUICK, paceMs: 1500, paceBytes: 8_000_000 };
  const { address, member, prisma, connections } = await startPlatform({ times });
  const viewer = await member('viewer');
  const { fillTeam } = await import('./runs-data.ts');
  await fillTeam(prisma, viewer.teamId, { runs: 40 });
  await prisma.run.updateMany({ data: { notes: 'long '.repeat(400_000) } });
  const path = '/files/export/runs.ndjson?columns=notes';
  const { hostname, port, host } = new URL(address);
  // Some 3 MB/s: it takes more than 25 s for all of it, and is below the pace.
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.on('data', () => {
    socket.pause();
    setTimeout(() => socket.resume(), 20);
  });
  onTestFinished(() => void socket.destroy());
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${viewer.key}\r\n\r\n`);
  await expect.poll(() => connections().busy).toBe(1);
  // Whoever takes what comes has all of it meanwhile.
  expect((await (await viewer.fetch(path)).text()).length).toBeGreaterThan(40 * 2_000_000);
  await expect.poll(() => connections().busy, { timeout: 15_000, interval: 200 }).toBe(0);
}, 60_000);

it('the dashboard asks for people: each address has places of its own, and nobody else says where it comes from', async () => {
  const { address } = await startPlatform({ times: { ...QUICK, bodyMs: 10_000 } });
  const most = ROUTES.auth.atOnce.address;
  const ask = async (peer: (i: number) => string, key: string) => {
    const asked = Array.from({ length: most + 4 }, (_, i) =>
      raw(
        address,
        [
          `POST ${SAMPLES.auth} HTTP/1.1`,
          'Content-Type: application/json',
          'Content-Length: 100',
          `X-Espalier-Peer: ${peer(i)}`,
          `X-Espalier-Dashboard: ${key}`,
        ],
        { body: (socket) => setTimeout(() => socket.end('x'.repeat(100)), 1500) },
      ),
    );
    return (await Promise.all(asked)).filter(({ status }) => status === 429).length;
  };
  const key = dashboardKey(SECRET);
  expect(await ask((i) => `192.0.2.${i}`, key)).toBe(0);
  expect(await ask(() => '192.0.2.1', key)).toBe(4);
  expect(await ask((i) => `192.0.2.${i}`, 'f'.repeat(key.length))).toBe(4);
});

it('a reader that takes nothing of its answer is let go', async () => {
  const { address, member, prisma, connections } = await startPlatform({ times: QUICK });
  const viewer = await member('viewer');
  const { fillTeam } = await import('./runs-data.ts');
  await fillTeam(prisma, viewer.teamId, { runs: 5 });
  await prisma.run.updateMany({ data: { notes: 'long '.repeat(400_000) } });
  const headers = { authorization: `Bearer ${viewer.key}` };
  const path = '/files/export/runs.ndjson?columns=notes';
  const stuck = Array.from({ length: 4 }, () => {
    return new Promise<number>((resolve) => {
      const request = get(new URL(path, address), { headers, agent: false }, (response) => {
        response.pause();
        response.on('error', () => {});
        resolve(response.statusCode ?? 0);
      });
      request.on('error', () => {});
    });
  });
  // Two at once of a team, and the others are told.
  expect((await Promise.all(stuck)).sort()).toEqual([200, 200, 429, 429]);
  await expect.poll(() => connections().busy, { timeout: 20_000 }).toBe(0);
  expect((await viewer.fetch(`${path}&order={"by":"CREATED"}`)).status).toBe(200);
});
