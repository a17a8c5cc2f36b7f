import { type GraphQLSchema, isEnumType } from 'graphql';
import { expect, it } from 'vitest';
import { mostOf } from '../src/graphql/maxima.ts';
import { createSchema } from '../src/graphql/schema.ts';
import type { Browser } from './browser.ts';
import { startPlatform } from './platform.ts';
import { experiment } from './rows.ts';
import { fieldsOf, operation, type Place, set, things } from './schema-walk.ts';

const CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'TOO_MANY_REQUESTS',
];
/** Text that no table holds: these are told by the place in the input where they are. */
const UNHOLDABLE = ['\0', 'a\0b', '\ud800', 'x\udfffy', '\ud83d'];
const TEXTS = ['', ' ', "' OR 1=1 --", '%', '\\', '-1', '\u202e\u0300', '🐦'.repeat(1000)];
const INTS = [-1, 0, -2_147_483_648, 2_147_483_647, 2_147_483_648, 0.5];
const FLOATS = [-1, 0, 0.5, 1e308, -1e308, Number.MIN_VALUE, 2 ** 53, 2 ** 63, 2 ** 64];
const TIMES = [
  '0000-01-01T00:00:00.000Z',
  '-271821-04-20T00:00:00.000Z',
  '+275760-09-13T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  'yesterday',
];
const DEEP = JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`);
const JSONS = [
  { a: -1 },
  { epochs: 1e308 },
  DEEP,
  [],
  [[]],
  { __proto__: null, constructor: 1 },
  -1,
  'x',
  null,
];

it('bad values anywhere in any query or mutation are refused, and never an internal error', async () => {
  const platform = await startPlatform();
  const admin = await platform.operator();
  const browser = await platform.signedIn(admin.userId);
  const ids = await things(platform, admin);
  const wrong: string[] = [];
  for (const { kind, field, usual, places, query } of fieldsOf(await createSchema(), ids)) {
    // What came before may have led into another team.
    await platform.prisma.session.updateMany({ data: { activeTeamId: admin.teamId } });
    await platform.prisma.user.updateMany({ where: { id: admin.userId }, data: { operator: true } });
    // What the values are tried with has to reach the field's own code.
    const [error] = (await browser.ask(query, usual)).errors ?? [];
    if (error) wrong.push(`${field.name}: ${error.message}`);
    for (const place of places.filter((one) => one.kind === 'leaf')) {
      const values = valuesOf(place);
      const { least } = values;
      // What is no value of its type is refused before it is known what is filtered by it.
      const others = place.again ? [] : values.others;
      // Together, as long as nothing is wrong with them: an error of one hides those of others.
      const all = least.map((value) => set(usual, place.path, value) as object);
      const fine = all.length > 0 && (await goesWell(browser, operation(kind, field, all.length), all));
      for (const value of fine ? others : [...least, ...others]) {
        wrong.push(...(await attack(browser, query, usual, place, value)));
      }
    }
  }
  expect(wrong).toEqual([]);
  expect((await fetch(`${platform.address}/health`)).status).toBe(200);
}, 900_000);

it('no list and no text is longer than what is taken there, which is told before anything is done', async () => {
  const platform = await startPlatform();
  const admin = await platform.member('admin');
  const ids = await things(platform, admin);
  const { count: known } = await platform.statements(() => admin.ask('{ __typename }'));
  const wrong: string[] = [];
  for (const { field, usual, places, query } of fieldsOf(await createSchema(), ids)) {
    for (const place of places) {
      for (const { value, at, problem } of tooMuchFor(place)) {
        const variables = set(usual, place.path, value) as object;
        const { result, count } = await platform.statements(() => admin.ask(query, variables));
        const path = [...place.path, ...at].join('.');
        const [error] = result.errors ?? [];
        const told = asTold(path).some(
          (one) => error?.message === `${one} ${problem}` && error.extensions.fields[0] === one,
        );
        if (!told || error.extensions.code !== 'BAD_USER_INPUT' || count > known) {
          wrong.push(`${field.name} ${path}: ${JSON.stringify(result).slice(0, 300)}, ${count} statements`);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
}, 120_000);

it('maxima hold in the text of a query, in its default values, in fragments and over streams', async () => {
  const { member } = await startPlatform();
  const editor = await member('editor');
  const long = 'x'.repeat(5001);
  for (const [query, path] of [
    [`{ runs(filter: { text: "${long}" }) { totalCount } }`, 'filter.text'],
    [`query ($text: String = "${long}") { runs(filter: { text: $text }) { totalCount } }`, 'filter.text'],
    [`{ ...some } fragment some on Query { node(id: "${long}") { id } }`, 'id'],
    [
      `{ comparison(filter: {}) { comparability(published: { text: "${long}" }) { reasons { text } } } }`,
      'published.text',
    ],
  ]) {
    const { errors } = await editor.ask(query ?? '');
    expect(errors?.[0]).toMatchObject({
      message: `${path} has 5001 characters: at most 5000 are taken`,
      extensions: { code: 'BAD_USER_INPUT', fields: [path] },
    });
  }
  const stream = await editor.fetch('/graphql/stream', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({
      query: 'subscription ($runId: ID!) { runEvents(runId: $runId) { seq } }',
      variables: { runId: long },
    }),
  });
  expect(await stream.text()).toContain('runId has 5001 characters: at most 5000 are taken');
  const filter = encodeURIComponent(JSON.stringify({ text: long }));
  const file = await editor.fetch(`/files/export/runs.csv?filter=${filter}`);
  expect([file.status, await file.text()]).toEqual([
    400,
    '{"error":"filter.text has 5001 characters: at most 5000 are taken"}',
  ]);
});

it('what stands in a list twice is taken once, everywhere', async () => {
  const platform = await startPlatform();
  const operator = await platform.operator();
  const admin = await platform.signedIn(operator.userId);
  const ids = await things(platform, operator);
  const wrong: string[] = [];
  let lists = 0;
  const schema = await createSchema();
  for (const { kind, field, usual, places, query } of fieldsOf(schema, ids)) {
    for (const { path, type } of places.filter((place) => place.kind === 'list')) {
      const one = oneOf(schema, field.name, type, ids);
      // Nobody gives the units of no group.
      const group = path.find((step) => step === 'order' || step === 'structure');
      const start = type === 'Int' && group ? set(usual, ['input', group], [UNITS_OF[group]]) : usual;
      const [twice, once] = [[one, one, one], [one]].map((value) => set(start, path, value) as object);
      lists++;
      if (kind === 'query') {
        const answers = [await admin.ask(query, twice), await admin.ask(query, once)];
        if (JSON.stringify(answers[0]) !== JSON.stringify(answers[1])) wrong.push(`${field.name} ${path}`);
      } else {
        const { data, errors } = await admin.ask(query, twice);
        if (
          errors ||
          listsIn(data).some((list) => new Set(list.map((v) => JSON.stringify(v))).size < list.length)
        ) {
          wrong.push(`${field.name} ${path}: ${JSON.stringify(errors ?? data).slice(0, 300)}`);
        }
      }
    }
  }
  expect(lists).toBeGreaterThan(30);
  // Answered place by place.
  expect(wrong).toEqual(['nodes ids']);
}, 60_000);

it('of what is given twice there is one: runs, entries in the log', async () => {
  const platform = await startPlatform();
  const { teamId, ask } = await platform.member('editor');
  await experiment(platform, teamId);
  const two = <T>(value: T) => [value, value];
  const { data } = await ask(
    `mutation ($strategies: [StrategyInput!]!, $targets: [TargetInput!]!, $seeds: [Int!]!) {
      startRuns(input: { experimentId: "exp_s", strategies: $strategies, targets: $targets, seeds: $seeds }) {
        errors { message } runs { id }
      }
    }`,
    {
      strategies: two({ allocation: 'uniform', limits: { keep: ['conv1', 'conv1'] } }),
      targets: two({ share: 0.3 }),
      seeds: two(1),
    },
  );
  expect(data.startRuns.errors).toEqual([]);
  expect(data.startRuns.runs).toHaveLength(1);
  const [{ id }] = data.startRuns.runs;
  await ask(`mutation { setNotes(input: { ids: ["${id}", "${id}"], notes: "n" }) { ok } }`);
  await ask(`mutation { cancelRuns(input: { ids: ["${id}", "${id}"] }) { ok } }`);
  for (const action of ['notes.set', 'run.cancel']) {
    expect([action, await platform.prisma.auditEntry.count({ where: { action } })]).toEqual([action, 1]);
  }
});

it('the same holds in the text of a query, in keys, in numbers without an end, and over streams', async () => {
  const { member } = await startPlatform();
  const editor = await member('editor');
  const bad = { code: 'BAD_USER_INPUT', fields: ['filter.text'] };
  const literal = await editor.ask(String.raw`{ runs(filter: { text: "a\u0000" }) { totalCount } }`);
  expect(literal.errors[0].extensions).toEqual(bad);
  expect(literal.errors[0].message).toBe('filter.text has a NUL character (U+0000) in it: leave it out');
  const half = await editor.ask('query ($filter: RunFilter) { runs(filter: $filter) { totalCount } }', {
    filter: { text: '\udead' },
  });
  expect(half.errors[0].extensions).toEqual(bad);
  const keys = await editor.ask(
    'mutation ($input: CreateSavedViewInput!) { createSavedView(input: $input) { ok } }',
    { input: { name: 'v', page: 'runs', state: { 'a\0': 1 } } },
  );
  expect(keys.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT', fields: ['input.state'] });
  const endless = await editor.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query": "query ($f: RunFilter) { runs(filter: $f) { totalCount } }", "variables": {"f": {"share": {"min": 1e999}}}}',
  });
  expect(endless.status).toBe(400);
  expect(await endless.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  const bytes = async (value: number) =>
    (
      await editor.ask(
        `mutation { createUpload(input: { fileName: "n", bytes: ${value} }) { errors { path } } }`,
      )
    ).data.createUpload.errors[0]?.path;
  for (const value of [-1, 0.5, 1e30]) expect(await bytes(value)).toEqual(['bytes']);
  expect(await bytes(0)).toBeUndefined();

  for (const runId of ['\0', '\ud800']) {
    const response = await editor.fetch('/graphql/stream', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({
        query: 'subscription ($runId: ID!) { runEvents(runId: $runId) { seq } }',
        variables: { runId },
      }),
    });
    const text = await response.text();
    expect(text).toContain('event: next');
    expect(text).toContain('"fields":["runId"]');
    expect(text).toContain('event: complete');
  }
  for (const path of ['/files/uploads/%00', '/files/%00', '/models/%00', '/auth/invitation?token=%00']) {
    expect([path, (await editor.fetch(path)).status]).toEqual([path, path.includes('uploads') ? 405 : 400]);
  }
});

it('runs are counted before they are built, and no list is endless', async () => {
  const platform = await startPlatform();
  const { teamId, ask } = await platform.member('editor');
  await experiment(platform, teamId);
  const start = `mutation ($strategies: [StrategyInput!]!, $targets: [TargetInput!]!, $seeds: [Int!]!) {
    startRuns(input: { experimentId: "exp_s", strategies: $strategies, targets: $targets, seeds: $seeds }) {
      ok errors { message path }
    }
  }`;
  const strategies = Array.from({ length: 500 }, (_, i) => ({ allocation: 'uniform', rounds: i }));
  const targets = Array.from({ length: 500 }, (_, i) => ({ share: i / 1000 }));
  const seeds = Array.from({ length: 1000 }, (_, seed) => seed);
  const { data } = await ask(start, { strategies, targets, seeds });
  expect(data.startRuns.errors).toEqual([
    {
      message: 'at most 500 runs at once, these are 250000000',
      path: ['strategies'],
    },
  ]);
  const many = Array.from({ length: 60_000 }, (_, seed) => seed);
  const endless = await ask(start, { strategies, targets, seeds: many });
  expect(endless.errors[0]).toMatchObject({
    message: 'the body has more than 50000 values',
    extensions: { code: 'BAD_REQUEST' },
  });
});

/** What is wrong with the answer to one value in one place. */
/** What a place may be called: if there was no list its first place has the value, too. */
function asTold(path: string): string[] {
  return [path, path.replace(/\.1$/, '.0'), path.replaceAll(/\.1(?=\.|$)/g, '.0')];
}

async function attack(
  browser: Browser,
  query: string,
  usual: object,
  { path, coordinate }: Place,
  value: unknown,
): Promise<string[]> {
  const shown = `${coordinate} ${path.join('.')} ${JSON.stringify(value)?.slice(0, 60)}`;
  const response = await browser.post('/graphql', { query, variables: set(usual, path, value) });
  const text = await response.text();
  const answer = JSON.parse(text) as { errors?: { extensions?: { code?: string; fields?: string[] } }[] };
  const codes = (answer.errors ?? []).map(({ extensions }) => extensions?.code ?? 'none');
  if (response.status >= 500 || codes.some((code) => !CODES.includes(code))) {
    return [`${shown}: ${response.status} ${text.slice(0, 300)}`];
  }
  if (!UNHOLDABLE.includes(value as string)) return [];
  const [first] = answer.errors ?? [];
  const told = asTold(path.join('.')).includes(first?.extensions?.fields?.[0] ?? '');
  return first?.extensions?.code === 'BAD_USER_INPUT' && told ? [] : [`${shown}: ${text.slice(0, 300)}`];
}

/** `least`: what is of the right type, at least. */
function valuesOf({ type, coordinate }: Place): { least: readonly unknown[]; others: readonly unknown[] } {
  if (type === 'Int') return { least: INTS.slice(0, 4), others: INTS.slice(4) };
  if (type === 'BigInt') return { least: [], others: [...INTS, ...FLOATS, 'x'] };
  if (type === 'Float') return { least: [...INTS, ...FLOATS], others: [] };
  if (type === 'DateTimeISO') return { least: [], others: [...TIMES, ...UNHOLDABLE] };
  if (type.startsWith('JSON')) return { least: [], others: [...JSONS, ...UNHOLDABLE] };
  if (type === 'Boolean') return { least: [], others: ['x', -1] };
  const { text } = mostOf(coordinate);
  return { least: [...TEXTS, 'x'.repeat(text), '🐦'.repeat(text / 2)], others: UNHOLDABLE };
}

/** With the variables of several operations as those of one. */
async function goesWell(browser: Browser, query: string, all: readonly object[]): Promise<boolean> {
  const variables = all.flatMap((one, i) =>
    Object.entries(one).map(([name, value]) => [`${name}${i || ''}`, value] as const),
  );
  return !(await browser.ask(query, Object.fromEntries(variables))).errors;
}

/** One value or character more than is taken, where within it the trouble is, and how it is told. */
function* tooMuchFor({ kind, type, coordinate }: Place) {
  const { list, text } = mostOf(coordinate);
  const values = Array.from({ length: list + 1 }, () => 1);
  const manyValues = { value: values, at: [], problem: `has ${list + 1} values: at most ${list} are taken` };
  const long = 'x'.repeat(text + 1);
  const longText = { value: long, at: [], problem: `has ${text + 1} characters: at most ${text} are taken` };
  if (kind === 'list') yield manyValues;
  if (kind === 'leaf' && ['String', 'ID', 'DateTimeISO'].includes(type)) yield longText;
  if (!type.startsWith('JSON')) return;
  for (const { value, problem } of [manyValues, longText]) yield { value: { a: value }, at: ['a'], problem };
  yield { ...manyValues, value: Object.fromEntries(values.map((value, i) => [i, value])) };
  yield { ...longText, value: { [long]: 1 } };
}

/** Something that a list of this type takes. */
function oneOf(
  schema: GraphQLSchema,
  field: string,
  type: string,
  ids: Readonly<Record<string, string>>,
): unknown {
  const of = schema.getType(type);
  if (isEnumType(of)) return of.getValues()[0]?.name;
  switch (type) {
    case 'ID':
      return field.endsWith('Runs') || field === 'setPriority' ? ids.runId : (ids.id ?? '');
    case 'Int':
    case 'BigInt':
      return 1;
    case 'Float':
      return 0.25;
    case 'StrategyInput':
      return { allocation: 'uniform' };
    case 'TargetInput':
      return { share: 0.4 };
    case 'QualityMetricName':
      return 'TOP1';
    case 'GroupOrderInput':
      return GROUP_ORDER;
    case 'KeptUnitsInput':
      return KEPT_UNITS;
    case 'EpochInput':
      return { epoch: 1, loss: 1, learningRate: 0.1, imagesPerSecond: 1, seconds: 1 };
    case 'OutputWeightInput':
      return { output: 'out', weight: 1 };
    case 'SamplePointInput':
      return { removed: 0, value: 0.5, images: 10 };
    case 'MeasurementInput':
      return {
        ...{ networkHash: 'h', networkName: 'n', bytes: 1, params: 1, macs: 1, threads: 1, batch: 1 },
        ...{ p50Ms: 1, p10Ms: 1, p90Ms: 1, imagesPerSecond: 1, repeats: 1, activationBytes: 1 },
      };
    case 'SplitManifestInput':
      return { name: 'TEST', images: 10, sha256: 'a'.repeat(64) };
    default:
      return 'text';
  }
}

const GROUP_ORDER = { group: 'conv1', units: [0] };
const KEPT_UNITS = { group: 'conv1', kept: [0] };
const UNITS_OF = { order: GROUP_ORDER, structure: KEPT_UNITS } as const;

function listsIn(value: unknown): unknown[][] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(listsIn);
  return Array.isArray(value) ? [value, ...inner] : inner;
}
