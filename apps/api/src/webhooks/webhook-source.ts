import { Prisma, type Webhook } from '@espalier/store';
import type { Viewer } from '../access/viewer.ts';
import { filtered } from '../query/conditions.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import {
  DELIVERY_CONDITIONS,
  type DeliveryFilter,
  WEBHOOK_CONDITIONS,
  type WebhookFilter,
} from './webhook-filter.ts';

/** What is told of one: what it signs with stays where it is. */
export type ShownWebhook = Omit<Webhook, 'secret' | 'oldSecret'>;
const SECRETS: readonly string[] = ['secret', 'oldSecret'];
const WEBHOOK = Object.keys(Prisma.WebhookScalarFieldEnum).filter((name) => !SECRETS.includes(name));

/** Of the team. Rows are `w`. */
export function webhookSource({ teamId }: Viewer, filter: WebhookFilter): Source {
  return {
    select: columnsOf('w', WEBHOOK),
    from: Prisma.sql`"Webhook" w`,
    where: every(Prisma.sql`w."teamId" = ${teamId}`, filtered(filter, WEBHOOK_CONDITIONS)),
    id: Prisma.sql`w."id"`,
  };
}

/** Of the team's webhooks, but for those of which it is not known whether there is something to tell. Rows are `d`. */
export function deliverySource({ teamId }: Viewer, filter: DeliveryFilter): Source {
  return {
    select: columnsOf('d', Object.keys(Prisma.WebhookDeliveryScalarFieldEnum)),
    from: Prisma.sql`"WebhookDelivery" d JOIN "Webhook" w ON w."id" = d."webhookId"`,
    where: every(
      Prisma.sql`w."teamId" = ${teamId} AND d."body" IS NOT NULL`,
      filtered(filter, DELIVERY_CONDITIONS),
    ),
    id: Prisma.sql`d."id"`,
  };
}
