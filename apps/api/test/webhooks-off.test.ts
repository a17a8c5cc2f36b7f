import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { forgetOldDeliveries } from '../src/webhooks/outbox.ts';
import { hooked, receiver, soon } from './hooks.ts';
import { startPlatform } from './platform.ts';

const HERE = { webhooks: { allowed: '127.0.0.1' } };
const DAY_MS = 24 * 3_600_000;
const test = (id: string) =>
  `mutation { testWebhook(input: { id: "${id}" }) { ok errors { code message } } }`;
const look = (id: string) =>
  `{ webhook(id: "${id}") { active offReason failingSince deliveries { nodes { state attempts error } } } }`;

it('one of which nothing is taken for days is switched off, and says why', async () => {
  const { prisma, member } = await startPlatform(HERE);
  const admin = await member('admin');
  const to = await receiver((_, response) => void response.writeHead(503).end());
  const { id } = await hooked(admin, to.url, 'RUN_FINISHED');
  await admin.ask(test(id));
  await soon(async () => expect((await admin.ask(look(id))).data.webhook.failingSince).not.toBe(null));
  expect((await admin.ask(look(id))).data.webhook).toMatchObject({ active: true, offReason: null });

  // Four days later, with one more that waits.
  const failingSince = new Date(Date.now() - 4 * DAY_MS);
  await prisma.webhook.updateMany({ data: { failingSince } });
  await admin.ask(test(id));
  await soon(async () => expect((await admin.ask(look(id))).data.webhook.active).toBe(false));
  const { data } = await admin.ask(look(id));
  expect(data.webhook.offReason).toBe(
    'switched off: nothing was taken for 3 days, the last time because it answered with status 503',
  );
  expect(data.webhook.deliveries.nodes).toEqual([
    { state: 'FAILED', attempts: 1, error: 'the webhook was switched off' },
    { state: 'FAILED', attempts: 1, error: 'the webhook was switched off' },
  ]);
  expect((await admin.ask(test(id))).data.testWebhook.errors).toEqual([
    { code: 'CONFLICT', message: 'the webhook is switched off: switch it on first' },
  ]);
  const on = await admin.ask(
    `mutation { updateWebhook(input: { id: "${id}", active: true }) { ok webhook { active offReason failingSince } } }`,
  );
  expect(on.data.updateWebhook.webhook).toEqual({ active: true, offReason: null, failingSince: null });
});

it('one that says it is gone is switched off at once', async () => {
  const { member } = await startPlatform(HERE);
  const admin = await member('admin');
  const to = await receiver((_, response) => void response.writeHead(410).end());
  const { id } = await hooked(admin, to.url, 'RUN_FINISHED');
  await admin.ask(test(id));
  await soon(async () => {
    expect((await admin.ask(look(id))).data.webhook).toMatchObject({
      ...{ active: false, offReason: 'switched off: it answered with status 410' },
    });
  });
});

it('one that fails eight times is not sent again by itself', async () => {
  const { prisma, member } = await startPlatform(HERE);
  const admin = await member('admin');
  const to = await receiver((_, response) => void response.writeHead(500).end());
  const { id } = await hooked(admin, to.url, 'RUN_FINISHED');
  await admin.ask(test(id));
  await soon(async () => {
    expect((await admin.ask(look(id))).data.webhook.deliveries.nodes).toMatchObject([
      { state: 'WAITING', attempts: 1, error: 'it answered with status 500' },
    ]);
  });
  await prisma.webhookDelivery.updateMany({ data: { attempts: 7, nextAt: new Date(0) } });
  await soon(async () => {
    expect((await admin.ask(look(id))).data.webhook.deliveries.nodes).toEqual([
      { state: 'FAILED', attempts: 8, error: 'it answered with status 500' },
    ]);
  });
  expect(to.got).toHaveLength(2);
});

