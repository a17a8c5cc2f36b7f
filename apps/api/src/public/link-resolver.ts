import type { PublicLinkKind } from '@espalier/store';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  InputType,
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
import { RunFilter } from '../runs/run-filter.ts';
import { LinkListArgs, PublicLinkKindEnum } from './link-filter.ts';
import type { ShownLink } from './link-source.ts';
import { createLink, listLinks, revokeLink } from './public-links.ts';

@ObjectType('PublicLink', {
  implements: NodeType,
  description:
    "A report that anybody with the link can read without signing in, as of the link's creation. The link is shown only once.",
})
export class PublicLinkType extends NodeType {
  @Field(() => PublicLinkKindEnum)
  kind!: PublicLinkKind;

  @Field(() => String, { description: 'Title of the report.' })
  title!: string;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Null: it is good until it is revoked.' })
  expiresAt!: Date | null;
}

@InputType('PublicLinkInput')
class PublicLinkInput {
  @Field(() => PublicLinkKindEnum)
  kind!: PublicLinkKind;

  @Field(() => ID, { nullable: true, description: 'The run or the experiment; left out of a comparison.' })
  id?: string | null;

  @Field(() => RunFilter, { nullable: true, description: 'The runs of a comparison.' })
  filter?: RunFilter | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'Left out: it is good until it is revoked.',
  })
  expiresAt?: Date | null;
}

const PublicLinkConnection = connectionType('PublicLink', () => PublicLinkType);

@Resolver(() => PublicLinkType)
export class PublicLinkResolver {
  @Query(() => PublicLinkConnection, { description: "The team's links, including ended ones." })
  publicLinks(@Ctx() context: Context, @Args(() => LinkListArgs) args: LinkListArgs) {
    return listLinks(context, args);
  }

  @FieldResolver(() => NodeType, {
    nullable: true,
    description: 'The run or the experiment; null for a comparison, and if it was deleted.',
  })
  subject(@Root() { subjectId }: ShownLink, @Ctx() { loaders }: Context) {
    return subjectId === null ? null : loaders.node.load(subjectId);
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'Null if they no longer have an account.' })
  createdBy(@Root() { createdById }: ShownLink, @Ctx() { loaders }: Context) {
    return createdById === null ? null : loaders.user.load(createdById);
  }

  @Change(
    { publicLink: () => PublicLinkType, link: () => String },
    'The link is shown only once. It shows the current report of a run, an experiment or a comparison to anybody. Needs the role editor, and for a key also the scope ADMINISTER.',
  )
  createPublicLink(@Ctx() context: Context, @Arg('input', () => PublicLinkInput) input: PublicLinkInput) {
    const { kind, id = null, filter = null, expiresAt = null } = input;
    return createLink(context, { kind, id, filter, expiresAt });
  }

  @Change(
    { publicLink: () => PublicLinkType },
    'At once and permanently. Returns it as it was. Needs the role editor, and for a key also the scope ADMINISTER.',
  )
  revokePublicLink(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return revokeLink(context, id);
  }
}
