import { createHmac } from 'node:crypto';
import { openDatabase } from '@espalier/store';
import { expect, it, onTestFinished } from 'vitest';
import { EventBus } from '../src/events/event-bus.ts';
import { AddressGuard } from '../src/webhooks/address-guard.ts';
import { takeDue } from '../src/webhooks/outbox.ts';
import { Sender } from '../src/webhooks/sender.ts';
import { ended, hooked, receiver, soon } from './hooks.ts';
import { startPlatform } from './platform.ts';

const HERE = { webhooks: { allowed: '127.0.0.1' } };

it('what is over is told to whoever listens, signed, each once, however many processes send', {
  timeout: 60_000,
}, async () => {
  const platform = await startPlatform(HERE);
  const admin = await platform.member('admin');
  const to = await receiver();
  const { secret } = await hooked(admin, to.url, 'RUN_FINISHED, RUN_FAILED, EXPERIMENT_DONE');
  const deaf = await receiver();
  await hooked(await platform.member('admin'), deaf.url, 'RUN_FINISHED, EXPERIMENT_DONE');
  // A second process, as far as the database sees.
  const database = await openDatabase(platform.url);
  const events = await EventBus.open(platform.url, console.error);
  const other = new Sender({ database, events, webhookGuard: new AddressGuard('127.0.0.1') }, console.error);
  onTestFinished(async () => {
    await other.close();
    await events.close();
    await database.close();
  });

  const states = ['finished', 'failed', 'cancelled', 'finished', 'failed', 'finished'] as const;
  const runs = await ended(platform, admin.teamId, states);
  await soon(() => expect(to.got).toHaveLength(6));
  const told = to.got.map(({ body }) => JSON.parse(body));
  expect(told.map(({ type, data }) => `${type} ${data.run?.id ?? data.experiment.id}`).sort()).toEqual(
    [
      ...runs.flatMap(({ id, state }) => (state === 'cancelled' ? [] : [`run.${state} ${id}`])),
      // The last two ended at the same moment, and neither saw the other: it is told of once all the same.
      'experiment.done exp_s',
    ].sort(),
  );
  expect(told.find(({ type }) => type === 'experiment.done').data).toEqual({
    experiment: { id: 'exp_s', name: 'e', projectId: 'proj_s' },
    runs: { finished: 3, failed: 2, cancelled: 1 },
  });
  expect(told.find(({ type }) => type === 'run.failed').data).toMatchObject({
    run: { state: 'failed', error: 'because', allocation: 'uniform' },
    ...{ experiment: { id: 'exp_s' }, result: null },
  });
  for (const { method, headers, body } of to.got) {
    expect([method, headers['content-type']]).toEqual(['POST', 'application/json']);
    const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const hmac = createHmac('sha256', key).update(text).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${hmac}`);
    expect(Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp']))).toBeLessThan(60);
  }
  expect(new Set(to.got.map(({ headers }) => headers['webhook-id'])).size).toBe(6);
  // Nothing waits, nothing is left of what turned out to be nothing, and another team hears nothing.
  await soon(async () => {
    expect(await platform.prisma.webhookDelivery.groupBy({ by: ['state'], _count: true })).toEqual([
      { state: 'delivered', _count: 6 },
    ]);
  });
  expect(deaf.got).toEqual([]);
});

it('a change that is undone tells nothing, and an experiment is done again when it is', async () => {
  const platform = await startPlatform(HERE);
  const admin = await platform.member('admin');
  const to = await receiver();
  await hooked(admin, to.url, 'EXPERIMENT_DONE');
  const undone = ended(platform, admin.teamId, ['finished'], () => {
    throw new Error('broken off');
  });
  await expect(undone).rejects.toThrow('broken off');
  expect(await platform.prisma.webhookDelivery.count()).toBe(0);
  const { prisma } = platform;
  const [{ id } = { id: '' }] = await prisma.run.findMany();
  await ended(platform, admin.teamId, ['finished']);
  // The first one still runs.
  await soon(async () => expect(await prisma.webhookDelivery.count()).toBe(0));
  expect(to.got).toEqual([]);
  await prisma.run.update({ where: { id }, data: { deletedAt: new Date() } });
  await ended(platform, admin.teamId, ['finished']);
  await soon(() => expect(to.got).toHaveLength(1));
});

it('an experiment is done, too, when the last run that was open is taken away', async () => {
  const platform = await startPlatform(HERE);
  const admin = await platform.member('admin');
  const to = await receiver();
  await hooked(admin, to.url, 'EXPERIMENT_DONE');
  const { prisma } = platform;
  const [over] = await ended(platform, admin.teamId, ['finished']);
  await soon(() => expect(to.got).toHaveLength(1));
  const open = { teamId: admin.teamId, experimentId: 'exp_s', allocation: 'depgraph', criterion: 'l2' };
  for (const id of ['run_open', 'run_last']) {
    await prisma.run.create({
      data: { id, ...open, metric: 'macs', share: 0.5, seed: 0, state: 'recording', origin: 'external' },
    });
  }
  const remove = (runId: string) =>
    admin.ask(`mutation { removeRun(input: { runId: "${runId}" }) { ok errors { message } } }`);
  expect((await remove('run_open')).data.removeRun).toMatchObject({ ok: true });
  await soon(async () => expect(await prisma.webhookDelivery.count({ where: { body: null } })).toBe(0));
  expect(to.got).toHaveLength(1);
  expect((await remove('run_last')).data.removeRun).toMatchObject({ ok: true });
  await soon(() => expect(to.got).toHaveLength(2));
  expect(JSON.parse(to.got[1]?.body ?? '').data.runs).toEqual({ finished: 1, failed: 0, cancelled: 0 });
  // One that was over already leaves no word.
  await prisma.run.update({ where: { id: over?.id ?? '' }, data: { origin: 'external' } });
  await ended(platform, admin.teamId, ['finished']);
  await soon(() => expect(to.got).toHaveLength(3));
  expect((await remove(over?.id ?? '')).data.removeRun).toMatchObject({ ok: true });
  expect(await prisma.webhookDelivery.count({ where: { body: null } })).toBe(0);
});

it('a message that is not taken is sent again unchanged, and the log has the result', {
  timeout: 30_000,
}, async () => {
  const platform = await startPlatform(HERE);
  const { prisma } = platform;
  const admin = await platform.member('admin');
  const to = await receiver((_, response) => {
    if (to.got.length > 2) return void response.end('ok');
    response.writeHead(to.got.length === 1 ? 500 : 302, { location: `${to.url}/elsewhere` });
    response.end(`not now\0${'x'.repeat(5000)}`);
  });
  const { id } = await hooked(admin, to.url, 'RUN_FINISHED');
  const log = async () => {
    const fields =
      'id event state attempts statusCode milliseconds error answer body nextAt attemptedAt finishedAt';
    const { data } = await admin.ask(
      `{ webhook(id: "${id}") { failingSince deliveries { nodes { ${fields} } totalCount } } }`,
    );
    return data.webhook;
  };
  const { data } = await admin.ask(
    `mutation { testWebhook(input: { id: "${id}" }) { ok errors { message } webhookDelivery { id state } } }`,
  );
  expect(data.testWebhook).toMatchObject({ ok: true, webhookDelivery: { state: 'WAITING' } });
  const deliveryId = data.testWebhook.webhookDelivery.id;

  await soon(async () => expect((await log()).deliveries.nodes[0].attempts).toBe(1));
  await soon(async () => expect((await log()).deliveries.nodes[0].statusCode).toBe(500));
  const [first] = (await log()).deliveries.nodes;
  expect(first).toMatchObject({
    ...{ id: deliveryId, event: 'PING', state: 'WAITING', error: 'it answered with status 500' },
    ...{ answer: expect.stringMatching(/^not nowx{900,993}$/), finishedAt: null },
  });
  expect(first.milliseconds).toBeGreaterThanOrEqual(0);
  const wait = Date.parse(first.nextAt) - Date.parse(first.attemptedAt);
  expect(wait).toBeGreaterThan(11_000);
  expect(wait).toBeLessThanOrEqual(15_000);
  expect((await log()).failingSince).not.toBe(null);

  const now = () => prisma.webhookDelivery.updateMany({ data: { nextAt: new Date(0) } });
  await now();
  await soon(async () => {
    expect((await log()).deliveries.nodes[0]).toMatchObject({
      ...{ attempts: 2, statusCode: 302 },
      error: 'it answered with status 302, and redirections are not followed',
    });
  });
  await now();
  await soon(async () => expect((await log()).deliveries.nodes[0].state).toBe('DELIVERED'));
  const { failingSince, deliveries } = await log();
  expect(failingSince).toBe(null);
  expect(deliveries.nodes[0]).toMatchObject({
    attempts: 3,
    statusCode: 200,
    error: null,
    answer: null,
    nextAt: null,
  });
  expect(to.got.map(({ url }) => url)).toEqual(['/hook', '/hook', '/hook']);
  expect(new Set(to.got.map(({ body }) => body)).size).toBe(1);
  expect(new Set(to.got.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([deliveryId]));

  // By hand, whatever came of it.
  const again = `mutation { redeliver(input: { id: "${deliveryId}" }) { ok errors { message } webhookDelivery { state } } }`;
  expect((await admin.ask(again)).data.redeliver).toMatchObject({
    ok: true,
    webhookDelivery: { state: 'WAITING' },
  });
  await soon(() => expect(to.got).toHaveLength(4));
  expect(to.got[3]?.body).toBe(to.got[0]?.body);
});

it('who says when they may be asked again is left alone until then', async () => {
  const platform = await startPlatform(HERE);
  const { prisma } = platform;
  const admin = await platform.member('admin');
  const to = await receiver((_, response) => {
    const headers = to.got.length === 1 ? { 'retry-after': '600' } : { 'retry-after': '1' };
    response.writeHead(429, headers).end();
  });
  const { id } = await hooked(admin, to.url, 'RUN_FINISHED');
  await admin.ask(`mutation { testWebhook(input: { id: "${id}" }) { ok } }`);
  const waited = async (attempts: number) => {
    await soon(async () => {
      expect(await prisma.webhookDelivery.findFirst()).toMatchObject({ attempts, statusCode: 429 });
    });
    const { nextAt, attemptedAt } = await prisma.webhookDelivery.findFirstOrThrow();
    return (nextAt.getTime() - (attemptedAt?.getTime() ?? 0)) / 1000;
  };
  expect(await waited(1)).toBe(600);
  await prisma.webhookDelivery.updateMany({ data: { nextAt: new Date(0), statusCode: null } });
  // Sooner than usual it is not tried.
  expect(await waited(2)).toBeGreaterThanOrEqual(48);
});

it('a secret that was changed signs beside the new one for a day', async () => {
  const platform = await startPlatform(HERE);
  const admin = await platform.member('admin');
  const to = await receiver();
  const { id, secret } = await hooked(admin, to.url, 'RUN_FINISHED');
  const { data } = await admin.ask(
    `mutation { rotateWebhookSecret(input: { id: "${id}" }) { ok secret webhook { oldSecretUntil } } }`,
  );
  const { secret: renewed, webhook } = data.rotateWebhookSecret;
  expect(renewed).not.toBe(secret);
  expect(Date.parse(webhook.oldSecretUntil) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  const test = () => admin.ask(`mutation { testWebhook(input: { id: "${id}" }) { ok } }`);
  await test();
  await soon(() => expect(to.got).toHaveLength(1));
  await platform.prisma.webhook.updateMany({ data: { oldSecretUntil: new Date() } });
  await test();
  await soon(() => expect(to.got).toHaveLength(2));
  const by = (secret: string, { headers, body }: (typeof to.got)[number]) => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
  };
  const [first, second] = to.got;
  if (!first || !second) throw new Error('nothing came');
  expect(first.headers['webhook-signature']).toBe(`${by(renewed, first)} ${by(secret, first)}`);
  expect(second.headers['webhook-signature']).toBe(by(renewed, second));
});

it('what a process that died had in its hands is sent by another one', async () => {
  const platform = await startPlatform();
  const { prisma } = platform;
  const admin = await platform.member('admin');
  const to = await receiver();
  const { id } = await hooked({ ...admin }, 'https://example.org', 'RUN_FINISHED');
  // Nobody sends here yet, and the address is one that is reached from here.
  await prisma.webhook.update({ where: { id }, data: { url: to.url } });
  await admin.ask(`mutation { testWebhook(input: { id: "${id}" }) { ok } }`);
  const nobody = { webhooks: [], teams: [] };
  const taken = await takeDue(prisma, nobody);
  expect(taken).toMatchObject({ webhookId: id, attempts: 1 });
  expect(await takeDue(prisma, nobody)).toBe(null);
  // Nor by hand, while it may be on its way.
  const { data } = await admin.ask(
    `mutation { redeliver(input: { id: "${taken?.id}" }) { ok errors { code message } } }`,
  );
  expect(data.redeliver).toMatchObject({
    ok: false,
    errors: [{ code: 'CONFLICT', message: 'it is on its way' }],
  });
  await prisma.webhookDelivery.updateMany({ data: { sendingUntil: new Date(Date.now() - 1000) } });
  expect(await takeDue(prisma, { ...nobody, webhooks: [id] })).toBe(null);
  expect(await takeDue(prisma, { ...nobody, teams: [admin.teamId] })).toBe(null);
  expect(await takeDue(prisma, nobody)).toMatchObject({ id: taken?.id, attempts: 2 });
});