it('one that hangs holds up nobody else, and is given up after ten seconds', {
  timeout: 40_000,
}, async () => {
  const { member } = await startPlatform(HERE);
  const admin = await member('admin');
  // Takes what comes, and says nothing, ever.
  const silent = createServer((socket) => void socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const hangs = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  const { id } = await hooked(admin, hangs, 'RUN_FINISHED');
  const to = await receiver();
  const other = await hooked(admin, to.url, 'RUN_FINISHED');
  for (let i = 0; i < 3; i++) await admin.ask(test(id));
  await admin.ask(test(other.id));
  await soon(() => expect(to.got).toHaveLength(1));
  await soon(async () => {
    const { nodes } = (await admin.ask(look(id))).data.webhook.deliveries;
    expect(nodes.at(-1)).toMatchObject({ attempts: 1, error: 'it did not answer within 10 seconds' });
  });
});

it('what cannot be is refused at once, by its field', async () => {
  const { member, prisma } = await startPlatform();
  const admin = await member('admin');
  const create = async (url: string, events = 'RUN_FINISHED') => {
    const { data } = await admin.ask(
      `mutation ($url: String!) { createWebhook(input: { url: $url, events: [${events}] }) { ok errors { code path message } } }`,
      { url },
    );
    return data.createWebhook.ok ? 'ok' : data.createWebhook.errors[0];
  };
  for (const url of ['', 'ftp://example.org', 'https://', 'javascript:alert(1)', 'https://a:b@example.org']) {
    expect(await create(url), url).toMatchObject({ code: 'INVALID', path: ['url'] });
  }
  for (const url of ['http://127.0.0.1', 'http://2130706433/', 'http://[::1]/', 'https://10.0.0.1/']) {
    expect(await create(url), url).toMatchObject({
      path: ['url'],
      message: expect.stringContaining('private'),
    });
  }
  expect(await create('https://example.org', '')).toMatchObject({ path: ['events'] });
  expect(await create('https://example.org', 'PING')).toMatchObject({ path: ['events'] });
  const all = await Promise.all(Array.from({ length: 23 }, () => create('https://example.org')));
  expect(all.filter((one) => one === 'ok')).toHaveLength(20);
  expect(all.find((one) => one !== 'ok')).toMatchObject({ code: 'LIMIT_REACHED' });
  expect(await prisma.webhook.count()).toBe(20);
});

it('the log of what is over goes after thirty days', async () => {
  const { member, prisma } = await startPlatform();
  const { id } = await hooked(await member('admin'), 'https://example.org', 'RUN_FINISHED');
  const days = (count: number) => new Date(Date.now() - count * DAY_MS);
  const delivery = { webhookId: id, event: 'ping', subjectId: id, body: '{}' };
  await prisma.webhookDelivery.createMany({
    data: [
      { ...delivery, id: 'delivery_old', state: 'failed', finishedAt: days(31) },
      { ...delivery, id: 'delivery_new', state: 'delivered', finishedAt: days(29) },
      { ...delivery, id: 'delivery_open', createdAt: days(31) },
    ],
  });
  await forgetOldDeliveries(prisma);
  const left = await prisma.webhookDelivery.findMany({ orderBy: { id: 'asc' } });
  expect(left.map((one) => one.id)).toEqual(['delivery_new', 'delivery_open']);
});

it('who changed a webhook is noted, and no address or secret with it', async () => {
  const { member } = await startPlatform();
  const admin = await member('admin');
  const { id, secret } = await hooked(admin, 'https://hooks.example.org/a-secret-path', 'RUN_FINISHED');
  const change = (text: string) => admin.ask(`mutation { ${text} { ok } }`);
  await change(`updateWebhook(input: { id: "${id}", active: true, events: [RUN_FAILED] })`);
  await change(`rotateWebhookSecret(input: { id: "${id}" })`);
  await change(`testWebhook(input: { id: "${id}" })`);
  const { data } = await admin.ask(
    `mutation { deleteWebhook(input: { id: "${id}" }) { ok webhook { url events } } }`,
  );
  expect(data.deleteWebhook.webhook).toEqual({
    url: 'https://hooks.example.org/a-secret-path',
    events: ['RUN_FAILED'],
  });
  const log = await admin.ask(
    '{ auditLog { nodes { words changes { field value } subject { reference } } } }',
  );
  const own = log.data.auditLog.nodes.filter((node: { subject: object }) =>
    JSON.stringify(node.subject).includes(id),
  );
  expect(own.map(({ words }: { words: string }) => words)).toEqual([
    'deleted webhook “hooks.example.org”',
    'tried a webhook',
    'gave a webhook another secret',
    'changed webhook',
    'created webhook “hooks.example.org”',
  ]);
  expect(JSON.stringify(log)).not.toMatch(/a-secret-path|whsec_/);
  expect(secret).toMatch(/^whsec_/);
});
