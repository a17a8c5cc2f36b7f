import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Conditions, containing, listed, timed } from '../query/conditions.ts';
import { FILTER_RULE } from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';

@InputType('BenchmarkFilter', { description: FILTER_RULE })
export class BenchmarkFilter extends BasicFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Text in the name; upper and lower case are the same.',
  })
  text?: string | null;
}

const NAME = Prisma.sql`b."name"`;

const order = orderInput('Benchmark', 'benchmarks', {
  name: { value: Prisma.sql`lower(${NAME})`, type: 'text' },
});
export const benchmarkSorting = order.sorting;
export const BenchmarkListArgs = listArgs(BenchmarkFilter, order);
export type BenchmarkListArgs = InstanceType<typeof BenchmarkListArgs>;

export const BENCHMARK_CONDITIONS: Conditions<BenchmarkFilter> = {
  id: listed(Prisma.sql`b."id"`),
  text: containing(NAME),
  createdAt: timed(Prisma.sql`b."createdAt"`),
};
