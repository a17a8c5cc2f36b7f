import { BREAK, type DocumentNode, type GraphQLError, type GraphQLSchema, visit } from 'graphql';
import { graphQLError } from '../errors.ts';
import { type BadValue, tooMuch } from './maxima.ts';

/** Deeper than anything that we take. */
const DEEPEST = 40;

/** Of JSON, as it was sent, which the gate keeps short; null where nothing is wrong with it. Looks at keys, too. */
export function badValue(value: unknown, path = ''): BadValue | null {
  const open: { value: unknown; path: string; depth: number }[] = [{ value, path, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: one, path: at, depth } = next;
    const problem = problemOf(one);
    if (problem) return { path: at, problem };
    if (typeof one !== 'object' || one === null) continue;
    if (depth === DEEPEST) return { path: at, problem: `is nested deeper than ${DEEPEST} levels` };
    for (const [key, inner] of Object.entries(one)) {
      const inside = at === '' ? key : `${at}.${key}`;
      const badKey = problemOf(key);
      if (badKey) return { path: at, problem: `a key of it ${badKey}` };
      open.push({ value: inner, path: inside, depth: depth + 1 });
    }
  }
  return null;
}

/** Of an operation: what stands in its text, or in its variables. */
export function badInput(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: unknown,
): GraphQLError | null {
  const bad = badLiteral(document) ?? badValue(variables) ?? tooMuch(schema, document, variables);
  return bad && graphQLError('BAD_USER_INPUT', `${bad.path || 'variables'} ${bad.problem}`, [bad.path]);
}

function badLiteral(document: DocumentNode): BadValue | null {
  let bad: BadValue | null = null;
  const names: string[] = [];
  const named = {
    enter: ({ name }: { name: { value: string } }) => void names.push(name.value),
    leave: () => void names.pop(),
  };
  const look = (value: string | number) => {
    const problem = problemOf(value);
    if (!problem) return undefined;
    bad = { path: names.join('.'), problem };
    return BREAK;
  };
  visit(document, {
    Argument: named,
    ObjectField: named,
    StringValue: ({ value }) => look(value),
    IntValue: ({ value }) => look(Number(value)),
    FloatValue: ({ value }) => look(Number(value)),
  });
  return bad;
}

function problemOf(value: unknown): string | null {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'is larger than any number here';
  if (typeof value !== 'string') return null;
  if (value.includes('\0')) return 'has a NUL character (U+0000) in it: leave it out';
  // Whole pairs are no surrogates to a pattern with u.
  return /\p{Surrogate}/u.test(value) ? 'has half of a surrogate pair in it: that is no Unicode text' : null;
}
