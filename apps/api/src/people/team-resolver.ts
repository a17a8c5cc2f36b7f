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
import { usageOf } from '../quotas/quotas.ts';
import { createTeam, renameTeam, switchTeam } from './teams.ts';

export const RoleEnum = enumType('Role', Object.values(Role), 'What a member may do: look, change, manage.');

@ObjectType('User', { description: 'A person, who may be in several teams.' })
export class UserType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  email!: string;
}

@ObjectType('TeamUsage', { description: 'Bytes that a team has stored, and what it may have.' })
class TeamUsageType {
  @Field(() => Float, { description: 'Of each file once, the trash included.' })
  bytes!: number;

  @Field(() => Float, { description: 'That uploads and runs under way may bring; they count, too.' })
  bytesUnderWay!: number;

  @Field(() => Float, { nullable: true, description: 'Null for any number.' })
  bytesLimit!: number | null;

  @Field(() => Int, { description: 'Under way.' })
  uploads!: number;

  @Field(() => Int, { nullable: true, description: 'Null for any number.' })
  uploadsLimit!: number | null;
}

@ObjectType('Team', { description: 'Whose projects, experiments and runs they are.' })
export class TeamType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

@ObjectType('ViewerTeam', { description: 'A team, and what whoever asks may do in it.' })
export class ViewerTeamType extends TeamType {
  @Field(() => RoleEnum)
  role!: Role;
}

@Resolver(() => TeamType)
export class TeamResolver {
  @FieldResolver(() => TeamUsageType, {
    nullable: true,
    description:
      'Of the team that is looked at; null for another one, and for a key that is limited to projects.',
  })
  async usage(@Root() { id }: TeamType, @Ctx() { viewer, database, quotas }: Context) {
    if (viewer?.teamId !== id || viewer.projectIds) return null;
    const { bytes: bytesLimit, uploads: uploadsLimit } = quotas;
    return { ...(await usageOf(database.prisma, id)), bytesLimit, uploadsLimit };
  }

  @Change({ team: () => TeamType }, 'Makes it the team that this session looks at.')
  switchTeam(@Ctx() context: Context, @Arg('teamId', () => ID) teamId: string) {
    return switchTeam(context, teamId);
  }

  @Change({ team: () => TeamType }, 'With whoever is signed in as its administrator.')
  createTeam(@Ctx() context: Context, @Arg('name', () => String) name: string) {
    return createTeam(context, name);
  }

  @Change({ team: () => TeamType }, 'Takes the role admin.')
  renameTeam(@Ctx() context: Context, @Arg('name', () => String) name: string) {
    return renameTeam(context, name);
  }
}
