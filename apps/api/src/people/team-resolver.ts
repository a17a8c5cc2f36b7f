import { Role } from '@espalier/store';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { usageOf } from '../quotas/quotas.ts';
import { createTeam, renameTeam, switchTeam } from './teams.ts';

export const RoleEnum = enumType('Role', Object.values(Role), 'What a member may do: look, change, manage.');

@ObjectType('User', {
  implements: NodeType,
  description:
    'A person, who may be in several teams. Found while they are in your team; things that they made still name them later.',
})
export class UserType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  email!: string;
}

@ObjectType('TeamUsage', { description: 'Bytes that a team has stored, and its quota.' })
class TeamUsageType {
  @Field(() => Float, { description: 'Bytes of all files, each counted once, including the trash.' })
  bytes!: number;

  @Field(() => Float, { description: 'Bytes that uploads and runs under way may add; they count, too.' })
  bytesUnderWay!: number;

  @Field(() => Float, { nullable: true, description: 'Null for any number.' })
  bytesLimit!: number | null;

  @Field(() => Int, { description: 'Under way.' })
  uploads!: number;

  @Field(() => Int, { nullable: true, description: 'Null for any number.' })
  uploadsLimit!: number | null;
}

@ObjectType('Team', {
  implements: NodeType,
  description: 'Whose projects, experiments and runs they are. Found for as long as one is in it.',
})
export class TeamType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

@Resolver(() => TeamType)
export class TeamResolver {
  @FieldResolver(() => TeamUsageType, {
    nullable: true,
    description:
      'Usage of the current team; null for another team, and for a key that is limited to projects.',
  })
  async usage(@Root() { id }: TeamType, @Ctx() { viewer, database, quotas }: Context) {
    if (viewer?.teamId !== id || viewer.projectIds) return null;
    const { bytes: bytesLimit, uploads: uploadsLimit } = quotas;
    return { ...(await usageOf(database.prisma, id)), bytesLimit, uploadsLimit };
  }

  @FieldResolver(() => RoleEnum, {
    nullable: true,
    description: 'Your role in it; null if you are no longer a member.',
  })
  async viewerRole(@Root() { id }: TeamType, @Ctx() { viewer, loaders }: Context): Promise<Role | null> {
    // A key may allow less than its owner may.
    if (viewer?.apiKeyId) return viewer.teamId === id ? viewer.role : null;
    return loaders.ownRole.load(id);
  }

  @Change({ team: () => TeamType }, 'Makes it the team that this session looks at.')
  switchTeam(@Ctx() context: Context, @Arg('teamId', () => ID) teamId: string) {
    return switchTeam(context, teamId);
  }

  @Change({ team: () => TeamType }, 'Makes a team; the signed-in person is its administrator.')
  createTeam(@Ctx() context: Context, @Arg('name', () => String) name: string) {
    return createTeam(context, name);
  }

  @Change({ team: () => TeamType }, 'Needs the role admin.')
  renameTeam(@Ctx() context: Context, @Arg('name', () => String) name: string) {
    return renameTeam(context, name);
  }
}
