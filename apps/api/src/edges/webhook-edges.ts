import { Prisma } from '@espalier/store';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { DeliveryListArgs } from '../webhooks/webhook-filter.ts';
import { WebhookDeliveryConnection, WebhookType } from '../webhooks/webhook-resolver.ts';
import { pageUnder } from './list-under.ts';
import { deliveriesUnder } from './lists.ts';

@Resolver(() => WebhookType)
export class WebhookEdges {
  @FieldResolver(() => WebhookDeliveryConnection, {
    description: 'Messages that were sent or wait to be sent. Finished deliveries are kept for 30 days.',
  })
  deliveries(
    @Root() webhook: WebhookType,
    @Ctx() context: Context,
    @Args(() => DeliveryListArgs) args: DeliveryListArgs,
  ) {
    const of = (id: Prisma.Sql) => Prisma.sql`d."webhookId" = ${id}`;
    return pageUnder(context, webhook, args, deliveriesUnder('Webhook.deliveries', args, of));
  }
}
