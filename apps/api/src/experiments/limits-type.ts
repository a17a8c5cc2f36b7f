import { GraphQLScalarType } from 'graphql';
import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';

/** What it may be says the plan's schema, which knows the field. */
export const Alignment = new GraphQLScalarType({
  name: 'Alignment',
  description:
    'A whole number from 1, or "auto": 8 for groups of 32 units and more, 4 below, as engines run them well.',
});

@ObjectType('GroupWidths', { description: 'The widths that a channel group may have.' })
export class GroupWidthsType {
  @Field(() => String, { description: 'Its id.' })
  group!: string;

  @Field(() => [Int], { description: 'Descending, the whole group first.' })
  widths!: number[];
}

@ObjectType('WidthLimits', { description: 'Limits of the widths that channel groups may keep.' })
export class WidthLimitsType {
  @Field(() => Alignment, { description: 'Kept widths are multiples of this, or the group stays whole.' })
  align!: number | 'auto';

  @Field(() => [GroupWidthsType], {
    nullable: true,
    description:
      'The widths that "auto" means for this run. They are fixed when the run is started, so that every machine computes the same. Null for other alignments and for experiments.',
  })
  widths?: GroupWidthsType[] | null;

  @Field(() => Int, { description: 'The fewest units to keep in a group.' })
  minWidth!: number;

  @Field(() => Float, { description: "The largest share of a group's units to remove." })
  maxRatio!: number;

  @Field(() => [String], { description: 'Groups that stay whole.' })
  keep!: string[];
}

@InputType('WidthLimitsInput', {
  description:
    'In an experiment, a field that is left out has its default. In a run, it is as in its experiment.',
})
export class WidthLimitsInput {
  @Field(() => Alignment, {
    nullable: true,
    description: 'Kept widths are multiples of this. Default "auto"; 1: as they fall.',
  })
  align?: number | 'auto' | null;

  @Field(() => Int, { nullable: true, description: 'The fewest units to keep in a group. Default 1.' })
  minWidth?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "The largest share of a group's units to remove. Default 0.9.",
  })
  maxRatio?: number | null;

  @Field(() => [String], { nullable: true, description: 'Groups that stay whole, by their ids.' })
  keep?: string[] | null;
}
