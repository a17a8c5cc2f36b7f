import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { client, type Member, type Platform, startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

it('there are three subscriptions', async () => {
  const fields = (await createSchema()).getSubscriptionType()?.getFields() ?? {};
  expect(Object.keys(fields)).toEqual(['runEvents', 'experimentEvents', 'workerEvents']);
});

it("a run's events arrive as they happen, and the stream ends with the run", async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const runId = await waitingRun(platform, editor);
  const reading = events(platform, editor.key, runId);
  await editor.ask(`mutation { cancelRuns(input: { ids: ["${runId}"] }) { ok } }`);
  const all = await reading;
  expect(all.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(all.map(({ kind }) => kind)).toEqual(['CREATED', 'STATE']);
  expect(all[1]?.state).toBe('CANCELLED');
  // Resumed, it begins behind the number.
  expect((await events(platform, editor.key, runId, 1)).map(({ seq }) => seq)).toEqual([2]);
});

it('strangers read nothing, and nobody anything but subscriptions', async () => {
  const platform = await startPlatform();
  const runId = await waitingRun(platform, await platform.member('editor'));
  const stranger = await platform.member('admin');
  expect(await events(platform, stranger.key, runId)).toEqual([]);
  const anonymous = await stream(platform, undefined, runId);
  expect(await anonymous.text()).toContain('UNAUTHENTICATED');
  const query = await client(platform.address, stranger.key).fetch('/graphql/stream', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: '{ viewer { role } }' }),
  });
  expect(query.status).toBe(400);
});

interface Event {
  readonly seq: number;
  readonly kind: string;
  readonly state?: string;
}

/** Everything that a stream gives until it ends. */
async function events(platform: Platform, key: string, runId: string, afterSeq = 0): Promise<Event[]> {
  const text = await (await stream(platform, key, runId, afterSeq)).text();
  return text
    .split('\n\n')
    .filter((part) => part.includes('event: next'))
    .map((part) => JSON.parse(part.slice(part.indexOf('data: ') + 6)).data.runEvents);
}

function stream(
  { address }: Platform,
  key: string | undefined,
  runId: string,
  afterSeq = 0,
): Promise<Response> {
  const query = `subscription { runEvents(runId: "${runId}", afterSeq: ${afterSeq}) { seq kind ... on StateEvent { state } } }`;
  return client(address, key).fetch('/graphql/stream', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  });
}

async function waitingRun(platform: Platform, { teamId, ask }: Member): Promise<string> {
  await experiment(platform, teamId);
  const { data } = await ask(
    'mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform" }], targets: [{ share: 0.5 }] }) { runs { id } } }',
  );
  return data.startRuns.runs[0].id;
}
