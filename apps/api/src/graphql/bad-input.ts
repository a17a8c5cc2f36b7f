import { BREAK, type DocumentNode, type GraphQLError, type GraphQLSchema, visit } from 'graphql';
import { graphQLError } from '../errors.ts';
import { type BadValue, tooMuch } from './maxima.ts';

/** Deeper than anything that we take. */
const DEEPEST = 40;

/** Of JSON, as it was sent, which the gate keeps short; null if nothing is wrong with it. Looks at keys, too. */
export function badValue(value: unknown, path = ''): BadValue | null {
  const bad = look(value, 0);
  if (!bad) return null;
  const steps = [...bad.steps].reverse().join('.');
  return { path: [path, steps].filter((part) => part !== '').join('.'), problem: bad.problem };
}

/** Where it is told from the inside out: of most values nothing is to be told. */
interface Bad {
  readonly steps: (string | number)[];
  readonly problem: string;
}

function look(value: unknown, depth: number): Bad | null {
  const problem = problemOf(value);
  if (problem) return { steps: [], problem };
  if (typeof value !== 'object' || value === null) return null;
  if (depth === DEEPEST) return { steps: [], problem: `is nested deeper than ${DEEPEST} levels` };
  const within = (step: string | number, inner: unknown): Bad | null => {
    const bad = look(inner, depth + 1);
    bad?.steps.push(step);
    return bad;
  };
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const bad = within(i, value[i]);
      if (bad) return bad;
    }
    return null;
  }
  for (const [key, inner] of Object.entries(value)) {
    const badKey = problemOf(key);
    if (badKey) return { steps: [], problem: `one of its keys ${badKey}` };
    const bad = within(key, inner);
    if (bad) return bad;
  }
  return null;
}

/** Of an operation: what is in its text, or in its variables. */
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
  return /\p{Surrogate}/u.test(value) ? 'has half of a surrogate pair: it is not valid Unicode' : null;
}
