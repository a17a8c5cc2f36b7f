import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { transition } from '@espalier/runs';
import { newId, type Run, type RunState, type Transaction } from '@espalier/store';
import { expect, onTestFinished, vi } from 'vitest';
import type { Member, Platform } from './platform.ts';
import { experiment } from './rows.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that webhooks are sent to, and what came. It answers once that is kept. */
export async function receiver(
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => {
    response.end();
  },
) {
  const got: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    got.push({ method, url, headers, body: await text(request) });
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got };
}

/** A webhook, and the secret by which it signs. */
export async function hooked(
  { ask }: Pick<Member, 'ask'>,
  url: string,
  events: string,
): Promise<{ readonly id: string; readonly secret: string }> {
  const { data } = await ask(
    `mutation ($url: String!) {
      createWebhook(input: { url: $url, events: [${events}] }) { ok errors { message } secret webhook { id } }
    }`,
    { url },
  );
  const { ok, errors, secret, webhook } = data.createWebhook;
  expect({ ok, errors }).toEqual({ ok: true, errors: [] });
  return { id: webhook.id, secret };
}

/**
 * Runs of the team's experiment `exp_s` that end so, the last two of them at the same moment.
 *
 * @param behind done in the transaction of each end, behind it
 */
export async function ended(
  platform: Platform,
  teamId: string,
  states: readonly RunState[],
  behind: (transaction: Transaction) => void = () => {},
): Promise<Run[]> {
  const { prisma } = platform;
  if ((await prisma.experiment.count({ where: { id: 'exp_s' } })) === 0) await experiment(platform, teamId);
  const ends = states.map((state) => ({ id: newId('run'), state }));
  await prisma.run.createMany({
    data: ends.map(({ id }) => ({
      ...{ id, teamId, experimentId: 'exp_s', allocation: 'uniform', criterion: 'l1', metric: 'macs' },
      ...{ share: 0.5, seed: 0, state: 'exporting' },
    })),
  });
  const meeting = meetingOf(Math.min(2, ends.length));
  const end = ({ id, state }: (typeof ends)[number], isLast: boolean) =>
    prisma.$transaction(async (transaction) => {
      const data = state === 'failed' ? { data: { error: 'because' } } : {};
      await transition(transaction, { id, state: 'exporting' }, state, data);
      behind(transaction);
      if (isLast) await meeting();
    });
  for (const one of ends.slice(0, -2)) await end(one, false);
  await Promise.all(ends.slice(-2).map((one) => end(one, true)));
  return prisma.run.findMany({ where: { id: { in: ends.map(({ id }) => id) } } });
}

/** Resolves for each of so many once all of them wait. */
function meetingOf(many: number): () => Promise<void> {
  let all = () => {};
  const there = new Promise<void>((resolve) => {
    all = resolve;
  });
  let waiting = 0;
  return () => {
    if (++waiting === many) all();
    return there;
  };
}

/** Waits until it holds, for as long as a sender may take that was told of nothing. */
export async function soon(holds: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(holds, { timeout: 15_000, interval: 50 });
}
