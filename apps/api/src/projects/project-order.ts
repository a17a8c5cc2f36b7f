import { Prisma } from '@espalier/store';
import { Field, InputType, registerEnumType } from 'type-graphql';
import { DirectionEnum } from '../query/inputs.ts';
import type { Direction, Sorting, SortKey } from '../query/keyset.ts';

const KEYS = {
  created: { value: null, type: 'text' },
  name: { value: Prisma.sql`lower(j."name")`, type: 'text' },
} as const satisfies Record<string, SortKey>;
type ProjectOrderBy = keyof typeof KEYS;

const ProjectOrderByEnum = Object.fromEntries(Object.keys(KEYS).map((key) => [key, key]));
registerEnumType(ProjectOrderByEnum, {
  name: 'ProjectOrderBy',
  description: 'What projects are ordered by.',
});

@InputType('ProjectOrder')
export class ProjectOrder {
  @Field(() => ProjectOrderByEnum, { defaultValue: 'created' })
  by!: ProjectOrderBy;

  @Field(() => DirectionEnum, { defaultValue: 'desc' })
  direction!: Direction;
}

export function projectSorting(order: ProjectOrder | null): Sorting {
  const { by, direction } = order ?? { by: 'created', direction: 'desc' };
  return { ...KEYS[by], name: by, direction };
}
