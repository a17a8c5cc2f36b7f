import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Conditions, containing, listed, timed } from '../query/conditions.ts';
import { FILTER_RULE } from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';

@InputType('ProjectFilter', { description: FILTER_RULE })
export class ProjectFilter extends BasicFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Text in name or description; upper and lower case are the same.',
  })
  text?: string | null;
}

const order = orderInput('Project', 'projects', {
  name: { value: Prisma.sql`lower(j."name")`, type: 'text' },
});
export const projectSorting = order.sorting;
export const ProjectListArgs = listArgs(ProjectFilter, order);
export type ProjectListArgs = InstanceType<typeof ProjectListArgs>;

export const PROJECT_CONDITIONS: Conditions<ProjectFilter> = {
  id: listed(Prisma.sql`j."id"`),
  text: containing(Prisma.sql`j."name"`, Prisma.sql`j."description"`),
  createdAt: timed(Prisma.sql`j."createdAt"`),
};
