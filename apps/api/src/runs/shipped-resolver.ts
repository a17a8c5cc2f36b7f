import type { Run, ShippedRun } from '@espalier/store';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { UserType } from '../people/team-resolver.ts';
import { RunType } from './run-resolver.ts';
import { setShipped } from './shipped.ts';

@ObjectType('ShippedRun', { description: 'The mark of a person that the network of a run is in use.' })
export class ShippedRunType {
  @Field(() => GraphQLISODateTime, { description: 'When it was marked.' })
  shippedAt!: Date;
}

@Resolver(() => ShippedRunType)
export class ShippedRunResolver {
  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'Who marked it; null if they no longer have an account.',
  })
  shippedBy(@Root() { shippedById }: ShippedRun, @Ctx() { loaders }: Context) {
    return shippedById === null ? null : loaders.user.load(shippedById);
  }
}

@Resolver(() => RunType)
export class ShippedResolver {
  @FieldResolver(() => ShippedRunType, {
    nullable: true,
    description: 'Null until somebody marks its network as shipped.',
  })
  shipped(@Root() { id }: Run, @Ctx() { loaders }: Context) {
    return loaders.shipped.load(id);
  }

  @Change(
    { run: () => RunType },
    'Marks that the network of a run was put to use, or takes the mark away. Who marked it first stays. Needs the role editor.',
  )
  setShipped(
    @Ctx() context: Context,
    @Arg('runId', () => ID) runId: string,
    @Arg('shipped', () => Boolean) shipped: boolean,
  ) {
    return setShipped(context, runId, shipped);
  }
}
