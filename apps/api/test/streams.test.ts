import { announceWorker } from '@espalier/runs';
import { newId } from '@espalier/store';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { client, type Member, type Platform, startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

it("an experiment's runs are followed together, and resumed behind a cursor", async () => {
  const platform = await startPlatform();
  const { prisma } = platform;
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const [first = '', second = ''] = await start(editor);
  const all = await open(platform, editor, experimentEvents());
  expect((await all.take(2)).map(({ event }) => event.kind)).toEqual(['CREATED', 'CREATED']);
  // What an open transaction may still write comes before what was committed meanwhile: nothing is passed over.
  const slow = new pg.Client({ connectionString: platform.url });
  await slow.connect();
  onTestFinished(() => slow.end());
  await slow.query('BEGIN');
  await slow.query(`INSERT INTO "RunEvent" ("runId", seq, kind, data) VALUES ('${second}', 2, 'slow', '{}')`);
  await editor.ask(`mutation { cancelRuns(input: { ids: ["${first}"] }) { ok } }`);
  await slow.query('COMMIT');
  const next = await all.take(2);
  expect(next.map(({ event, run }) => [run.id, event.kind, event.name])).toEqual([
    [second, 'UNKNOWN', 'slow'],
    [first, 'STATE', undefined],
  ]);
  await prisma.run.update({ where: { id: second }, data: { state: 'evaluating', done: 5, total: 10 } });
  const [snapshot] = await all.take(1);
  expect(snapshot).toMatchObject({
    ...{ run: { id: second }, event: null, cursor: next[1]?.cursor },
    progress: { stage: 'EVALUATING', done: 5, total: 10 },
  });
  const { data } = await editor.ask('{ experiment(id: "exp_s") { cursor } }');
  expect(data.experiment.cursor).toBe(next[1]?.cursor);
  const resumed = await open(platform, editor, experimentEvents(next[0]?.cursor));
  expect((await resumed.take(1))[0]).toMatchObject({ run: { id: first }, event: { kind: 'STATE' } });
  const wrong = await open(platform, editor, experimentEvents('nonsense'));
  expect(await wrong.rest()).toContain('after is not a cursor of this experiment');
  const stranger = await platform.member('admin');
  const nothing = await open(platform, stranger, experimentEvents());
  expect(await nothing.rest()).not.toContain('event: next');
});

it('what becomes of workers is told as it happens', async () => {
  const platform = await startPlatform();
  const { prisma } = platform;
  const operator = await platform.operator();
  const worker = { host: 'h', pid: 1, engine: 'auto', cores: 2, memoryBytes: 1024, version: 'v' };
  // Heard of in the future: it lives as long as the test does.
  const lastSeenAt = new Date(Date.now() + 600_000);
  const [old, young] = [newId('worker'), newId('worker')];
  await prisma.worker.create({ data: { ...worker, id: old, lastSeenAt } });
  const stream = await open(platform, operator, '{ workerEvents { kind worker { id state } } }');
  const next = async () => {
    const [news] = await stream.take(1);
    return [news?.kind, news?.worker.id, news?.worker.state];
  };
  expect(await next()).toEqual(['PRESENT', old, 'IDLE']);
  await prisma.worker.create({ data: { ...worker, id: young, lastSeenAt } });
  await announceWorker(prisma, young);
  expect(await next()).toEqual(['STARTED', young, 'IDLE']);
  const change = async (data: object) => {
    await prisma.worker.update({ where: { id: young }, data });
    await announceWorker(prisma, young);
    return next();
  };
  expect(await change({ draining: true })).toEqual(['DRAINING', young, 'DRAINING']);
  expect(await change({ draining: false })).toEqual(['RESUMED', young, 'IDLE']);
  expect(await change({ lastSeenAt: new Date(Date.now() - 60_000) })).toEqual(['LOST', young, 'LOST']);
  expect(await change({ lastSeenAt })).toEqual(['BACK', young, 'IDLE']);
  expect(await change({ stoppedAt: new Date() })).toEqual(['STOPPED', young, 'STOPPED']);
});

const experimentEvents = (after?: string) =>
  `{ experimentEvents(experimentId: "exp_s"${after === undefined ? '' : `, after: "${after}"`}) { run { id } cursor event { kind seq ... on UnknownEvent { name } } progress { stage done total } } }`;

async function start({ ask }: Member): Promise<string[]> {
  const { data } = await ask(
    'mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform", criterion: "random" }], targets: [{ share: 0.5 }], seeds: [1, 2] }) { runs { id } } }',
  );
  return data.startRuns.runs.map(({ id }: { id: string }) => id);
}

interface Stream {
  /** The next ones, as they come. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at keys of a contract, one by one
  take(count: number): Promise<any[]>;
  /** Everything that is left, as text, of a stream that ends. */
  rest(): Promise<string>;
}

async function open({ address }: Platform, { key }: Member, subscription: string): Promise<Stream> {
  const going = new AbortController();
  onTestFinished(() => going.abort());
  const response = await client(address, key).fetch('/graphql/stream', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: `subscription ${subscription}` }),
    signal: going.signal,
  });
  const parts = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const more = async () => {
    const part = await parts?.read();
    text += part?.value ?? '';
    return part?.done === false;
  };
  return {
    async take(count) {
      const taken = [];
      while (taken.length < count) {
        const end = text.indexOf('\n\n');
        if (end < 0) {
          if (!(await more())) throw new Error(`the stream ended: ${text}`);
          continue;
        }
        const message = text.slice(0, end);
        text = text.slice(end + 2);
        if (!message.includes('event: next')) continue;
        const { data } = JSON.parse(message.slice(message.indexOf('data: ') + 6));
        taken.push(...Object.values(data));
      }
      return taken;
    },
    async rest() {
      while (await more());
      return text;
    },
  };
}
