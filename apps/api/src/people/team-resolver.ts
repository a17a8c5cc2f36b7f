import { Role } from '@espalier/store';
import {
  Arg,
  Ctx,
  Field,
  GraphQLISODateTime,
  ID,
  Mutation,
  ObjectType,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { outcome, payloadType } from '../graphql/payload.ts';
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

const SwitchTeamPayload = payloadType('SwitchTeam', 'team', () => TeamType);
const CreateTeamPayload = payloadType('CreateTeam', 'team', () => TeamType);
const RenameTeamPayload = payloadType('RenameTeam', 'team', () => TeamType);

@Resolver(() => TeamType)
export class TeamResolver {
  @Mutation(() => SwitchTeamPayload, { description: 'Makes it the team that this session looks at.' })
  switchTeam(@Ctx() context: Context, @Arg('teamId', () => ID) teamId: string) {
    return outcome(() => switchTeam(context, teamId));
  }

  @Mutation(() => CreateTeamPayload, { description: 'With whoever is signed in as its administrator.' })
  createTeam(@Ctx() context: Context, @Arg('name', () => String) name: string) {
    return outcome(() => createTeam(context, name));
  }

  @Mutation(() => RenameTeamPayload, { description: 'Takes the role admin.' })
  renameTeam(@Ctx() context: Context, @Arg('name', () => String) name: string) {
    return outcome(() => renameTeam(context, name));
  }
}
