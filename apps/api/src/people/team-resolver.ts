import { Role } from '@espalier/store';
import {
  Arg,
  Ctx,
  Field,
  GraphQLISODateTime,
  ID,
  ObjectType,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { createTeam, renameTeam, switchTeam } from './teams.ts';

registerEnumType(Role, { name: 'Role', description: 'What a member may do: look, change, manage.' });

@ObjectType('User', { description: 'A person, who may be in several teams.' })
export class UserType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  email!: string;
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
  @Field(() => Role)
  role!: Role;
}

@Resolver(() => TeamType)
export class TeamResolver {
  @Change('team', () => TeamType, 'Makes it the team that this session looks at.')
  switchTeam(@Ctx() context: Context, @Arg('teamId', () => ID) teamId: string) {
    return switchTeam(context, teamId);
  }

  @Change('team', () => TeamType, 'With whoever is signed in as its administrator.')
  createTeam(@Ctx() context: Context, @Arg('name', () => String) name: string) {
    return createTeam(context, name);
  }

  @Change('team', () => TeamType, 'Takes the role admin.')
  renameTeam(@Ctx() context: Context, @Arg('name', () => String) name: string) {
    return renameTeam(context, name);
  }
}
