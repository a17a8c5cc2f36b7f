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

@ObjectType('AuditSubject', { description: 'The thing that was changed.' })
class AuditSubjectType {
  @Field(() => ID, {
    name: 'reference',
    description: 'An id of something in the team, or a name of ours: `runs.csv`.',
  })
  id!: string;
}

@ObjectType('AuditChange', {
  description: 'A field that was changed, with its value; long values are shortened.',
})
class AuditChangeType implements AuditChange {
  @Field(() => String)
  field!: string;

  @Field(() => String, { description: 'A text as it is, anything else as JSON.' })
  value!: string;
}

@ObjectType('AuditEntry', {
  implements: NodeType,
  description:
    'An action of a person or a key. Entries never change, except that `times` counts repeated actions.',
})
export class AuditEntryType extends NodeType {
  @Field(() => String, { description: 'The kind of thing and the action: `member.remove`.' })
  action!: string;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

const AuditEntryConnection = connectionType('AuditEntry', () => AuditEntryType);

@Resolver(() => AuditEntryType)
export class AuditResolver {
  @Query(() => AuditEntryConnection, { description: 'The log of changes in the team. Needs the role admin.' })
  auditLog(@Ctx() context: Context, @Args(() => AuditListArgs) args: AuditListArgs) {
    return auditLog(context, args);
  }

  @FieldResolver(() => String, { description: 'The action in words: "signed in by link from 10.0.0.7".' })
  words(@Root() { action, data }: AuditEntry): string {
    return wordsOf(action, data);
  }

  @FieldResolver(() => [AuditChangeType])
  changes(@Root() { data }: AuditEntry): AuditChange[] {
    return changesOf(data);
  }

  @FieldResolver(() => Int, {
    description: 'How often it happened. Above 1 only for actions that are counted together.',
  })
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
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'What it is called, also in the trash, or was called when it was purged. Null if it has no name, was purged with something else, or the key is limited to projects.',
  })
  name(@Root() { id }: AuditSubjectType, @Ctx() { loaders }: Context) {
    return loaders.subjectName.load(id);
  }

  @FieldResolver(() => NodeType, {
    nullable: true,
    description: 'Null if it is gone, in the trash, out of reach, or not a Node.',
  })
  node(@Root() { id }: AuditSubjectType, @Ctx() { loaders }: Context) {
    return loaders.node.load(id);
  }
}
