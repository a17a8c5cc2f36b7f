import { readdirSync, readFileSync } from 'node:fs';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  NoDeprecatedCustomRule,
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

// The compiler alone lets an unknown field pass. Here documents are checked against the schema, and against what the
// API takes.
const ROOMS = ['apps/dashboard', 'packages/client', 'packages/cli'];
const CALL = /\bgraphql\(/g;
/** `const name = graphql('text', [fragments])`. */
const DOCUMENT =
  /(?:const (\w+) = )?\bgraphql\(\s*(?:`([^`]*)`|'([^']*)')\s*(?:,\s*\[([^\]]*)\]\s*)?,?\s*\)/g;

interface Definition {
  readonly file: string;
  /** Of the constant that holds it. */
  readonly constant: string | undefined;
  /** The constants of the fragments that it brings. */
  readonly brings: readonly string[];
  readonly node: OperationDefinitionNode | FragmentDefinitionNode;
}

let schema: Awaited<ReturnType<typeof createSchema>>;
beforeAll(async () => {
  schema = await createSchema();
});

it.each(ROOMS)('every operation of %s keeps to the schema and to the limits of the API', (room) => {
  const definitions = definitionsOf(new URL(`../../../../${room}/src/`, import.meta.url));
  const operations = definitions.flatMap(({ node }) =>
    node.kind === Kind.OPERATION_DEFINITION ? [node] : [],
  );
  expect(operations.length).toBeGreaterThan({ 'apps/dashboard': 60, 'packages/cli': 40 }[room] ?? 0);
  const fragments = new Map(
    definitions.flatMap(({ node }) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  );
  const rules = [...specifiedRules, NoDeprecatedCustomRule, ...armor().validationRules];
  const wrong: string[] = [];
  const spread = new Set<string>();
  for (const operation of operations) {
    const document = withFragments(operation, fragments);
    for (const { name } of document.definitions as FragmentDefinitionNode[]) spread.add(name?.value);
    const errors = validate(schema, document, rules);
    const refusal = tooLarge(schema, document, { variables: variablesOf(operation) }, MOST_OBJECTS);
    const tokens = tokensOf(document);
    if (tokens > LIMITS.tokens) wrong.push(`${operation.name?.value}: ${tokens} tokens`);
    for (const { message } of [...errors, ...(refusal ? [refusal] : [])]) {
      wrong.push(`${operation.name?.value}: ${message}`);
    }
  }
  expect(wrong).toEqual([]);
  expect([...fragments.keys()].filter((name) => !spread.has(name))).toEqual([]);
});

it.each(ROOMS)('every document of %s brings the fragments that it spreads', (room) => {
  const definitions = definitionsOf(new URL(`../../../../${room}/src/`, import.meta.url));
  const nameOf = new Map(definitions.map(({ constant, node }) => [constant, node.name?.value]));
  for (const { file, node, brings } of definitions) {
    const names = brings.map((constant) => nameOf.get(constant));
    expect(names.toSorted(), `${node.name?.value} in ${file}`).toEqual([...spreadsOf(node)].sort());
  }
});

function definitionsOf(sources: URL): Definition[] {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.') && !file.endsWith('.d.ts'))
    .flatMap((file) => {
      const source = readFileSync(new URL(file, sources), 'utf8');
      const found = [...source.matchAll(DOCUMENT)];
      expect(found, `documents of ${file} that are read`).toHaveLength([...source.matchAll(CALL)].length);
      return found.flatMap(([, constant, long, short, brought = '']) => {
        const brings = brought.split(',').flatMap((name) => name.trim() || []);
        // `@_unmask` is said to the compiler alone.
        const text = (long ?? short ?? '').replaceAll('@_unmask', '');
        return parse(text).definitions.map((node) => ({
          ...{ file, constant, brings },
          node: node as Definition['node'],
        }));
      });
    });
}

function spreadsOf(node: Definition['node']): Set<string> {
  const names = new Set<string>();
  visit(node, { FragmentSpread: ({ name }) => void names.add(name.value) });
  return names;
}

function withFragments(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode {
  const used = new Set<FragmentDefinitionNode>();
  const add = (within: Definition['node']): void => {
    for (const name of spreadsOf(within)) {
      const fragment = fragments.get(name);
      if (!fragment || used.has(fragment)) continue;
      used.add(fragment);
      add(fragment);
    }
  };
  add(operation);
  return { kind: Kind.DOCUMENT, definitions: [operation, ...used] };
}

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
