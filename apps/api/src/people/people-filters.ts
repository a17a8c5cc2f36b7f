import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Conditions, containing, listed, timed } from '../query/conditions.ts';
import { enumFilter, FILTER_RULE, TextFilter, TimeFilter } from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';
import { RoleEnum } from './team-resolver.ts';

// Rows as people-reach has them.

const RoleFilter = enumFilter('Role', RoleEnum);
type RoleFilter = InstanceType<typeof RoleFilter>;

@InputType('MemberFilter', { description: FILTER_RULE })
class MemberFilter extends BasicFilter {
  @Field(() => RoleFilter, { nullable: true })
  role?: RoleFilter | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text in the name or the e-mail address; upper and lower case are the same.',
  })
  text?: string | null;
}

const ofUser = (column: 'name' | 'email') =>
  Prisma.sql`(SELECT u.${Prisma.raw(`"${column}"`)} FROM "User" u WHERE u."id" = m."userId")`;

const memberOrder = orderInput('Member', 'members', {
  name: { value: Prisma.sql`lower(${ofUser('name')})`, type: 'text' },
});
export const memberSorting = memberOrder.sorting;
export const MemberListArgs = listArgs(MemberFilter, memberOrder);
export type MemberListArgs = InstanceType<typeof MemberListArgs>;

export const MEMBER_CONDITIONS: Conditions<MemberFilter> = {
  id: listed(Prisma.sql`('member_' || m."teamId" || '_' || m."userId")`),
  role: listed(Prisma.sql`m."role"`, 'Role'),
  text: containing(ofUser('name'), ofUser('email')),
  createdAt: timed(Prisma.sql`m."createdAt"`),
};

@InputType('InvitationFilter', { description: FILTER_RULE })
class InvitationFilter extends BasicFilter {
  @Field(() => RoleFilter, { nullable: true })
  role?: RoleFilter | null;

  @Field(() => TextFilter, { nullable: true, description: 'Null for anybody with the link.' })
  email?: TextFilter | null;

  @Field(() => TimeFilter, { nullable: true })
  expiresAt?: TimeFilter | null;
}

const invitationOrder = orderInput('Invitation', 'invitations', {
  email: { value: Prisma.sql`i."email"`, type: 'text' },
});
export const invitationSorting = invitationOrder.sorting;
export const InvitationListArgs = listArgs(InvitationFilter, invitationOrder);
export type InvitationListArgs = InstanceType<typeof InvitationListArgs>;

export const INVITATION_CONDITIONS: Conditions<InvitationFilter> = {
  id: listed(Prisma.sql`i."id"`),
  role: listed(Prisma.sql`i."role"`, 'Role'),
  email: listed(Prisma.sql`i."email"`),
  createdAt: timed(Prisma.sql`i."createdAt"`),
  expiresAt: timed(Prisma.sql`i."expiresAt"`),
};

@InputType('ApiKeyFilter', { description: FILTER_RULE })
class ApiKeyFilter extends BasicFilter {
  @Field(() => RoleFilter, { nullable: true })
  role?: RoleFilter | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text in the name; upper and lower case are the same.',
  })
  text?: string | null;

  @Field(() => TimeFilter, { nullable: true })
  expiresAt?: TimeFilter | null;

  @Field(() => TimeFilter, { nullable: true })
  lastUsedAt?: TimeFilter | null;
}

const KEY_NAME = Prisma.sql`k."name"`;

const keyOrder = orderInput('ApiKey', 'keys', {
  name: { value: Prisma.sql`lower(${KEY_NAME})`, type: 'text' },
});
export const keySorting = keyOrder.sorting;
export const KeyListArgs = listArgs(ApiKeyFilter, keyOrder);
export type KeyListArgs = InstanceType<typeof KeyListArgs>;

export const KEY_CONDITIONS: Conditions<ApiKeyFilter> = {
  id: listed(Prisma.sql`k."id"`),
  role: listed(Prisma.sql`k."role"`, 'Role'),
  text: containing(KEY_NAME),
  createdAt: timed(Prisma.sql`k."createdAt"`),
  expiresAt: timed(Prisma.sql`k."expiresAt"`),
  lastUsedAt: timed(Prisma.sql`k."lastUsedAt"`),
};
