import { readFile } from 'node:fs/promises';
import {
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { expect, it } from 'vitest';
import { createSchema, schemaText } from '../src/graphql/schema.ts';
import { KINDS } from '../src/nodes/kinds.ts';

it('schema.graphql is what the code says (npm run api:schema writes it)', async () => {
  const file = new URL('../schema.graphql', import.meta.url);
  expect(await readFile(file, 'utf8')).toBe(schemaText(await createSchema()));
});

it('the dashboard and the client have their types from the same schema', async () => {
  const [dashboard, client] = await Promise.all(
    ['apps/dashboard/src/graphql', 'packages/client/src'].map((folder) =>
      readFile(new URL(`../../../${folder}/schema.d.ts`, import.meta.url), 'utf8'),
    ),
  );
  // A plain message: the whole difference is unreadable.
  expect(dashboard === client, 'npm run api:schema writes both').toBe(true);
});

it('calls every value of an enum in upper case', async () => {
  const enums = Object.values((await createSchema()).getTypeMap()).filter(isEnumType);
  const values = enums
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => type.getValues().map(({ name }) => `${type.name}.${name}`));
  expect(values.length).toBeGreaterThan(50);
  expect(values.filter((value) => !/^\w+\.[A-Z][A-Z0-9_]*$/.test(value))).toEqual([]);
});

/** With its version; the other ones that computed are enums. */
const IN_WORDS = ['Provenance.engine'];

it('what is one of a few words is an enum', async () => {
  const named = /^(engine|kind|metric|role|rule|scopes?|split|stage|states?|unit|verdict)$/;
  const texts = Object.values((await createSchema()).getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInputObjectType(type))) return [];
    const fields: readonly { name: string; type: GraphQLType }[] = Object.values(type.getFields());
    return fields
      .filter((field) => named.test(field.name) && getNamedType(field.type).name === 'String')
      .map(({ name }) => `${type.name}.${name}`);
  });
  expect(texts).toEqual(IN_WORDS);
});

it('every query and mutation says what it is, and every type', async () => {
  const schema = await createSchema();
  const silent = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .filter((type) => !type.description && !['Query', 'Mutation', 'Subscription'].includes(type.name))
    .map(({ name }) => name);
  expect(silent).toEqual([]);
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {}))
      expect(field.description, field.name).toBeTruthy();
  }
});

it('whatever has an id is a Node, and names nothing else by it', async () => {
  const objects = Object.values((await createSchema()).getTypeMap()).filter(isObjectType);
  const isNode = (type: GraphQLObjectType) => type.getInterfaces().some(({ name }) => name === 'Node');
  const odd = objects.filter(
    (type) => !type.name.startsWith('__') && 'id' in type.getFields() !== isNode(type),
  );
  expect(odd.map(({ name }) => name)).toEqual([]);
  const nodes = objects.filter(isNode);
  expect(nodes.length).toBeGreaterThan(15);
  // A kind for each: else `node` does not know what its id is of.
  expect(nodes.map(({ name }) => name).sort()).toEqual(KINDS.map(({ type }) => type).sort());
});

/** Columns are text. */
const OF_IDS = ['ComparisonColumns'];

/** `reference` names what may be out of reach: of another team, in the trash, or gone. */
it('objects lead to objects, not to ids', async () => {
  const schema = await createSchema();
  const bare = Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name.startsWith('__') || OF_IDS.includes(type.name)) return [];
    return Object.values(type.getFields())
      .filter(
        ({ name, type: of }) =>
          (/Ids?$/.test(name) && name !== 'clientMutationId') ||
          (!['id', 'reference'].includes(name) && getNamedType(of).name === 'ID'),
      )
      .map(({ name }) => `${type.name}.${name}`);
  });
  expect(bare).toEqual([]);
});

/** What every filter is made of. */
const OF_FILTERS = [
  'IdFilter',
  'TextFilter',
  'IntFilter',
  'FloatFilter',
  'TimeFilter',
  'TagFilter',
  'QualityMetricNameFilter',
];
const LISTED = ['in', 'not', 'null'];

