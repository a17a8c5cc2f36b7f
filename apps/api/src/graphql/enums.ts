// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { registerEnumType } from 'type-graphql';

/**
 * How a value is called in GraphQL: `latencyMs` is LATENCY_MS, `not-comparable` NOT_COMPARABLE. Inside, in the
 * database, in files and in addresses it stays as it is.
 */
export function enumName(value: string): string {
  return value
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}

/**
 * A closed set as an enum of the schema. Resolvers take and answer the values as they are inside.
 *
 * @param describe what single values mean, by their value inside
 * @returns for the decorators: `@Field(() => RunStateEnum)`
 */
export function enumType<Value extends string>(
  name: string,
  values: readonly Value[],
  description: string,
  describe?: Readonly<Partial<Record<Value, string>>>,
): Readonly<Record<string, Value>> {
  const type: Record<string, Value> = Object.fromEntries(values.map((value) => [enumName(value), value]));
  const told = values.map((value) => [enumName(value), { description: describe?.[value] }]);
  registerEnumType(type, { name, description, valuesConfig: Object.fromEntries(told) });
  return type;
}
