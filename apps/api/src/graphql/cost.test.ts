import { getIntrospectionQuery, parse } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { tooLarge } from './cost.ts';
import { createSchema } from './schema.ts';

let schema: Awaited<ReturnType<typeof createSchema>>;
beforeAll(async () => {
  schema = await createSchema();
});

/** Told by the refusal of anything. */
function objects(text: string, variables: object = {}, operationName?: string): number {
  const refusal = tooLarge(schema, parse(text), { variables, operationName }, -1);
  return Number(/answer may have (\d+) objects/.exec(refusal?.message ?? '')?.[1]);
}

it('counts the objects that an answer may have', () => {
  expect(objects('{ runs(first: 100) { totalCount pageInfo { endCursor } nodes { id seed } } }')).toBe(101);
  expect(objects('{ runs { nodes { id } } }')).toBe(21);
  expect(objects('query ($n: Int!) { runs(first: $n) { nodes { experiment { name } } } }', { n: 50 })).toBe(
    101,
  );
  expect(objects('{ nodes(ids: ["a", "b", "c"]) { id ... on Run { experiment { id } } } }')).toBe(6);
  expect(objects('{ analysis { groups(first: 5) { front { model { id } } } } }')).toBe(1 + 5 * (1 + 10 * 2));
  const shared = 'fragment Shared on Run { experiment { id } }';
  expect(objects(`{ runs(first: 3) { nodes { ...Shared ...Shared } } } ${shared}`)).toBe(10);
  const two = 'query A { runs { nodes { id } } } query B { methods { criteria { name } } }';
  expect([objects(two, {}, 'A'), objects(two, {}, 'B')]).toEqual([21, 11]);
});

it('counts what a mutation answers by what it is given', () => {
  const cancel =
    'mutation ($input: CancelRunsInput!) { cancelRuns(input: $input) { runs { model { id } } } }';
  const ids = Array.from({ length: 500 }, (_, i) => `run_${i}`);
  expect(objects(cancel, { input: { ids } })).toBe(1 + 500 * 2);
  expect(objects(cancel, { input: { ids: ids.slice(0, 2) } })).toBe(1 + 10 * 2);
  const parts =
    'fragment Parts on SetTagsPayload { nodes { ... on Model { runs(first: 100) { nodes { id } } } } }';
  const two = `mutation ($few: SetTagsInput!, $many: SetTagsInput!) {
    a: setTags(input: $few) { ...Parts } b: setTags(input: $many) { ...Parts }
  } ${parts}`;
  const tags = ['a'];
  expect(objects(two, { few: { ids: ids.slice(0, 1), tags }, many: { ids, tags } })).toBe(2 + 510 * 102);
});

it('takes what tools ask of the schema, and ends where fragments go round', () => {
  expect(objects(getIntrospectionQuery())).toBe(0);
  const round = 'fragment Round on Run { experiment { model { id } } ...Round }';
  expect(objects(`{ runs(first: 1) { nodes { ...Round } } } ${round}`)).toBeLessThan(20);
  // Each spreads the next one twice: so many that nothing could go through all of them.
  const doubled = Array.from({ length: 60 }, (_, i) => `fragment F${i} on Run { ...F${i + 1} ...F${i + 1} }`);
  const many = `${doubled.join(' ')} fragment F60 on Run { model { id } }`;
  expect(objects(`{ runs(first: 1) { nodes { ...F0 } } } ${many}`)).toBeGreaterThan(1e6);
});
