import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import type { Browser } from './browser.ts';
import { type Member, type Platform, startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

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
const TEXTS = [
  '',
  ' ',
  "' OR 1=1 --",
  '%',
  '\\',
  '-1',
  '\u202e\u0300',
  'x'.repeat(100_000),
  '🐦'.repeat(1000),
];
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

type Path = readonly (string | number)[];

/** A place in a field's arguments, and what is tried there. */
interface Leaf {
  readonly path: Path;
  readonly type: string;
}

it('bad values anywhere in any query or mutation are refused, and never an internal error', async () => {
  const platform = await startPlatform();
  const admin = await platform.member('admin');
  const browser = await platform.signedIn(admin.userId);
  const ids = await things(platform, admin);
  const schema = await createSchema();
  const wrong: string[] = [];
  for (const [kind, type] of [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const id = ids[ID_OF[field.name] ?? 'id'] ?? '';
      const needed = field.args.filter((arg) => isNonNullType(arg.type));
      const usual = Object.fromEntries(needed.map((arg) => [arg.name, plausible(arg, { ...ids, id })]));
      // What came before may have led into another team.
      await platform.prisma.session.updateMany({ data: { activeTeamId: admin.teamId } });
      wrong.push(...(await usualReaches(browser, kind, field, usual)));
      for (const { path, type: leaf } of leavesOf(field)) {
        for (const value of valuesOf(leaf)) {
          wrong.push(...(await attack(browser, kind, field, usual, path, value)));
        }
      }
    }
  }
  expect(wrong).toEqual([]);
  expect((await fetch(`${platform.address}/health`)).status).toBe(200);
}, 900_000);

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
    'mutation ($input: SavedViewInput!) { createSavedView(input: $input) { ok } }',
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
    (await editor.ask(`mutation { createUpload(fileName: "n", bytes: ${value}) { error { fields } } }`)).data
      .createUpload.error?.fields;
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
    startRuns(experimentId: "exp_s", strategies: $strategies, targets: $targets, seeds: $seeds) {
      ok error { message fields }
    }
  }`;
  const strategies = Array.from({ length: 500 }, () => ({ allocation: 'uniform' }));
  const targets = Array.from({ length: 500 }, () => ({ share: 0.5 }));
  const seeds = Array.from({ length: 40_000 }, (_, seed) => seed);
  const { data } = await ask(start, { strategies, targets, seeds });
  expect(data.startRuns.error).toEqual({
    message: 'at most 500 runs at once, these are 10000000000',
    fields: ['strategies'],
  });
  const endless = await ask(start, { strategies, targets, seeds: [...seeds, ...seeds] });
  expect(endless.errors[0]).toMatchObject({
    message: 'the body has more than 50000 values',
    extensions: { code: 'BAD_REQUEST' },
  });
});

/** What the values are tried with has to reach the field's own code. */
async function usualReaches(
  browser: Browser,
  kind: string,
  field: GraphQLField<unknown, unknown>,
  usual: object,
): Promise<string[]> {
  const answer = await browser.ask(operation(kind, field), usual);
  const [error] = answer.errors ?? [];
  return error ? [`${field.name}: ${error.message}`] : [];
}

function operation(kind: string, field: GraphQLField<unknown, unknown>): string {
  const parenthesised = (texts: string[]) => (texts.length === 0 ? '' : `(${texts.join(', ')})`);
  const declared = parenthesised(field.args.map((arg) => `$${arg.name}: ${arg.type}`));
  const given = parenthesised(field.args.map((arg) => `${arg.name}: $${arg.name}`));
  return `${kind} ${declared} { ${field.name}${given}${selection(field.type)} }`;
}

/** What is wrong with the answer to one value in one place. */
async function attack(
  browser: Browser,
  kind: string,
  field: GraphQLField<unknown, unknown>,
  usual: Readonly<Record<string, unknown>>,
  path: Path,
  value: unknown,
): Promise<string[]> {
  const query = operation(kind, field);
  const variables = set(usual, path, value);
  const shown = `${field.name} ${path.join('.')} ${JSON.stringify(value)?.slice(0, 60)}`;
  const response = await browser.post('/graphql', { query, variables });
  const text = await response.text();
  const answer = JSON.parse(text) as { errors?: { extensions?: { code?: string; fields?: string[] } }[] };
  const codes = (answer.errors ?? []).map(({ extensions }) => extensions?.code ?? 'none');
  if (response.status >= 500 || codes.some((code) => !CODES.includes(code))) {
    return [`${shown}: ${response.status} ${text.slice(0, 300)}`];
  }
  if (!UNHOLDABLE.includes(value as string)) return [];
  const [first] = answer.errors ?? [];
  const told = first?.extensions?.fields?.[0] === path.join('.');
  return first?.extensions?.code === 'BAD_USER_INPUT' && told ? [] : [`${shown}: ${text.slice(0, 300)}`];
}

function valuesOf(type: string): readonly unknown[] {
  if (type === 'Int') return INTS;
  if (type === 'Float') return [...INTS, ...FLOATS];
  if (type === 'DateTimeISO') return [...TIMES, ...UNHOLDABLE];
  if (type.startsWith('JSON')) return [...JSONS, ...UNHOLDABLE];
  if (type === 'Boolean') return ['x', -1];
  return [...TEXTS, ...UNHOLDABLE];
}

/** Every place in a field's arguments where a value stands; of a list its first two places, which are alike. */
function leavesOf(field: GraphQLField<unknown, unknown>): Leaf[] {
  return field.args.flatMap(({ name, type }) => leaves(type, [name]));
}

function leaves(type: GraphQLInputType, path: Path): Leaf[] {
  if (isNonNullType(type)) return leaves(type.ofType, path);
  if (isListType(type)) return leaves(type.ofType, [...path, 1]);
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).flatMap((field) => leaves(field.type, [...path, field.name]));
  }
  return isLeafType(type) && !isEnumType(type) ? [{ path, type: type.name }] : [];
}

/** Something that the field takes, of the team's own where it is an id. */
function plausible(
  { name, type }: Pick<GraphQLArgument, 'name' | 'type'>,
  ids: Readonly<Record<string, string>>,
): unknown {
  if (isNonNullType(type)) return plausible({ name, type: type.ofType }, ids);
  // Twice the same.
  if (isListType(type)) return [0, 1].map(() => plausible({ name, type: type.ofType }, ids));
  if (isInputObjectType(type)) {
    const inner = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(inner.map((field) => [field.name, plausible(field, ids)]));
  }
  if (isEnumType(type)) return type.getValues()[0]?.name;
  switch (getNamedType(type).name) {
    case 'ID':
      return ids[name.replace(/s$/, '')] ?? ids.id;
    case 'Int':
      return 1;
    case 'Float':
      return 0.5;
    case 'Boolean':
      return false;
    case 'DateTimeISO':
      return '2030-01-01T00:00:00.000Z';
    case 'JSON':
      return [{ title: 's', strategies: ['uniform:l1'], targets: ['macs=0.5'] }];
    case 'JSONObject':
      return {};
    default:
      return TEXT_OF[name] ?? 'text';
  }
}

/** Of fields that take an id, what it is of, where that is no experiment. */
const ID_OF: Readonly<Record<string, string>> = {
  ...{ run: 'runId', cancelRuns: 'runId', retryRuns: 'runId', setPriority: 'runId', cloneRun: 'runId' },
  ...{ project: 'projectId', deleteProject: 'projectId', model: 'modelId', dataset: 'datasetId' },
  ...{ updateSavedView: 'viewId', deleteSavedView: 'viewId' },
};

const TEXT_OF: Readonly<Record<string, string>> = {
  email: 'somebody@example.org',
  grid: '0.1:0.9:0.1',
  page: 'runs',
  criterion: 'l1',
  allocation: 'uniform',
  allocations: 'uniform',
  strategies: 'uniform:l1',
  targets: 'macs=0.5',
};

function set(root: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list = Array.isArray(root) ? [...root] : [];
    list[0] ??= set(undefined, rest, value);
    list[key] = set(list[key] ?? structuredClone(list[0]), rest, value);
    // What is tried may also stand there twice.
    return list.length === 1 ? [...list, ...list] : list;
  }
  return { ...(root as object), [key]: set((root as Record<string, unknown> | null)?.[key], rest, value) };
}

function selection(type: GraphQLOutputType, depth = 2): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return isLeafType(named) ? '' : ' { __typename }';
  const fields = Object.values(named.getFields()).filter((field) => field.args.length === 0);
  const inner = fields.flatMap((field) => {
    if (isLeafType(getNamedType(field.type))) return [field.name];
    return depth > 1 ? [`${field.name}${selection(field.type, depth - 1)}`] : [];
  });
  return ` { ${['__typename', ...inner].join(' ')} }`;
}

/** Ids of what the team has, by the names under which they are asked for. */
async function things(platform: Platform, { teamId, userId, ask }: Member): Promise<Record<string, string>> {
  await experiment(platform, teamId);
  const { id: modelId, projectId } = await platform.prisma.model.findFirstOrThrow({ where: { teamId } });
  const { id: datasetId } = await platform.prisma.dataset.findFirstOrThrow({ where: { teamId } });
  const { data } = await ask(
    `mutation {
      startRuns(experimentId: "exp_s", strategies: [{ allocation: "uniform" }], targets: [{ share: 0.5 }]) {
        started { runs { id } }
      }
      createSavedView(input: { name: "v", page: "runs", state: {} }) { view { id } }
    }`,
  );
  const [runId, viewId] = [data.startRuns.started.runs[0].id, data.createSavedView.view.id];
  return {
    ...{ id: 'exp_s', experimentId: 'exp_s', runId, viewId },
    modelId,
    projectId,
    datasetId,
    userId,
    teamId,
  };
}
