import type { Role, User } from '@espalier/store';
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
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import {
  acceptInvitation,
  inviteMember,
  listInvitations,
  revokeInvitation,
  type ShownInvitation,
} from './invitations.ts';
import { changeMemberRole, leaveTeam, listMembers, type Member, removeMember } from './members.ts';
import { InvitationListArgs, MemberListArgs } from './people-filters.ts';
import { RoleEnum, TeamType, UserType } from './team-resolver.ts';

@ObjectType('Member', { implements: NodeType, description: 'A user in the team.' })
class MemberType extends NodeType {
  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => GraphQLISODateTime, { description: 'Since when.' })
  createdAt!: Date;
}

@ObjectType('Invitation', {
  implements: NodeType,
  description: 'A link into the team that is good once, for 7 days. Found for as long as it can be accepted.',
})
export class InvitationType extends NodeType {
  @Field(() => String, { nullable: true, description: 'Who may accept it; null for anybody with the link.' })
  email!: string | null;

  @Field(() => RoleEnum, { description: 'The role of the person who accepts.' })
  role!: Role;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => GraphQLISODateTime)
  expiresAt!: Date;
}

const MemberConnection = connectionType('Member', () => MemberType);
const InvitationConnection = connectionType('Invitation', () => InvitationType);

@Resolver(() => InvitationType)
export class MemberResolver {
  @Query(() => MemberConnection, { description: 'The members of the team.' })
  members(@Ctx() context: Context, @Args(() => MemberListArgs) args: MemberListArgs) {
    return listMembers(context, args);
  }

  @Query(() => InvitationConnection, {
    description: 'Invitations that can still be accepted. Needs the role admin.',
  })
  invitations(@Ctx() context: Context, @Args(() => InvitationListArgs) args: InvitationListArgs) {
    return listInvitations(context, args);
  }

  @FieldResolver(() => UserType)
  invitedBy(@Root() { invitedById }: ShownInvitation, @Ctx() { loaders }: Context): Promise<User | null> {
    return loaders.user.load(invitedById);
  }

  @Change(
    { invitation: () => InvitationType, link: () => String },
    'The link is shown only once: pass it on yourself, no mail is sent. Needs the role admin.',
  )
  inviteMember(
    @Ctx() context: Context,
    @Arg('role', () => RoleEnum, { defaultValue: 'viewer' }) role: Role,
    @Arg('email', () => String, {
      nullable: true,
      description: 'Only somebody with this address may accept; without it, anybody with the link.',
    })
    email?: string | null,
  ) {
    return inviteMember(context, { email: email ?? null, role });
  }

  @Change({ invitation: () => InvitationType }, 'Returns it as it was. Needs the role admin.')
  revokeInvitation(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return revokeInvitation(context, id);
  }

  @Change(
    { team: () => TeamType },
    'For somebody who is signed in; others sign up with it: POST /auth/sign-up.',
  )
  acceptInvitation(
    @Ctx() context: Context,
    @Arg('token', () => String, { description: 'The token of the link.' }) token: string,
  ) {
    return acceptInvitation(context, token);
  }

  @Change({ member: () => MemberType }, 'Needs the role admin. It holds at once.')
  changeMemberRole(
    @Ctx() context: Context,
    @Arg('userId', () => ID) userId: string,
    @Arg('role', () => RoleEnum) role: Role,
  ) {
    return changeMemberRole(context, userId, role);
  }

  @Change(
    { member: () => MemberType },
    "Needs the role admin. The member's keys and sessions of this team end at once. Returns the member as it was.",
  )
  removeMember(@Ctx() context: Context, @Arg('userId', () => ID) userId: string) {
    return removeMember(context, userId);
  }

  @Change({ team: () => TeamType }, 'The one that the session looks at. Answers the team that was left.')
  leaveTeam(@Ctx() context: Context) {
    return leaveTeam(context);
  }
}

@Resolver(() => MemberType)
export class MemberUserResolver {
  @FieldResolver(() => UserType)
  user(@Root() { userId }: Member, @Ctx() { loaders }: Context): Promise<User | null> {
    return loaders.user.load(userId);
  }
}
