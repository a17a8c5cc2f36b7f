import { Prisma } from '@espalier/store';
import { ArgsType, Field } from 'type-graphql';
import { PageArgs } from '../graphql/connection.ts';
import { orderInput } from '../query/order.ts';

export const { OrderInput: ProjectOrder, sorting: projectSorting } = orderInput('Project', 'projects', {
  name: { value: Prisma.sql`lower(j."name")`, type: 'text' },
});
export type ProjectOrder = InstanceType<typeof ProjectOrder>;

@ArgsType()
export class ProjectPageArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'In name or description, whatever its case.' })
  text?: string | null;

  @Field(() => ProjectOrder, { nullable: true, description: 'Newest first where it is left out.' })
  order?: ProjectOrder | null;
}
