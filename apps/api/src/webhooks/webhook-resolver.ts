import type { DeliveryState, Webhook, WebhookDelivery } from '@espalier/store';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { findNode, nodeAt } from '../nodes/nodes.ts';
import { UserType } from '../people/team-resolver.ts';
import { DeliveryStateEnum, WebhookEventEnum, WebhookListArgs } from './webhook-filter.ts';
import {
  createWebhook,
  deleteWebhook,
  listWebhooks,
  redeliver,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from './webhooks.ts';

@ObjectType('Webhook', {
  implements: NodeType,
  description: 'An address that gets a signed POST when something happens. The secret is shown once.',
})
export class WebhookType extends NodeType {
  @Field(() => String)
  url!: string;

  @Field(() => [WebhookEventEnum], { description: 'The events that are sent to it.' })
  events!: string[];

  @Field(() => Boolean, { description: 'Whether anything is sent.' })
  active!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why the platform switched it off: it accepted nothing for days. Null if it is on.',
  })
  offReason!: string | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'Since when it has accepted nothing; null if it accepted the last delivery.',
  })
  failingSince!: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'Until when the secret before the last one signs, too.',
  })
  oldSecretUntil!: Date | null;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

@ObjectType('WebhookDelivery', {
  implements: NodeType,
  description:
    'A message to a webhook, and the result of sending it. Its id is the `webhook-id` of the message, the same each time it is sent.',
})
export class WebhookDeliveryType extends NodeType {
  @Field(() => WebhookEventEnum)
  event!: string;

  @Field(() => DeliveryStateEnum)
  state!: DeliveryState;

  @Field(() => Int, { description: 'Attempts so far; at most eight within a day.' })
  attempts!: number;

  @Field(() => String, { description: 'The body that is sent: JSON, byte by byte.' })
  body!: string | null;

  @Field(() => Int, { nullable: true, description: 'Status of the last answer; null if there was none.' })
  statusCode!: number | null;

  @Field(() => Int, { nullable: true, description: 'Milliseconds of the last attempt.' })
  milliseconds!: number | null;

  @Field(() => String, { nullable: true, description: 'The error of the last attempt.' })
  error!: string | null;

  @Field(() => String, { nullable: true, description: 'The beginning of the answer to a failed attempt.' })
  answer!: string | null;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'The last time.' })
  attemptedAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Delivered, or given up.' })
  finishedAt!: Date | null;
}

const WebhookConnection = connectionType('Webhook', () => WebhookType);
export const WebhookDeliveryConnection = connectionType('WebhookDelivery', () => WebhookDeliveryType);

@Resolver(() => WebhookType)
export class WebhookResolver {
  @Query(() => WebhookConnection, { description: "The team's. Needs the role admin." })
  webhooks(@Ctx() context: Context, @Args(() => WebhookListArgs) args: WebhookListArgs) {
    return listWebhooks(context, args);
  }

  @Query(() => WebhookType, {
    nullable: true,
    description: 'Null if there is no such object. Needs the role admin.',
  })
  webhook(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('hook', context, id);
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'Null if they no longer have an account.' })
  createdBy(@Root() { createdById }: Webhook, @Ctx() { loaders }: Context) {
    return createdById === null ? null : loaders.user.load(createdById);
  }

  @Change(
    { webhook: () => WebhookType, secret: () => String },
    'The signing secret is shown only once. Needs the role admin.',
  )
  createWebhook(
    @Ctx() context: Context,
    @Arg('url', () => String, {
      description: 'https:// or http://, of the public network unless the platform allows another one.',
    })
    url: string,
    @Arg('events', () => [WebhookEventEnum], { description: 'The events to send: at least one.' })
    events: string[],
  ) {
    return createWebhook(context, { url, events });
  }

  @Change(
    { webhook: () => WebhookType },
    'Fields that are left out keep their values. Switching a webhook off discards messages that wait for it. Needs the role admin.',
  )
  updateWebhook(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @Arg('url', () => String, { nullable: true }) url: string | null = null,
    @Arg('events', () => [WebhookEventEnum], { nullable: true }) events: string[] | null = null,
    @Arg('active', () => Boolean, { nullable: true }) active: boolean | null = null,
  ) {
    return updateWebhook(context, id, { url, events, active });
  }

  @Change(
    { webhook: () => WebhookType, secret: () => String },
    'Makes a new secret. It is shown only once; the old one also signs for 24 hours. Needs the role admin.',
  )
  rotateWebhookSecret(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return rotateWebhookSecret(context, id);
  }

  @Change(
    { webhook: () => WebhookType },
    'Permanently, with its log. Returns it as it was. Needs the role admin.',
  )
  deleteWebhook(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return deleteWebhook(context, id);
  }

  @Change(
    { webhookDelivery: () => WebhookDeliveryType },
    'Sends a ping; the delivery has the result a moment later. Needs the role admin.',
  )
  testWebhook(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return testWebhook(context, id);
  }

  @Change(
    { webhookDelivery: () => WebhookDeliveryType },
    'Sends the same message again at once, whatever its result was. Needs the role admin.',
  )
  redeliver(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return redeliver(context, id);
  }
}

@Resolver(() => WebhookDeliveryType)
export class WebhookDeliveryResolver {
  @FieldResolver(() => WebhookType)
  webhook(@Root() { webhookId }: WebhookDelivery, @Ctx() context: Context) {
    return nodeAt('hook', context, webhookId);
  }

  @FieldResolver(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When it is sent, or sent again; null if it has ended.',
  })
  nextAt(@Root() { state, nextAt }: WebhookDelivery): Date | null {
    return state === 'waiting' ? nextAt : null;
  }
}
