import { newId } from '@espalier/store';
import { expect, it } from 'vitest';
import { tinyMetadata } from '../../../packages/engines/test/tiny-networks.ts';
import { ROUTES, type Route } from '../src/gate/routes.ts';
import { createApiKey } from '../src/people/api-keys.ts';
import { client, type Member, type Platform, startPlatform } from './platform.ts';
import { foreignTeam } from './rights-rules.ts';

type Asker = Pick<Member, 'fetch'>;

/** Everybody who may ask, by name. `mine` are of the team that owns what is asked for. */
async function everybody(platform: Platform, teamId: string) {
  const { address, prisma, member, operator, signedIn } = platform;
  const owner = await member('admin', teamId);
  await prisma.project.create({ data: { id: 'proj_o', teamId, name: 'ours' } });
  const key = async (may: object) => {
    const own = { teamId, userId: owner.userId };
    const made = await createApiKey(prisma, own, { name: 'k', role: 'admin', ...may });
    return client(address, made.key);
  };
  const askers = {
    nobody: client(address),
    wrong: client(address, 'esp_wrong'),
    foreign: await member('admin'),
    foreignSession: await signedIn((await member('admin')).userId),
    foreignOperator: await operator(),
    viewer: await signedIn((await member('viewer', teamId)).userId),
    editor: await signedIn((await member('editor', teamId)).userId),
    admin: await signedIn((await member('admin', teamId)).userId),
    reads: await key({ scopes: ['read'] }),
    runs: await key({ scopes: ['read', 'run'] }),
    produces: await key({ scopes: ['read', 'produce'] }),
    administers: await key({ scopes: ['read', 'administer'] }),
    elsewhere: await key({ projectIds: ['proj_o'] }),
    here: await key({ projectIds: ['proj_f'] }),
  } satisfies Record<string, Asker>;
  return askers;
}
type Name = keyof Awaited<ReturnType<typeof everybody>>;

const STRANGERS = ['foreign', 'foreignSession', 'foreignOperator', 'elsewhere'] as const;
const READERS = ['viewer', 'editor', 'admin', 'reads', 'runs', 'produces', 'administers', 'here'] as const;
const UNKNOWN = { nobody: 401, wrong: 401 } as const;

const all = <Key extends Name>(names: readonly Key[], status: number) =>
  Object.fromEntries(names.map((name) => [name, status])) as Record<Key, number>;
const READ = { ...UNKNOWN, ...all(STRANGERS, 404), ...all(READERS, 200) };
const OPEN = { ...all(['nobody', 'wrong', ...STRANGERS, ...READERS], 200) };

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly expected: Readonly<Record<Name, number>>;
  /** What the answer of those who get one must have, and of others must not. */
  readonly secret?: string;
}

/** At least one question for each route that is not the schema's; pages are the dashboard's, which asks the schema. */
const questions = (
  sha256: string,
): Readonly<Record<Exclude<keyof typeof ROUTES, 'streams' | 'graphql' | 'pages'>, readonly Asked[]>> => ({
  health: [{ path: '/health', expected: OPEN }],
  ready: [{ path: '/ready', expected: OPEN }],
  auth: [{ path: '/auth/get-session', expected: OPEN }],
  ide: [{ path: '/ide/', expected: OPEN }],
  client: [{ path: '/client/espalier.py', expected: OPEN }],
  // Who asks makes no difference: the token does.
  public: [{ path: '/public/guessed', expected: all([...Object.keys(OPEN)] as Name[], 404) }],
  files: [
    { path: `/files/${sha256}`, expected: READ },
    { path: '/files/models/model_f', expected: READ },
  ],
  allocations: [
    {
      path: '/files/allocations/sample_f?allocation=cie&target=macs=0.5',
      // It is not done: whoever may see it is told so.
      expected: { ...UNKNOWN, ...all(STRANGERS, 404), ...all(READERS, 400) },
      secret: 'not done',
    },
  ],
  reports: [
    { path: '/files/report/runs/run_f.html', expected: READ, secret: 'theirs' },
    { path: '/files/report/experiments/exp_f.html', expected: READ, secret: 'theirs' },
  ],
  exports: [
    {
      path: '/files/export/runs.ndjson?columns=id,experiment',
      expected: { ...UNKNOWN, ...all(STRANGERS, 200), ...all(READERS, 200) },
      secret: 'run_f',
    },
  ],
  uploads: ['HEAD', 'PUT', 'DELETE'].map((method) => ({
    ...{ path: '/files/uploads/upload_f', method },
    expected: {
      ...UNKNOWN,
      ...all(STRANGERS, 404),
      // Whole already: nothing more is taken, and nothing goes.
      ...all(READERS, method === 'HEAD' ? 200 : 404),
      ...all(['viewer', 'reads', 'runs', 'administers'], 403),
      // Keys with a limit have separate uploads.
      here: 404,
    },
  })),
});

