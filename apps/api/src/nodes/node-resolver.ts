import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { NodeType } from './node-type.ts';
import { findNodes } from './nodes.ts';

@Resolver()
export class NodeResolver {
  @Query(() => NodeType, { nullable: true, description: 'The object with this id. Null if there is none.' })
  async node(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    const [node] = await findNodes(context, [id]);
    return node;
  }

  @Query(() => [NodeType], {
    nullable: 'items',
    description: 'At most 100, in the order of the ids; null for an id without an object.',
  })
  nodes(@Ctx() context: Context, @Arg('ids', () => [ID]) ids: string[]) {
    return findNodes(context, ids);
  }
}
