// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import type { GraphQLScalarType } from 'graphql';
import { Field, Float, GraphQLISODateTime, ID, InputType, Int } from 'type-graphql';

type Maybe<T> = T | null | undefined;

/** What all filters by a list have. */
export interface Listed<T> {
  in?: Maybe<T[]>;
  not?: Maybe<T[]>;
  null?: Maybe<boolean>;
}

export const FILTER_RULE = 'All given conditions must hold; missing or null ones exclude nothing.';
const LISTED =
  'in: it is one of these, and an empty list matches nothing; not: it is none of these; null: whether it is null.';
const IS_NULL = { nullable: true, description: 'true: it is null; false: it is not.' } as const;

@InputType('IdFilter', { description: `Filters by ids. ${LISTED}` })
export class IdFilter implements Listed<string> {
  @Field(() => [ID], { nullable: true })
  in?: string[] | null;

  @Field(() => [ID], { nullable: true })
  not?: string[] | null;

  @Field(() => Boolean, IS_NULL)
  null?: boolean | null;
}

@InputType('TextFilter', { description: `Filters by whole texts. ${LISTED}` })
export class TextFilter implements Listed<string> {
  @Field(() => [String], { nullable: true })
  in?: string[] | null;

  @Field(() => [String], { nullable: true })
  not?: string[] | null;

  @Field(() => Boolean, IS_NULL)
  null?: boolean | null;
}

@InputType('IntFilter', { description: `Filters by whole numbers; min and max are included. ${LISTED}` })
export class IntFilter implements Listed<number> {
  @Field(() => [Int], { nullable: true })
  in?: number[] | null;

  @Field(() => [Int], { nullable: true })
  not?: number[] | null;

  @Field(() => Int, { nullable: true })
  min?: number | null;

  @Field(() => Int, { nullable: true })
  max?: number | null;

  @Field(() => Boolean, IS_NULL)
  null?: boolean | null;
}

@InputType('FloatFilter', {
  description: 'Both ends are included; a missing end is open; null values are in no range.',
})
export class FloatFilter {
  @Field(() => Float, { nullable: true })
  min?: number | null;

  @Field(() => Float, { nullable: true })
  max?: number | null;

  @Field(() => Boolean, IS_NULL)
  null?: boolean | null;
}

@InputType('TimeFilter', {
  description: 'From a time on, up to but without another one; null values are in no range.',
})
export class TimeFilter {
  @Field(() => GraphQLISODateTime, { nullable: true })
  from?: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true })
  to?: Date | null;

  @Field(() => Boolean, IS_NULL)
  null?: boolean | null;
}

@InputType('TagFilter', { description: 'all: it has all of these; any: one of them; none: none of them.' })
export class TagFilter {
  @Field(() => [String], { nullable: true })
  all?: string[] | null;

  @Field(() => [String], { nullable: true })
  any?: string[] | null;

  @Field(() => [String], { nullable: true })
  none?: string[] | null;
}

/** `XFilter` of an enum that is registered as `X`, or of a scalar of that name. */
export function enumFilter<T extends string>(
  name: string,
  values: Readonly<Record<string, T>> | GraphQLScalarType<T, string>,
) {
  @InputType(`${name}Filter`, { description: LISTED })
  class EnumFilter implements Listed<T> {
    @Field(() => [values], { nullable: true })
    in?: T[] | null;

    @Field(() => [values], { nullable: true })
    not?: T[] | null;

    @Field(() => Boolean, IS_NULL)
    null?: boolean | null;
  }
  return EnumFilter;
}