it('every list is filtered by fields of one kind', async () => {
  const schema = await createSchema();
  const shapeOf = (type: GraphQLInputObjectType) => Object.keys(type.getFields()).sort();
  const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType);
  const isOfEnum = (type: GraphQLInputObjectType) => {
    const { in: listed } = type.getFields();
    return listed !== undefined && isEnumType(getNamedType(listed.type));
  };
  const ofLists = inputs.filter(
    (type) => type.name.endsWith('Filter') && !OF_FILTERS.includes(type.name) && !isOfEnum(type),
  );
  expect(ofLists.length).toBeGreaterThan(7);
  const other = ofLists.flatMap((type) =>
    Object.values(type.getFields())
      .filter(({ name, type: given }) => {
        if (isNonNullType(given) || isListType(given)) return true;
        if (!isInputObjectType(given)) return name !== 'text' || String(given) !== 'String';
        if (ofLists.includes(given)) return false;
        return isOfEnum(given) ? String(shapeOf(given)) !== String(LISTED) : !OF_FILTERS.includes(given.name);
      })
      .map(({ name }) => `${type.name}.${name}`),
  );
  expect(other).toEqual([]);
  // No other input is one under another name.
  expect(inputs.filter(({ name }) => /Range$|Ranges$/.test(name)).map(String)).toEqual([]);
});

/** What was found already by a filter, in the order in which it was found. */
const FOUND = ['Analysis.lacking', 'RunGroup.runs'];

it('every list is asked alike', async () => {
  const schema = await createSchema();
  const pages = ['after: String', 'before: String', 'first: Int', 'last: Int'];
  const wrong: string[] = [];
  let lists = 0;
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    for (const field of Object.values(type.getFields())) {
      const { name } = getNamedType(field.type);
      if (!name.endsWith('Connection')) continue;
      lists++;
      const of = name.replace(/Connection$/, '');
      const found = FOUND.includes(`${type.name}.${field.name}`);
      const wanted = [...pages, ...(found ? [] : [`filter: ${of}Filter`, `order: ${of}Order`])];
      const args = field.args.map((arg) => `${arg.name}: ${arg.type}`);
      if (String(args.sort()) !== String(wanted.sort())) wrong.push(`${type.name}.${field.name}(${args})`);
    }
  }
  expect(lists).toBeGreaterThan(25);
  expect(wrong).toEqual([]);
});

it('a filter may be left out, and be null, wherever one is', async () => {
  const types = Object.values((await createSchema()).getTypeMap()).filter(isObjectType);
  const must = types.flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      field.args
        .filter((arg) => getNamedType(arg.type).name.endsWith('Filter'))
        .filter((arg) => isNonNullType(arg.type) || arg.defaultValue !== undefined)
        .map((arg) => `${type.name}.${field.name}(${arg.name}:)`),
    ),
  );
  expect(must).toEqual([]);
});

it('every mutation takes one input of its own and answers in one shape', async () => {
  const schema = await createSchema();
  for (const { name, args, type } of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const called = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    expect(args.map((arg) => `${arg.name}: ${arg.type}`)).toEqual([`input: ${called}Input!`]);
    const input = schema.getType(`${called}Input`);
    expect(isInputObjectType(input) && String(input.getFields().clientMutationId?.type), name).toBe('String');
    const payload = schema.getType(`${called}Payload`);
    expect(String(type)).toBe(`${called}Payload!`);
    if (!isObjectType(payload)) throw new Error(name);
    expect(payload.getInterfaces().map(String), name).toEqual(['MutationPayload']);
    const shape = Object.values(payload.getFields()).map((field) => `${field.name}: ${field.type}`);
    expect(shape, name).toEqual(
      expect.arrayContaining(['ok: Boolean!', 'errors: [MutationError!]!', 'clientMutationId: String']),
    );
    // What it made or changed, null if it did not.
    expect(shape.length, name).toBeGreaterThan(3);
    expect(shape.filter((field) => field.endsWith('!'))).toHaveLength(2);
  }
});

/** What has nothing left to show. */
const COUNTS = ['Purged'];

it('every mutation answers with objects that can be shown, also what it took away', async () => {
  const schema = await createSchema();
  for (const { name } of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const payload = schema.getType(`${name.charAt(0).toUpperCase()}${name.slice(1)}Payload`);
    if (!isObjectType(payload)) throw new Error(name);
    for (const field of Object.values(payload.getFields())) {
      const type = getNamedType(field.type);
      if (!isObjectType(type) || type.name === 'MutationError' || COUNTS.includes(type.name)) continue;
      const told = Object.values(type.getFields()).filter((of) => getNamedType(of.type).name !== 'ID');
      expect(told.length, `${name} { ${field.name} }`).toBeGreaterThan(0);
      const [first = '', ...rest] = [...type.name];
      const called = `${first.toLowerCase()}${rest.join('')}`;
      // Those that it did not apply to stand beside them.
      expect([called, `${called}s`, 'skipped'], `${name} { ${field.name} }`).toContain(field.name);
    }
  }
});
