import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Conditions, containing, listed, numbered } from '../query/conditions.ts';
import { FILTER_RULE, IntFilter, TextFilter } from '../query/filter-inputs.ts';
import { listArgs } from '../query/list-args.ts';
import { orderOf } from '../query/order.ts';

@InputType('TagCountFilter', { description: FILTER_RULE })
class TagCountFilter {
  @Field(() => TextFilter, { nullable: true })
  tag?: TextFilter | null;

  @Field(() => String, { nullable: true, description: 'Text in the tag; upper and lower case are the same.' })
  text?: string | null;

  @Field(() => IntFilter, { nullable: true })
  runs?: IntFilter | null;

  @Field(() => IntFilter, { nullable: true })
  experiments?: IntFilter | null;

  @Field(() => IntFilter, { nullable: true })
  models?: IntFilter | null;
}

const [tag, runs] = [Prisma.sql`t."tag"`, Prisma.sql`t."runs"`];
const [experiments, models] = [Prisma.sql`t."experiments"`, Prisma.sql`t."models"`];

const order = orderOf(
  'TagCount',
  'tags',
  {
    tag: { value: null, type: 'text' },
    runs: { value: runs, type: 'bigint' },
    experiments: { value: experiments, type: 'bigint' },
    models: { value: models, type: 'bigint' },
  },
  { by: 'tag', direction: 'asc', told: 'In alphabetical order' },
);
export const tagSorting = order.sorting;
export const TagListArgs = listArgs(TagCountFilter, order);
export type TagListArgs = InstanceType<typeof TagListArgs>;

export const TAG_CONDITIONS: Conditions<TagCountFilter> = {
  tag: listed(tag),
  text: containing(tag),
  runs: numbered(runs),
  experiments: numbered(experiments),
  models: numbered(models),
};
