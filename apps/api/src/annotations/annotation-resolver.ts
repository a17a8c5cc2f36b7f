import { Arg, Args, Ctx, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { changedNodes } from '../nodes/nodes.ts';
import { addTags, listTags, removeTags, setNotes, setTags } from './annotations.ts';
import { TagListArgs } from './tag-filter.ts';

@ObjectType('TagCount', { description: 'A tag, and how many have it.' })
class TagCountType {
  @Field(() => String)
  tag!: string;

  @Field(() => Int)
  runs!: number;

  @Field(() => Int)
  experiments!: number;

  @Field(() => Int)
  models!: number;
}

const TagCountConnection = connectionType('TagCount', () => TagCountType);

/** Of runs, experiments and models, several at once. */
const NODES = { nodes: () => [NodeType] };
const IDS = { description: 'Ids of runs, experiments and models. All are changed or none.' };

@Resolver()
export class AnnotationResolver {
  @Query(() => TagCountConnection, { description: "The team's tags." })
  tags(@Ctx() context: Context, @Args(() => TagListArgs) args: TagListArgs) {
    return listTags(context, args);
  }

  @Change(NODES, 'Replaces all tags, or the notes. Needs the role editor.')
  async setTags(
    @Ctx() context: Context,
    @Arg('ids', () => [ID], IDS) ids: string[],
    @Arg('tags', () => [String]) tags: string[],
  ) {
    await setTags(context, ids, tags);
    return changedNodes(context, ids);
  }

  @Change(NODES, 'Adds tags and keeps the others. Needs the role editor.')
  async addTags(
    @Ctx() context: Context,
    @Arg('ids', () => [ID], IDS) ids: string[],
    @Arg('tags', () => [String]) tags: string[],
  ) {
    await addTags(context, ids, tags);
    return changedNodes(context, ids);
  }

  @Change(NODES, 'Needs the role editor.')
  async removeTags(
    @Ctx() context: Context,
    @Arg('ids', () => [ID], IDS) ids: string[],
    @Arg('tags', () => [String]) tags: string[],
  ) {
    await removeTags(context, ids, tags);
    return changedNodes(context, ids);
  }

  @Change(NODES, 'Needs the role editor.')
  async setNotes(
    @Ctx() context: Context,
    @Arg('ids', () => [ID], IDS) ids: string[],
    @Arg('notes', () => String) notes: string,
  ) {
    await setNotes(context, ids, notes);
    return changedNodes(context, ids);
  }
}
