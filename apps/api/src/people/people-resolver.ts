import { type ApiKey, KeyScope, type Role, type Team } from '@espalier/store';
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
import { type Asker, hasRight, requireAsker } from '../access/viewer.ts';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { nodesAt } from '../nodes/nodes.ts';
import { ProjectType } from '../projects/project-resolver.ts';
import { maySetPassword, updateAccount } from './account.ts';
import { addApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { KeyListArgs } from './people-filters.ts';
import { RoleEnum, TeamType, UserType } from './team-resolver.ts';
import { ownTeams } from './teams.ts';

const KeyScopeEnum = enumType(
  'KeyScope',
  Object.values(KeyScope),
  'What a key may do, if its role allows it.',
  {
    read: 'Queries, streams, files and exports. Belongs to every key.',
    run: 'Starts, ends and sends again runs and benchmarks.',
    produce: 'Uploads, registers, creates, renames, annotates and deletes.',
    producer:
      'Imports results into one project: models, manifests of data sets, results. Nothing else; `PRODUCE` includes it.',
    administer: 'Everything that an administrator may do, except keys, invitations, roles and accounts.',
  },
);

@ObjectType('Viewer', { description: 'Who asks, by an API key or signed in.' })
class ViewerType {
  @Field(() => RoleEnum, {
    nullable: true,
    description: 'The role in the team; a key may have a lower role than its owner. Null without a team.',
  })
  role!: Role | null;

  @Field(() => [KeyScopeEnum], {
    nullable: true,
    description: 'Scopes of the key; null for a signed-in person.',
  })
  scopes!: readonly KeyScope[] | null;
}

@ObjectType('ApiKey', {
  implements: NodeType,
  description: 'The key itself is shown when it is made, never again.',
})
export class ApiKeyType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'The first characters of the key.' })
  prefix!: string;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => [KeyScopeEnum])
  scopes!: KeyScope[];

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true })
  expiresAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true })
  lastUsedAt!: Date | null;
}

const ApiKeyConnection = connectionType('ApiKey', () => ApiKeyType);

@Resolver(() => ViewerType)
export class PeopleResolver {
  @Query(() => ViewerType, { description: 'Whose API key or session this is.' })
  viewer(@Ctx() { viewer }: Context): Asker {
    return requireAsker(viewer);
  }

  @FieldResolver(() => UserType)
  user(@Root() { userId: id, name, email }: Asker): UserType {
    return { id, name, email };
  }

  @FieldResolver(() => [ProjectType], {
    nullable: true,
    description:
      'The key sees nothing outside of these projects; null if it is not limited. Projects in the trash are left out.',
  })
  projects(@Root() { projectIds }: Asker, @Ctx() context: Context) {
    return projectIds && nodesAt('proj', context, projectIds);
  }

  @FieldResolver(() => TeamType, {
    nullable: true,
    description: "The key's team, or the one that the session looks at; null for somebody in no team.",
  })
  async team(@Root() { teamId }: Asker, @Ctx() context: Context): Promise<Team | null> {
    return (await ownTeams(context)).find(({ id }) => id === teamId) ?? null;
  }

  @FieldResolver(() => [TeamType], {
    description: 'Teams to switch to; for a key only its own team.',
  })
  teams(@Ctx() context: Context): Promise<Team[]> {
    return ownTeams(context);
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether a password can be set without the current one: a sign-in link opened the session, or there is no password.',
  })
  async viewerCanSetPassword(@Root() { sessionId }: Asker, @Ctx() { database }: Context): Promise<boolean> {
    return sessionId !== null && maySetPassword(database.prisma, sessionId);
  }

  @Query(() => ApiKeyConnection, { description: "The viewer's keys; an admin's are the team's." })
  apiKeys(@Ctx() context: Context, @Args(() => KeyListArgs) args: KeyListArgs) {
    return listApiKeys(context, args);
  }

  @FieldResolver(() => Boolean, { description: 'Start runs, register models, change what is there.' })
  viewerCanEdit(@Root() viewer: Asker): boolean {
    return (['run', 'produce'] as const).every((by) => hasRight(viewer, { role: 'editor', by }));
  }

  @FieldResolver(() => Boolean, { description: 'Manage keys and members.' })
  viewerCanManage(@Root() viewer: Asker): boolean {
    return hasRight(viewer, { role: 'admin', by: 'session' });
  }

  @FieldResolver(() => Boolean, {
    description: 'Run the whole installation: drain workers, end runs of any team.',
  })
  viewerCanOperate(@Root() viewer: Asker): boolean {
    return viewer.operator;
  }

  @Change(
    { user: () => UserType },
    'Changes the account of the signed-in person. A new password ends the other sessions.',
  )
  updateAccount(
    @Ctx() context: Context,
    @Arg('name', () => String, { nullable: true }) name?: string | null,
    @Arg('email', () => String, { nullable: true }) email?: string | null,
    @Arg('password', () => String, { nullable: true }) password?: string | null,
    @Arg('currentPassword', () => String, {
      nullable: true,
      description: 'For a new address or password, unless `viewerCanSetPassword`.',
    })
    currentPassword?: string | null,
  ) {
    return updateAccount(context, { name, email, password, currentPassword });
  }

  @Change(
    { apiKey: () => ApiKeyType, key: () => String },
    "The key itself is shown only once. Its role is at most the viewer's own. Needs a signed-in person: a key cannot create keys.",
  )
  createApiKey(
    @Ctx() context: Context,
    @Arg('name', () => String) name: string,
    @Arg('role', () => RoleEnum, {
      nullable: true,
      description: 'Default: the least that the scopes need; viewer without them.',
    })
    role?: Role | null,
    @Arg('scopes', () => [KeyScopeEnum], {
      nullable: true,
      description: 'Default: all that the role allows.',
    })
    scopes?: KeyScope[] | null,
    @Arg('projectIds', () => [ID], {
      nullable: true,
      description: 'The key sees nothing outside of these projects. Left out: it is not limited.',
    })
    projectIds?: string[] | null,
    @Arg('expiresAt', () => GraphQLISODateTime, { nullable: true }) expiresAt?: Date | null,
  ) {
    return addApiKey(context, {
      ...{ name, role: role ?? null, scopes: scopes ?? null, projectIds: projectIds ?? null },
      expiresAt: expiresAt ?? null,
    });
  }

  @Change({ apiKey: () => ApiKeyType }, 'At once. Returns the key as it was.')
  revokeApiKey(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return revokeApiKey(context, id);
  }
}

@Resolver(() => ApiKeyType)
export class ApiKeyResolver {
  @FieldResolver(() => [ProjectType], {
    nullable: true,
    description:
      'The key sees nothing outside of these projects; null if it is not limited. Projects in the trash are left out.',
  })
  projects(@Root() { projectIds }: ApiKey, @Ctx() context: Context) {
    return projectIds.length === 0 ? null : nodesAt('proj', context, projectIds);
  }
}
