import { allocationNames, criterionNames, findAllocation } from '@espalier/pruning';
import { Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { requireRole } from '../people/viewer.ts';

@ObjectType('Allocation', { description: 'Decides how many units each group keeps.' })
class AllocationType {
  @Field(() => String)
  name!: string;

  @Field(() => Boolean, { description: 'Whether it goes by a sampling run.' })
  needsSamples!: boolean;
}

@ObjectType('Methods', { description: 'What runs can be made of.' })
class MethodsType {
  @Field(() => [AllocationType])
  allocations!: AllocationType[];

  @Field(() => [String], { description: 'Rank the units inside a group.' })
  criteria!: readonly string[];
}

@Resolver()
export class MethodsResolver {
  @Query(() => MethodsType, { description: 'The allocations and criteria that there are.' })
  methods(@Ctx() { viewer }: Context): MethodsType {
    requireRole(viewer, 'viewer');
    const allocations = allocationNames.map((name) => {
      const { sampling } = findAllocation(name);
      return { name, needsSamples: sampling === 'shared' };
    });
    return { allocations, criteria: criterionNames };
  }
}
