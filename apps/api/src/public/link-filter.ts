import { Prisma, PublicLinkKind } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { enumType } from '../graphql/enums.ts';
import { type Conditions, containing, listed, timed } from '../query/conditions.ts';
import { enumFilter, FILTER_RULE, IdFilter, TimeFilter } from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';

export const PublicLinkKindEnum = enumType(
  'PublicLinkKind',
  Object.values(PublicLinkKind),
  'What a public link shows.',
);
const PublicLinkKindFilter = enumFilter('PublicLinkKind', PublicLinkKindEnum);
type PublicLinkKindFilter = InstanceType<typeof PublicLinkKindFilter>;

@InputType('PublicLinkFilter', { description: FILTER_RULE })
export class LinkFilter extends BasicFilter {
  @Field(() => PublicLinkKindFilter, { nullable: true })
  kind?: PublicLinkKindFilter | null;

  @Field(() => IdFilter, { nullable: true, description: 'The run or the experiment; null for a comparison.' })
  subject?: IdFilter | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text in the title; upper and lower case are the same.',
  })
  text?: string | null;

  @Field(() => TimeFilter, { nullable: true, description: 'Null for one that does not.' })
  expiresAt?: TimeFilter | null;
}

const order = orderInput('PublicLink', 'public links', {});
export const linkSorting = order.sorting;
export const LinkListArgs = listArgs(LinkFilter, order);
export type LinkListArgs = InstanceType<typeof LinkListArgs>;

export const LINK_CONDITIONS: Conditions<LinkFilter> = {
  id: listed(Prisma.sql`l."id"`),
  kind: listed(Prisma.sql`l."kind"`, 'PublicLinkKind'),
  subject: listed(Prisma.sql`l."subjectId"`),
  text: containing(Prisma.sql`l."title"`),
  createdAt: timed(Prisma.sql`l."createdAt"`),
  expiresAt: timed(Prisma.sql`l."expiresAt"`),
};
