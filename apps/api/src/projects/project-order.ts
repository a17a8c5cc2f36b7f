import { Prisma } from '@espalier/store';
import { orderInput } from '../query/order.ts';

export const { OrderInput: ProjectOrder, sorting: projectSorting } = orderInput('Project', 'projects', {
  name: { value: Prisma.sql`lower(j."name")`, type: 'text' },
});
export type ProjectOrder = InstanceType<typeof ProjectOrder>;
