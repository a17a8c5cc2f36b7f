import { InputError } from '@espalier/errors';
import { type Command, Option } from 'commander';
import { show } from '../../json.ts';
import { type JsonOption, wholeNumber, withJson } from '../../options.ts';
import { openClient } from '../../remote/login.ts';
import {
  createWebhook,
  type Delivery,
  deleteWebhook,
  listDeliveries,
  listWebhooks,
  rotateSecret,
  sendNow,
  switchWebhook,
  type Webhook,
  type WebhookEvent,
  type WithSecret,
} from '../../remote/webhooks.ts';
import { left, listing, right } from '../../render/table.ts';
import { milliseconds, UNKNOWN } from '../../render/units.ts';

/** As messages call them. */
const EVENTS: Readonly<Record<string, WebhookEvent>> = {
  'run.finished': 'RUN_FINISHED',
  'run.failed': 'RUN_FAILED',
  'experiment.done': 'EXPERIMENT_DONE',
};

const HELP = `
A webhook notifies another program of finished and failed runs and of finished experiments: a signed POST of JSON, which
is retried for a day. docs/guide/webhooks.md shows how to check it.

Examples:
  espalier webhooks create https://ci.example.org/hook --event run.finished run.failed
  espalier webhooks test hook_01j...
  espalier webhooks deliveries hook_01j...`;

export function registerWebhooks(program: Command): void {
  const webhooks = program.command('webhooks').summary('notify other programs when runs end');
  webhooks.description('Addresses that the platform notifies when runs end.').addHelpText('after', HELP);
  withJson(webhooks.command('list').description("The team's.")).action(async (options: JsonOption) => {
    show<readonly Webhook[]>(await listWebhooks(await openClient()), options, webhookTable);
  });
  withJson(
    webhooks
      .command('create')
      .argument('<url>', 'https://... or http://...')
      .description('Creates a webhook. Its signing secret is shown only once.')
      .addOption(
        new Option('--event <event...>', 'the events to send')
          .choices(Object.keys(EVENTS))
          .default(Object.keys(EVENTS)),
      ),
  ).action(async (url: string, { event, ...options }: JsonOption & { readonly event: readonly string[] }) => {
    const events = event.flatMap((name) => EVENTS[name] ?? []);
    show(await createWebhook(await openClient(), { url, events }), options, secretText);
  });
  withJson(ofOne(webhooks, 'rotate', 'Creates a new secret; the old one also signs for another day.')).action(
    async (id: string, options: JsonOption) => {
      show(await rotateSecret(await openClient(), id), options, secretText);
    },
  );
  for (const active of [true, false]) {
    const description = active ? 'Switches it on again.' : 'Switches it off.';
    withJson(ofOne(webhooks, active ? 'on' : 'off', description)).action(
      async (id: string, options: JsonOption) => {
        show(await switchWebhook(await openClient(), id, active), options, (webhook) =>
          webhookTable([webhook]),
        );
      },
    );
  }
  withJson(ofOne(webhooks, 'delete', 'Deletes it, with its log.')).action(
    async (id: string, options: JsonOption) => {
      const gone = await deleteWebhook(await openClient(), id);
      show(gone, options, ({ url }) => `${id} is deleted; nothing more is sent to ${url}`);
    },
  );
  registerDeliveries(webhooks);
}

function registerDeliveries(webhooks: Command): void {
  withJson(
    ofOne(webhooks, 'deliveries', 'Its deliveries and their results, newest first.').option(
      '--first <n>',
      'number of entries, up to 100',
      wholeNumber(1),
      20,
    ),
  ).action(async (id: string, { first, ...options }: JsonOption & { readonly first: number }) => {
    const found = await listDeliveries(await openClient(), id, first);
    show<readonly Delivery[]>(found, options, deliveryTable);
  });
  withJson(ofOne(webhooks, 'test', 'Sends a ping, and shows the result.')).action(
    async (id: string, options: JsonOption) => {
      expectTaken(await sendNow(await openClient(), id, 'test'), options);
    },
  );
  withJson(
    webhooks
      .command('redeliver')
      .argument('<id>', 'delivery_...')
      .description('Sends a delivery again, unchanged, and shows the result.'),
  ).action(async (id: string, options: JsonOption) => {
    expectTaken(await sendNow(await openClient(), id, 'again'), options);
  });
}

function ofOne(webhooks: Command, name: string, description: string): Command {
  return webhooks.command(name).argument('<id>', 'hook_...').description(description);
}

/** @throws {InputError} unless it was taken */
function expectTaken(delivery: Delivery, options: JsonOption): void {
  const { id, state, statusCode, error } = delivery;
  if (state !== 'DELIVERED')
    throw new InputError(`${id} was not accepted: ${error ?? 'it has not been sent yet'}`);
  show(delivery, options, () => `${id} was accepted, with status ${statusCode}`);
}

function secretText({ id, url, secret }: WithSecret): string {
  return `${id}  ${url}\nsecret, shown only once: ${secret ?? UNKNOWN}`;
}

function webhookTable(webhooks: readonly Webhook[]): string {
  if (webhooks.length === 0) return 'no webhooks; create one with espalier webhooks create URL';
  return listing(webhooks, [
    left('webhook', ({ id }) => id),
    left('address', ({ url }) => url),
    left('events', ({ events }) => events.map(eventName).join(', ')),
    left('state', stateOf),
  ]);
}

function stateOf({ active, offReason, failingSince }: Webhook): string {
  if (!active) return offReason ?? 'off';
  return failingSince === null ? 'on' : `on, failing since ${failingSince.slice(0, 16)}Z`;
}

function deliveryTable(deliveries: readonly Delivery[]): string {
  if (deliveries.length === 0) return 'nothing yet; espalier webhooks test ID sends a ping';
  return listing(deliveries, [
    left('delivery', ({ id }) => id),
    left('event', ({ event }) => eventName(event)),
    left('at', ({ createdAt }) => `${createdAt.slice(0, 16)}Z`),
    left('state', ({ state }) => state.toLowerCase()),
    right('attempts', ({ attempts }) => String(attempts)),
    right('status', ({ statusCode }) => String(statusCode ?? UNKNOWN)),
    right('took', ({ milliseconds: ms }) => (ms === null ? UNKNOWN : milliseconds(ms))),
    left('error', ({ error }) => error ?? ''),
  ]);
}

function eventName(event: WebhookEvent): string {
  return event.toLowerCase().replace('_', '.');
}
