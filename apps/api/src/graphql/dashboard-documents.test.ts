import { readdirSync, readFileSync } from 'node:fs';
import {
  type DocumentNode,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  typeFromAST,
  validate,
  visit,
} from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { armor, LIMITS } from './armor.ts';
import { MOST_OBJECTS, tooLarge } from './cost.ts';
import { createSchema } from './schema.ts';

// The dashboard's documents are checked against the schema when it is built; here, against what the API takes.
const SOURCES = new URL('../../../dashboard/src/', import.meta.url);

let schema: Awaited<ReturnType<typeof createSchema>>;
beforeAll(async () => {
  schema = await createSchema();
});

it('every operation of the dashboard keeps to the limits of the API', () => {
  const definitions = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const source = readFileSync(new URL(file, SOURCES), 'utf8');
      // `@_unmask` is said to the compiler alone.
      const texts = [...source.matchAll(/graphql\(\s*`([^`]*)`/g)].map(([, text = '']) => text);
      return texts.flatMap((text) => parse(text.replaceAll('@_unmask', '')).definitions);
    });
  const fragments = new Map(
    definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  const operations = definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  expect(operations.length).toBeGreaterThan(60);
  const rules = [...specifiedRules, ...armor().validationRules];
  const wrong: string[] = [];
  for (const operation of operations) {
    const document = withFragments(operation);
    const errors = validate(schema, document, rules);
    const refusal = tooLarge(schema, document, { variables: variablesOf(operation) }, MOST_OBJECTS);
    const tokens = tokensOf(document);
    if (tokens > LIMITS.tokens) wrong.push(`${operation.name?.value}: ${tokens} tokens`);
    for (const { message } of [...errors, ...(refusal ? [refusal] : [])]) {
      wrong.push(`${operation.name?.value}: ${message}`);
    }
  }
  expect(wrong).toEqual([]);

  function withFragments(operation: OperationDefinitionNode): DocumentNode {
    const used = new Set<string>();
    const add = (within: Parameters<typeof visit>[0]): void => {
      visit(within, {
        FragmentSpread({ name: { value } }) {
          const fragment = fragments.get(value);
          if (!fragment || used.has(value)) return;
          used.add(value);
          add(fragment);
        },
      });
    };
    add(operation);
    const spread = [...used].flatMap((name) => fragments.get(name) ?? []);
    return { kind: Kind.DOCUMENT, definitions: [operation, ...spread] };
  }
});

function tokensOf({ definitions }: DocumentNode): number {
  return definitions.reduce((sum, { loc }) => {
    let count = 0;
    for (let token = loc?.startToken; token && token !== loc?.endToken; token = token.next ?? undefined)
      count++;
    return sum + count + 1;
  }, 0);
}

/** What has to be given, as it may be. */
function variablesOf({ variableDefinitions = [] }: OperationDefinitionNode): object {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, type, defaultValue }) => {
      const of = typeFromAST(schema, type);
      if (!isNonNullType(of) || defaultValue) return [];
      return [[variable.name.value, some(of as GraphQLInputType)]];
    }),
  );
}

function some(given: GraphQLInputType): unknown {
  const type = getNullableType(given);
  if (isListType(type)) return [some(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const needed = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(needed.map((field) => [field.name, some(field.type)]));
  }
  // As long as the pages of any list.
  return { Int: 100, Float: 0.5, Boolean: true, BigInt: 1 }[type.name] ?? 'text';
}
