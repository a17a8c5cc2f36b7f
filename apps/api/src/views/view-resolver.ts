import type { SavedView } from '@espalier/store';
import { GraphQLJSONObject } from 'graphql-scalars';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { UserType } from '../people/team-resolver.ts';
import { createView, deleteView, listViews, mayChange, SavedViewInput, updateView } from './saved-views.ts';
import { ViewListArgs } from './view-filter.ts';

@ObjectType('SavedView', {
  implements: NodeType,
  description: 'The settings of a page, saved under a name.',
})
export class SavedViewType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'The page, by a name that the client chooses.' })
  page!: string;

  @Field(() => GraphQLJSONObject, { description: "The client's: filters, columns, axes." })
  state!: Record<string, unknown>;

  @Field(() => Boolean, { description: 'Whether the whole team sees it.' })
  shared!: boolean;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => GraphQLISODateTime)
  updatedAt!: Date;
}

const SavedViewConnection = connectionType('SavedView', () => SavedViewType);

@Resolver(() => SavedViewType)
export class ViewResolver {
  @Query(() => SavedViewConnection, { description: "The viewer's own and the team's." })
  savedViews(@Ctx() context: Context, @Args(() => ViewListArgs) args: ViewListArgs) {
    return listViews(context, args);
  }

  @FieldResolver(() => UserType, { description: 'Whose it is.' })
  user(@Root() { userId }: SavedView, @Ctx() { loaders }: Context) {
    return loaders.user.load(userId);
  }

  @FieldResolver(() => Boolean)
  viewerCanEdit(@Root() view: SavedView, @Ctx() { viewer }: Context): boolean {
    return viewer !== null && mayChange(viewer, view);
  }

  @Change({ savedView: () => SavedViewType }, 'Saves a view under a name that is new on the page.')
  createSavedView(@Ctx() context: Context, @Arg('input', () => SavedViewInput) input: SavedViewInput) {
    return createView(context, input);
  }

  @Change({ savedView: () => SavedViewType }, 'Missing fields stay unchanged.')
  updateSavedView(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @Arg('name', () => String, { nullable: true }) name?: string | null,
    @Arg('state', () => GraphQLJSONObject, { nullable: true }) state?: object | null,
    @Arg('shared', () => Boolean, { nullable: true }) shared?: boolean | null,
  ) {
    const change = { name: name ?? null, state: state ?? null, shared: shared ?? null };
    return updateView(context, id, change);
  }

  @Change({ savedView: () => SavedViewType }, 'Permanently. Returns it as it was.')
  deleteSavedView(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return deleteView(context, id);
  }
}
