// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { Field, Float, GraphQLISODateTime, InputType } from 'type-graphql';
import { enumType } from '../graphql/enums.ts';

export const DirectionEnum = enumType('Direction', ['asc', 'desc'], 'Unknown values come last in both.');

@InputType('FloatRange', { description: 'Both ends are included; one that is left out is open.' })
export class FloatRange {
  @Field(() => Float, { nullable: true })
  min?: number | null;

  @Field(() => Float, { nullable: true })
  max?: number | null;
}

@InputType('TimeRange', { description: 'From an instant on, up to and without another one.' })
export class TimeRange {
  @Field(() => GraphQLISODateTime, { nullable: true })
  from?: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true })
  to?: Date | null;
}
