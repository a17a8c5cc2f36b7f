import type { AuditEntry } from '@espalier/store';
import {
  Args,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { NodeType } from '../nodes/node-type.ts';
import { UserType } from '../people/team-resolver.ts';
import { AuditListArgs } from './audit-filter.ts';
import { auditLog } from './audit-log.ts';
import { type AuditChange, changesOf, timesOf } from './changes.ts';
import { wordsOf } from './words.ts';

@ObjectType('Actor', { description: 'Who changed something: a user, by an API key or signed in.' })
class ActorType {
  @Field(() => ID, { name: 'reference', description: 'The id of the user, or of the API key.' })
  id!: string;

  @Field(() => UserType, { nullable: true, description: 'Null for one that is not known any more.' })
  user!: UserType | null;

  @Field(() => String, { nullable: true, description: 'The name of the API key; null for a signed-in user.' })
  apiKeyName!: string | null;
}

@ObjectType('AuditSubject', { description: 'What was changed.' })
class AuditSubjectType {
  @Field(() => ID, {
    name: 'reference',
    description: 'An id of something in the team, or a name of ours: `runs.csv`.',
  })
  id!: string;
}

@ObjectType('AuditChange', { description: 'What was changed about something, shortened where it was long.' })
class AuditChangeType implements AuditChange {
  @Field(() => String)
  field!: string;

  @Field(() => String, { description: 'A text as it is, anything else as JSON.' })
  value!: string;
}

@ObjectType('AuditEntry', {
  implements: NodeType,
  description:
    'That somebody did something. Entries are never changed, but that `times` counts what happens often.',
})
export class AuditEntryType extends NodeType {
  @Field(() => String, { description: 'What kind of thing, and what was done: `member.remove`.' })
  action!: string;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

const AuditEntryConnection = connectionType('AuditEntry', () => AuditEntryType);

@Resolver(() => AuditEntryType)
export class AuditResolver {
  @Query(() => AuditEntryConnection, { description: 'What was changed in the team. Takes the role admin.' })
  auditLog(@Ctx() context: Context, @Args(() => AuditListArgs) args: AuditListArgs) {
    return auditLog(context, args);
  }

  @FieldResolver(() => String, { description: 'What was done, in words: "signed in by link from 10.0.0.7".' })
  words(@Root() { action, data }: AuditEntry): string {
    return wordsOf(action, data);
  }

  @FieldResolver(() => [AuditChangeType])
  changes(@Root() { data }: AuditEntry): AuditChange[] {
    return changesOf(data);
  }

  @FieldResolver(() => Int, { description: 'How often it happened: once but for what happens often.' })
  times(@Root() { data }: AuditEntry): number {
    return timesOf(data);
  }

  @FieldResolver(() => ActorType)
  async actor(@Root() { actor: id }: AuditEntry, @Ctx() { loaders }: Context): Promise<ActorType> {
    return { id, ...((await loaders.actor.load(id)) ?? { user: null, apiKeyName: null }) };
  }

  @FieldResolver(() => AuditSubjectType)
  subject(@Root() { subject: id }: AuditEntry): AuditSubjectType {
    return { id };
  }
}

@Resolver(() => AuditSubjectType)
export class AuditSubjectResolver {
  @FieldResolver(() => NodeType, {
    nullable: true,
    description: 'Null for what is gone, lies in the trash, is out of reach, or is no Node.',
  })
  node(@Root() { id }: AuditSubjectType, @Ctx() { loaders }: Context) {
    return loaders.node.load(id);
  }
}
