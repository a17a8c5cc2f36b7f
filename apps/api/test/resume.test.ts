import { appendEvent } from '@espalier/runs';
import { expect, it, onTestFinished } from 'vitest';
import { client, type Member, type Platform, startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

// As a browser's EventSource: it asks by GET, keeps the last id, and comes back with it when the connection breaks.

interface Message {
  readonly event: string;
  readonly id: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at keys of a contract, one by one
  readonly data: any;
}

interface Reading {
  /** The next ones, as they come. */
  take(count: number): Promise<Message[]>;
  /** Breaks the connection, in whatever it is at. */
  cut(): void;
}

function source({ address }: Platform, key: string, query: string, lastEventId?: string): Reading {
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const search = new URLSearchParams({ query: `subscription ${query}` });
  const response = client(address, key).fetch(`/graphql/stream?${search}`, {
    headers: {
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: gone.signal,
  });
  const reader = response.then((got) => got.body?.pipeThrough(new TextDecoderStream()).getReader());
  let text = '';
  return {
    async take(count) {
      const taken: Message[] = [];
      while (taken.length < count) {
        const end = text.indexOf('\n\n');
        if (end < 0) {
          const part = await (await reader)?.read();
          if (part?.done !== false) throw new Error(`the stream ended: ${text}`);
          text += part.value;
          continue;
        }
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (name: string) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
        const [event, data] = [field('event'), field('data')];
        if (event) taken.push({ event, id: field('id'), data: data ? JSON.parse(data) : null });
      }
      return taken;
    },
    cut: () => gone.abort(),
  };
}

async function start({ ask }: Member, seeds: readonly number[]): Promise<string[]> {
  const { data } = await ask(
    `mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform", criterion: "random" }], targets: [{ share: 0.5 }], seeds: [${seeds}] }) { runs { id } } }`,
  );
  return data.startRuns.runs.map(({ id }: { id: string }) => id);
}

/** Ids of events, read in pieces: after so many messages each connection is cut, and more happens. */
async function readInPieces(
  open: (last?: string) => Reading,
  happen: () => Promise<void>,
  isEvent: (message: Message) => boolean,
  inAll: () => Promise<number>,
): Promise<string[]> {
  const ids: string[] = [];
  let last: string | undefined;
  const keep = (messages: readonly Message[]) => {
    for (const message of messages) {
      last = message.id ?? last;
      if (isEvent(message)) ids.push(String(message.id));
    }
  };
  for (const count of [1, 3, 2, 1]) {
    await happen();
    const reading = open(last);
    keep(await reading.take(count));
    reading.cut();
  }
  const reading = open(last);
  keep(await reading.take(1));
  const all = await inAll();
  while (ids.length < all) keep(await reading.take(1));
  reading.cut();
  return ids;
}

it('a reader whose connection breaks goes on behind the last id: nothing is lost, nothing comes twice', async () => {
  const platform = await startPlatform();
  const { prisma } = platform;
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const runIds = await start(editor, [1, 2]);
  const [runId = ''] = runIds;
  const happen = async () => {
    for (const id of [...runIds, ...runIds]) {
      await prisma.$transaction((transaction) =>
        appendEvent(transaction, id, { kind: 'warning', text: 'w' }),
      );
    }
  };
  const ofRun = `{ runEvents(runId: "${runId}") { kind } }`;
  const ids = await readInPieces(
    (last) => source(platform, editor.key, ofRun, last),
    happen,
    () => true,
    () => prisma.runEvent.count({ where: { runId } }),
  );
  expect(ids).toEqual(ids.map((_, at) => `${runId}.${at + 1}`));

  await prisma.run.updateMany({ data: { state: 'evaluating', done: 1, total: 2 } });
  const ofAll = '{ experimentEvents(experimentId: "exp_s") { cursor event { kind } progress { done } } }';
  const all = await readInPieces(
    (last) => source(platform, editor.key, ofAll, last),
    happen,
    ({ data }) => data.data.experimentEvents.event !== null,
    () => prisma.runEvent.count(),
  );
  const events = await prisma.runEvent.findMany({
    orderBy: [{ position: 'asc' }, { runId: 'asc' }, { seq: 'asc' }],
  });
  expect(all).toEqual(events.map(({ position, runId: of, seq }) => `${position}.${of}.${seq}`));

  // Of a run that is over, behind its last event: it ends at once.
  await editor.ask(`mutation { cancelRuns(input: { ids: ["${runId}"] }) { ok } }`);
  const count = await prisma.runEvent.count({ where: { runId } });
  const [message] = await source(platform, editor.key, ofRun, `${runId}.${count}`).take(1);
  expect(message).toEqual({ event: 'complete', id: null, data: null });
});

it('an id of something else, or of nothing, is refused in a line; strangers learn nothing by one', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const stranger = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const [runId = '', other = ''] = await start(editor, [1, 2]);
  const { position } = await platform.prisma.runEvent.findFirstOrThrow({ where: { runId } });
  await platform.prisma.experiment.create({
    data: {
      ...{ id: 'exp_t', teamId: editor.teamId, projectId: 'proj_s', modelId: 'model_s', datasetId: 'data_s' },
      ...{ name: 'other', samples: 1, grid: [0.5], seed: 0 },
    },
  });
  const ofRun = `{ runEvents(runId: "${runId}") { seq } }`;
  const ofAll = (id: string) => `{ experimentEvents(experimentId: "${id}") { cursor } }`;
  const cursor = `${position}.${runId}.1`;
  for (const [query, ...ids] of [
    [ofRun, 'nonsense', '1', `${other}.1`, `${runId}.99`, `${runId}.0`, `${runId}.1x`, cursor],
    [ofAll('exp_s'), 'nonsense', `${runId}.1`, `${position + 1000n}.${runId}.1`, `${position}.${runId}.2`],
    [ofAll('exp_t'), cursor],
  ] as const) {
    for (const id of ids) {
      const [message, end] = await source(platform, editor.key, query, id).take(2);
      const [error] = message?.data.errors ?? [];
      expect(error?.extensions, id).toEqual({ code: 'BAD_USER_INPUT', fields: ['Last-Event-ID'] });
      expect(error?.message, id).toMatch(/^Last-Event-ID is .*: leave it out to start from the beginning$/);
      expect(end?.event).toBe('complete');
    }
  }
  for (const [query, id] of [
    [ofRun, `${runId}.1`],
    [ofRun, `${runId}.99`],
    [ofAll('exp_s'), cursor],
    [ofAll('exp_s'), 'nonsense'],
  ] as const) {
    expect(await source(platform, stranger.key, query, id).take(1)).toEqual([
      { event: 'complete', id: null, data: null },
    ]);
  }
});

it('what an address asks is no more than a subscription, and comes with a right', async () => {
  const platform = await startPlatform();
  const { key } = await platform.member('viewer');
  const ask = (search: string, by: string | undefined = key) =>
    client(platform.address, by).fetch(`/graphql/stream${search}`, {
      headers: { accept: 'text/event-stream' },
    });
  for (const search of [
    '',
    '?query={viewer{role}}',
    '?query=mutation{purge{ok}}',
    '?query=subscription{workerEvents{kind}}&variables={',
    `?query=subscription{workerEvents{kind}}${'%20'.repeat(5000)}`,
  ]) {
    expect((await ask(search)).status, search.slice(0, 50)).toBe(400);
  }
  const streamed = '?query=subscription{runEvents(runId:"run_none"){seq}}';
  expect(await (await ask(streamed)).text()).toContain('event: complete');
  expect(await (await ask(streamed, 'esp_nobody')).text()).toContain('UNAUTHENTICATED');
});