it('every route asks for its right', { timeout: 60_000 }, async () => {
  const platform = await startPlatform();
  const on = await foreignTeam(platform);
  const { sha256 } = await platform.prisma.model.findUniqueOrThrow({ where: { id: on.modelId } });
  await platform.prisma.model.update({
    where: { id: on.modelId },
    data: { metadataBeside: true, metadata: JSON.parse(JSON.stringify(tinyMetadata())) },
  });
  const asked = questions(sha256);
  const rest = Object.values(ROUTES as Record<string, Route>).filter(({ right }) => right !== 'by field');
  expect([...Object.keys(asked), 'pages'].sort()).toEqual(
    Object.entries(ROUTES)
      .filter(([, route]) => rest.includes(route))
      .map(([name]) => name)
      .sort(),
  );
  const askers = await everybody(platform, on.teamId);
  for (const { path, method = 'GET', expected, secret } of Object.values(asked).flat()) {
    for (const [name, asker] of Object.entries(askers)) {
      const response = await asker.fetch(path, { method });
      const what = `${method} ${path} by ${name}`;
      expect(response.status, what).toBe(expected[name as Name]);
      const body = await response.text();
      if (secret) expect(body.includes(secret), what).toBe(READERS.some((one) => one === name));
    }
  }
  expect(await platform.prisma.upload.count({ where: { id: 'upload_f' } })).toBe(1);
});

it('every stream asks for its right', { timeout: 60_000 }, async () => {
  const platform = await startPlatform();
  const on = await foreignTeam(platform);
  const { prisma } = platform;
  await prisma.run.update({ where: { id: on.runId }, data: { state: 'finished' } });
  await prisma.runEvent.create({
    data: { runId: on.runId, seq: 1, kind: 'warning', data: { text: 'theirs' } },
  });
  const worker = {
    host: 'their-host',
    pid: 1,
    engine: 'onnxruntime',
    cores: 2,
    memoryBytes: 1,
    version: 'v',
  };
  const lastSeenAt = new Date(Date.now() + 600_000);
  await prisma.worker.create({ data: { ...worker, id: newId('worker'), lastSeenAt } });
  const askers = await everybody(platform, on.teamId);
  const told = async (asker: Asker, query: string, until: string): Promise<string> => {
    const gone = new AbortController();
    const response = await asker.fetch('/graphql/stream', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', origin: platform.address },
      body: JSON.stringify({ query: `subscription { ${query} }` }),
      signal: gone.signal,
    });
    let text = '';
    for await (const part of response.body ?? []) {
      text += new TextDecoder().decode(part);
      if (text.includes(until) || text.includes('event: complete')) break;
    }
    gone.abort();
    return text;
  };
  const streams = {
    runEvents: [`runEvents(runId: "${on.runId}") { ... on WarningEvent { text } }`, 'theirs', READERS],
    experimentEvents: [
      `experimentEvents(experimentId: "${on.experimentId}") { event { ... on WarningEvent { text } } }`,
      'theirs',
      READERS,
    ],
    workerEvents: ['workerEvents { worker { host } }', 'their-host', ['foreignOperator']],
  } as const;
  for (const [stream, [query, secret, may]] of Object.entries(streams)) {
    for (const [name, asker] of Object.entries(askers)) {
      const text = await told(asker, query, secret);
      const allowed = (may as readonly string[]).includes(name);
      expect(text.includes(secret), `${stream} by ${name}: ${text}`).toBe(allowed);
      if (name in UNKNOWN) expect(text, `${stream} by ${name}`).toContain('UNAUTHENTICATED');
    }
  }
});

it('what GraphQL answers is of whoever asked, and is kept nowhere', async () => {
  const { address, member } = await startPlatform();
  const { key } = await member('viewer');
  for (const query of ['{ viewer { role } }', '{ run(id: "run_none") { id } }', '{ nothing', '']) {
    for (const who of [key, undefined]) {
      const answer = await client(address, who).fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      expect(answer.headers.get('cache-control'), query).toBe('no-store');
    }
  }
});
