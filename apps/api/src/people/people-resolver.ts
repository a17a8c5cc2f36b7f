import { Role } from '@espalier/store';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { outcome, payloadType } from '../graphql/payload.ts';
import { addApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { hasRole, requireRole, type Viewer } from './viewer.ts';

registerEnumType(Role, { name: 'Role', description: 'What a member may do: look, change, manage.' });

@ObjectType('Viewer', { description: 'Who asks.' })
class ViewerType {
  @Field(() => ID)
  userId!: string;

  @Field(() => ID)
  teamId!: string;

  @Field(() => Role)
  role!: Role;
}

@ObjectType('ApiKey', { description: 'The key itself is shown when it is made, never again.' })
class ApiKeyType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'How it begins.' })
  prefix!: string;

  @Field(() => Role)
  role!: Role;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true })
  expiresAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true })
  lastUsedAt!: Date | null;
}

@ObjectType('NewApiKey', { description: 'A key that was just made.' })
class NewApiKeyType {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Shown this once.' })
  key!: string;
}

@ObjectType('RevokedApiKey', { description: 'A key that is worth nothing any more.' })
class RevokedApiKeyType {
  @Field(() => ID)
  id!: string;
}

const CreateApiKeyPayload = payloadType('CreateApiKey', 'apiKey', () => NewApiKeyType);
const RevokeApiKeyPayload = payloadType('RevokeApiKey', 'apiKey', () => RevokedApiKeyType);

@Resolver(() => ViewerType)
export class PeopleResolver {
  @Query(() => ViewerType, { description: 'Whose API key this is.' })
  viewer(@Ctx() { viewer }: Context): Viewer {
    return requireRole(viewer, 'viewer');
  }

  @Query(() => [ApiKeyType], { description: "The viewer's keys; an admin's are the team's." })
  apiKeys(@Ctx() context: Context) {
    return listApiKeys(context);
  }

  @FieldResolver(() => Boolean, { description: 'Start runs, register models, change what is there.' })
  viewerCanEdit(@Root() viewer: Viewer): boolean {
    return hasRole(viewer, 'editor');
  }

  @FieldResolver(() => Boolean, { description: 'Manage keys and members.' })
  viewerCanManage(@Root() viewer: Viewer): boolean {
    return hasRole(viewer, 'admin');
  }

  @Mutation(() => CreateApiKeyPayload, { description: "With at most the viewer's own role." })
  createApiKey(
    @Ctx() context: Context,
    @Arg('name', () => String) name: string,
    @Arg('role', () => Role, { defaultValue: 'viewer' }) role: Role,
    @Arg('expiresAt', () => GraphQLISODateTime, { nullable: true }) expiresAt?: Date | null,
  ) {
    return outcome(() => addApiKey(context, { name, role, expiresAt: expiresAt ?? null }));
  }

  @Mutation(() => RevokeApiKeyPayload, { description: 'At once.' })
  revokeApiKey(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return outcome(() => revokeApiKey(context, id));
  }
}
