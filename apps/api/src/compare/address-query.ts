import type { Request } from 'express';
import { coerceInputValue, type GraphQLInputType, type GraphQLSchema } from 'graphql';
import { badValue } from '../graphql/bad-input.ts';
import { beyond } from '../graphql/maxima.ts';
import type { RunFilter } from '../runs/run-filter.ts';

export type Query = Request['query'];

/** What a person can fix in the address. */
export class BadAddress extends Error {
  override name = 'BadAddress';
}

/** @throws {BadAddress} for another name than these */
export function known(query: Query, names: readonly string[]): void {
  const unknown = Object.keys(query).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const list = [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');
  throw new BadAddress(`there is no parameter ${unknown}; known are ${list}`);
}

/** @throws {BadAddress} for what the schema does not take */
export function readFilter(schema: GraphQLSchema, { filter }: Query): RunFilter {
  return (readInput(schema, 'RunFilter', 'filter', filter) ?? {}) as RunFilter;
}

/** JSON that must be what the schema's input type takes: one rule for queries and exports. */
export function readInput(schema: GraphQLSchema, type: string, name: string, text: unknown): unknown {
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch {
    throw new BadAddress(`${name} is not JSON`);
  }
  const input = schema.getType(type) as GraphQLInputType;
  const bad = badValue(value, name) ?? beyond(value, input, name, name);
  if (bad) throw new BadAddress(`${bad.path} ${bad.problem}`);
  return coerceInputValue(value, input, (path, _value, error) => {
    throw new BadAddress(`${[name, ...path].join('.')}: ${error.message}`);
  });
}
