import { Field, InputType, registerEnumType } from 'type-graphql';
import { DirectionEnum } from '../query/inputs.ts';
import type { Direction, Sorting, SortKey } from '../query/keyset.ts';
import { RUN } from './run-tables.ts';

const KEYS = {
  created: { value: null, type: 'text' },
  top1: { value: RUN.top1, type: 'float8' },
  drop: { value: RUN.drop, type: 'float8' },
  savedMacs: { value: RUN.savedMacs, type: 'float8' },
  savedParams: { value: RUN.savedParams, type: 'float8' },
  macs: { value: RUN.macs, type: 'bigint' },
  params: { value: RUN.params, type: 'bigint' },
  latency: { value: RUN.latencyMs, type: 'float8' },
} as const satisfies Record<string, SortKey>;
export type RunOrderBy = keyof typeof KEYS;

const RunOrderByEnum = Object.fromEntries(Object.keys(KEYS).map((name) => [name, name]));
registerEnumType(RunOrderByEnum, { name: 'RunOrderBy', description: 'What runs are ordered by.' });

@InputType('RunOrder')
export class RunOrder {
  @Field(() => RunOrderByEnum, { defaultValue: 'created' })
  by!: RunOrderBy;

  @Field(() => DirectionEnum, { defaultValue: 'desc' })
  direction!: Direction;
}

export function runSorting(order: RunOrder | null | undefined): Sorting {
  const { by, direction } = order ?? { by: 'created', direction: 'desc' };
  return { ...KEYS[by], name: by, direction };
}
