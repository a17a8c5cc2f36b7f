import { RUN_EVENTS, type ToldEvent } from '@espalier/runs';
import { newId } from '@espalier/store';
import { isInterfaceType } from 'graphql';
import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

/** Data that are told as an edge, or in other words. */
const EDGES: Readonly<Record<string, string>> = {
  clonedFrom: 'clonedFrom',
  workerId: 'worker',
  samplingRunId: 'sampling',
};

it('all that is written of a run has its type and its field', async () => {
  const schema = await createSchema();
  const events = schema.getType('RunEvent');
  if (!isInterfaceType(events)) throw new Error('RunEvent is an interface');
  const types = new Map(schema.getPossibleTypes(events).map((type) => [type.name, type]));
  for (const [kind, { shape }] of Object.entries(RUN_EVENTS)) {
    const name = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Event`;
    const fields = Object.keys(types.get(name)?.getFields() ?? {});
    const told = kind === 'round' ? [] : Object.keys(shape).map((key) => EDGES[key] ?? key);
    expect(fields, name).toEqual(expect.arrayContaining(['seq', 'kind', 'createdAt', ...told]));
    types.delete(name);
  }
  expect([...types.keys()]).toEqual(['UnknownEvent']);
});

const ALL = `events {
  __typename seq kind
  ... on CreatedEvent { state allocation criterion seed clonedFrom { id } }
  ... on ClaimedEvent { claim worker { host } }
  ... on SampledEvent { sampling { id } }
  ... on StateEvent { state reason error top1 macs }
  ... on RoundEvent { cut { round share savedParams savedMacs groups { group before after } before { top1 top5 loss images } after { top1 } } }
  ... on EpochEvent { epoch loss top1 learningRate imagesPerSecond seconds round }
  ... on ResumedEvent { step round }
  ... on RepairedEvent { images layers left }
  ... on CheckpointEvent { step }
  ... on WarningEvent { text }
  ... on UnknownEvent { name }
}`;

const quality = { top1: 0.5, top5: null, loss: 1, n: 10 };
const TOLD: readonly ToldEvent[] = [
  { kind: 'claimed', workerId: 'worker_1', claim: 1 },
  { kind: 'sampled', samplingRunId: 'sample_none' },
  { kind: 'state', state: 'failed', reason: null, error: 'no room', top1: null, macs: null },
  {
    ...{ kind: 'round', round: 1, target: { metric: 'macs', share: 0.5 } },
    ...{
      achieved: { params: 0.25, macs: 0.5 },
      structure: [{ group: 'a', before: 8, after: 4 }],
      before: { ...quality, top1: 0.75 },
      after: quality,
    },
  },
  {
    ...{ kind: 'epoch', epoch: 0.5, loss: null, top1: null, learningRate: 0.1, imagesPerSecond: null },
    ...{ seconds: 2, round: 1 },
  },
  { kind: 'resumed', step: 3, round: null },
  { kind: 'repaired', images: 2000, layers: 12, left: 1 },
  { kind: 'checkpoint', step: 4 },
  { kind: 'warning', text: 'dark images' },
];

/** Of other versions, or of nobody. */
const STRANGE: readonly (readonly [kind: string, data: unknown])[] = [
  ['shrunk', { by: 2 }],
  ['constructor', {}],
  ['__proto__', {}],
  ['unknown', { name: 7 }],
  ['state', {}],
  ['state', { state: 'pruning' }],
  ['state', { state: ['queued'] }],
  ['warning', { text: { deep: 1 } }],
  ['epoch', [1, 2]],
  ['round', 'text'],
  ['claimed', 5],
];

it('every event is told by its type, and one that is not known as unknown; all in one query', async () => {
  const platform = await startPlatform();
  const { prisma } = platform;
  const editor = await platform.member('editor');
  const stranger = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const worker = { host: 'h', pid: 1, engine: 'auto', cores: 2, memoryBytes: 1024, version: 'v' };
  await prisma.worker.create({ data: { ...worker, id: 'worker_1' } });
  const of = { teamId: editor.teamId, experimentId: 'exp_s', metric: 'macs', share: 0.5 } as const;
  const run = { ...of, allocation: 'uniform', criterion: 'l1', seed: 0 };
  const [runId, gone, theirs] = [newId('run'), newId('run'), newId('run')];
  await prisma.run.create({ data: { ...run, id: gone, deletedAt: new Date() } });
  await prisma.run.create({ data: { ...run, id: theirs, teamId: stranger.teamId } });
  await prisma.run.create({ data: { ...run, id: runId } });
  const created = [runId, gone, theirs, null].map((clonedFrom): ToldEvent => {
    return { kind: 'created', state: 'queued', allocation: 'uniform', criterion: 'l1', seed: 0, clonedFrom };
  });
  const rows = [...created, ...TOLD].map(({ kind, ...data }) => [kind, data] as const);
  await prisma.runEvent.createMany({
    data: [...rows, ...STRANGE].map(([kind, data], at) => ({
      ...{ runId, seq: at + 1, kind },
      data: data as object,
    })),
  });
  const { data, errors } = await editor.ask(`{ run(id: "${runId}") { ${ALL} } }`);
  expect(errors).toBeUndefined();
  const [first, trashed, foreign, fresh, ...others] = data.run.events;
  const made = { kind: 'CREATED', state: 'QUEUED', allocation: 'uniform', criterion: 'l1', seed: 0 };
  expect(first).toMatchObject({ __typename: 'CreatedEvent', ...made, clonedFrom: { id: runId } });
  for (const each of [trashed, foreign, fresh]) expect(each).toMatchObject({ ...made, clonedFrom: null });
  expect(others.slice(0, TOLD.length)).toMatchObject([
    { kind: 'CLAIMED', claim: 1, worker: null },
    { kind: 'SAMPLED', sampling: null },
    { kind: 'STATE', state: 'FAILED', reason: null, error: 'no room', top1: null, macs: null },
    {
      kind: 'ROUND',
      cut: {
        ...{ round: 1, share: 0.5, savedParams: 0.25, savedMacs: 0.5 },
        groups: [{ group: 'a', before: 8, after: 4 }],
        before: { top1: 0.75, top5: null, loss: 1, images: 10 },
        after: { top1: 0.5 },
      },
    },
    { kind: 'EPOCH', epoch: 0.5, loss: null, top1: null, learningRate: 0.1, seconds: 2, round: 1 },
    { kind: 'RESUMED', step: 3, round: null },
    { kind: 'REPAIRED', images: 2000, layers: 12, left: 1 },
    { kind: 'CHECKPOINT', step: 4 },
    { kind: 'WARNING', text: 'dark images' },
  ]);
  expect(others.slice(TOLD.length)).toMatchObject(
    STRANGE.map(([name]) => ({ __typename: 'UnknownEvent', kind: 'UNKNOWN', name })),
  );
  const operator = await platform.operator(editor.teamId);
  const seen = await operator.ask(`{ run(id: "${runId}") { ${ALL} } }`);
  expect(seen.data.run.events[4]).toMatchObject({ kind: 'CLAIMED', worker: { host: 'h' } });
});
