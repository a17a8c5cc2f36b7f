import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType('WidthLimits', { description: 'Of the widths that channel groups may keep.' })
export class WidthLimitsType {
  @Field(() => Int, { description: 'Kept widths are multiples of this, or the group stays whole.' })
  align!: number;

  @Field(() => Int, { description: 'The fewest units to keep in a group.' })
  minWidth!: number;

  @Field(() => Float, { description: "The largest share of a group's units to remove." })
  maxRatio!: number;

  @Field(() => [String], { description: 'Groups that stay whole.' })
  keep!: string[];
}

@InputType('WidthLimitsInput', {
  description: 'Of an experiment: what is left out has its default. Of runs: it is as in their experiment.',
})
export class WidthLimitsInput {
  @Field(() => Int, { nullable: true, description: 'Kept widths are multiples of this. Default 1.' })
  align?: number | null;

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
