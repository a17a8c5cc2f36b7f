import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Conditions, containing, listed, timed } from '../query/conditions.ts';
import { FILTER_RULE, IdFilter, type Listed, TextFilter } from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';

@InputType('AuditEntryFilter', { description: FILTER_RULE })
class AuditFilter extends BasicFilter {
  @Field(() => IdFilter, {
    nullable: true,
    description: 'Users by their ids, with what their keys did, or API keys by theirs.',
  })
  actor?: IdFilter | null;

  @Field(() => TextFilter, { nullable: true, description: 'As `member.role`.' })
  action?: TextFilter | null;

  @Field(() => IdFilter, { nullable: true })
  subject?: IdFilter | null;

  @Field(() => String, { nullable: true, description: 'Text in the action, such as `member.`.' })
  text?: string | null;
}

const order = orderInput('AuditEntry', 'entries', {});
export const auditSorting = order.sorting;
export const AuditListArgs = listArgs(AuditFilter, order);
export type AuditListArgs = InstanceType<typeof AuditListArgs>;

const [actor, action] = [Prisma.sql`x."actor"`, Prisma.sql`x."action"`];
const owner = Prisma.sql`
  (SELECT k."userId" FROM "ApiKey" k WHERE k."id" = x."actor" AND k."teamId" = x."teamId")`;

export const AUDIT_CONDITIONS: Conditions<AuditFilter> = {
  id: listed(Prisma.sql`x."id"`),
  actor: byEither,
  action: listed(action),
  subject: listed(Prisma.sql`x."subject"`),
  text: containing(action),
  createdAt: timed(Prisma.sql`x."createdAt"`),
};

function byEither({ in: wanted, not: unwanted, null: isNull }: Listed<string>): Prisma.Sql {
  const [itself, behindIt] = [listed<string>(actor), listed<string>(owner)];
  const either = wanted
    ? Prisma.sql`(${itself({ in: wanted })} OR ${behindIt({ in: wanted })})`
    : Prisma.sql`true`;
  const rest = { not: unwanted, null: isNull };
  return Prisma.sql`${either} AND ${itself(rest)} AND ${behindIt({ not: unwanted })}`;
}
