import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { connectionType, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { findNodes } from '../nodes/nodes.ts';
import { addTags, listTags, removeTags, setNotes, setTags } from './annotations.ts';

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

@ObjectType('Annotated', { description: 'What was written on, in the order of the ids.' })
export class AnnotatedType {
  @Field(() => [ID])
  ids!: string[];
}

const TagCountConnection = connectionType('TagCount', () => TagCountType);

/** Of runs, experiments and models, several at once. */
const IDS = { description: 'Of runs, experiments and models; all of them or none.' };

@Resolver(() => AnnotatedType)
export class AnnotationResolver {
  @Query(() => TagCountConnection, { description: "The team's tags in alphabetical order." })
  tags(@Ctx() context: Context, @Args(() => PageArgs) args: PageArgs) {
    return listTags(context, args);
  }

  @FieldResolver(() => [NodeType], { nullable: 'items', description: 'At most 100 are looked up.' })
  nodes(@Root() { ids }: AnnotatedType, @Ctx() context: Context) {
    return findNodes(context, ids.slice(0, 100));
  }

  @Change({ annotated: () => AnnotatedType }, 'In place of those that are there. Takes the role editor.')
  setTags(
    @Ctx() context: Context,
    @Arg('ids', () => [ID], IDS) ids: string[],
    @Arg('tags', () => [String]) tags: string[],
  ) {
    return setTags(context, ids, tags);
  }

  @Change({ annotated: () => AnnotatedType }, 'To those that are there. Takes the role editor.')
  addTags(
    @Ctx() context: Context,
    @Arg('ids', () => [ID], IDS) ids: string[],
    @Arg('tags', () => [String]) tags: string[],
  ) {
    return addTags(context, ids, tags);
  }

  @Change({ annotated: () => AnnotatedType }, 'Takes the role editor.')
  removeTags(
    @Ctx() context: Context,
    @Arg('ids', () => [ID], IDS) ids: string[],
    @Arg('tags', () => [String]) tags: string[],
  ) {
    return removeTags(context, ids, tags);
  }

  @Change({ annotated: () => AnnotatedType }, 'Takes the role editor.')
  setNotes(
    @Ctx() context: Context,
    @Arg('ids', () => [ID], IDS) ids: string[],
    @Arg('notes', () => String) notes: string,
  ) {
    return setNotes(context, ids, notes);
  }
}
