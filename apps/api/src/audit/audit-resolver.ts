import type { AuditEntry } from '@espalier/store';
import { GraphQLJSON } from 'graphql-scalars';
import {
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
import type { Actor } from '../graphql/loaders.ts';
import { UserType } from '../people/team-resolver.ts';
import { AuditLogArgs, auditLog } from './audit-log.ts';
import { wordsOf } from './words.ts';

@ObjectType('Actor', { description: 'Who changed something: a user, by an API key or signed in.' })
class ActorType {
  @Field(() => UserType)
  user!: UserType;

  @Field(() => String, { nullable: true, description: 'The name of the API key; null for a signed-in user.' })
  apiKeyName!: string | null;
}

@ObjectType('AuditEntry', {
  description:
    'That somebody did something. Entries are never changed, but that `data.times` counts what happens often.',
})
class AuditEntryType {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'What kind of thing, and what was done: `member.remove`.' })
  action!: string;

  @Field(() => ID, { description: 'The id of what was changed.' })
  subject!: string;

  @Field(() => GraphQLJSON, { description: 'What was changed about it, shortened where it was long.' })
  data!: unknown;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

const AuditEntryConnection = connectionType('AuditEntry', () => AuditEntryType);

@Resolver(() => AuditEntryType)
export class AuditResolver {
  @Query(() => AuditEntryConnection, { description: 'What was changed in the team. Takes the role admin.' })
  auditLog(@Ctx() context: Context, @Args(() => AuditLogArgs) args: AuditLogArgs) {
    return auditLog(context, args);
  }

  @FieldResolver(() => String, { description: 'What was done, in words: "signed in by link from 10.0.0.7".' })
  words(@Root() { action, data }: AuditEntry): string {
    return wordsOf(action, data);
  }

  @FieldResolver(() => ID, { description: "A user's id, or an API key's." })
  actorId(@Root() { actor }: AuditEntry): string {
    return actor;
  }

  @FieldResolver(() => ActorType, { nullable: true, description: 'Null for one that is not known any more.' })
  actor(@Root() { actor }: AuditEntry, @Ctx() { loaders }: Context): Promise<Actor | null> {
    return loaders.actor.load(actor);
  }
}
