import { Prisma } from '@espalier/store';
import { expect, it, vi } from 'vitest';
import { INSIDE } from '../src/errors.ts';
import { startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

const PARTS = {
  groups: '{ group before after kept savedAlone { macs } }',
  trace: '{ threshold saving widths kind round }',
  rounds: '{ round savedMacs groups { group } before { top1 loss } }',
  recovery: '{ recipe { epochs schedule { kind } } trainings { epochs { loss } } }',
  provenance: '{ version worker cores }',
  seconds: '{ stage seconds }',
};

it('what a column holds that does not fit is the error of that field, in the log and in its place, not of the list', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const { runIds } = await fillTeam(prisma, viewer.teamId, { runs: 12 });
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const fields = Object.entries(PARTS).map(([name, parts]) => `${name} ${parts}`);
  const ask = () => viewer.ask(`{ runs(first: 50) { nodes { id result { macs ${fields.join(' ')} } } } }`);
  expect((await ask()).errors).toBeUndefined();
  const [runId = '', untouched = ''] = (
    await prisma.prunedResult.findMany({ where: { runId: { in: [...runIds] } }, orderBy: { runId: 'asc' } })
  ).map((row) => row.runId);
  // Whatever it is: something else altogether, a part that is missing, a part of another kind.
  for (const bad of [
    {
      structure: 'x',
      trace: 7,
      rounds: 'x',
      recovery: 'x',
      provenance: { cores: 'many' },
      seconds: { searching: 'x' },
    },
    {
      ...{ structure: [{ group: 'a' }], trace: [null], rounds: [{ round: 1 }] },
      ...{ recovery: { recipe: { epochs: -1 } }, provenance: Prisma.JsonNull, seconds: Prisma.JsonNull },
    },
    {
      ...{ structure: [{ group: {}, before: 'x', after: 1, kept: [] }], trace: [{ kind: 'guess' }] },
      ...{ rounds: [{ round: 'x', achieved: {} }], recovery: { recipe: {}, trainings: [{}] } },
      ...{ provenance: { version: {} }, seconds: { cutting: [1, 2] } },
    },
  ]) {
    await prisma.prunedResult.update({ where: { runId }, data: bad });
    logged.mockClear();
    const { data, errors } = await ask();
    const results = new Map(
      data.runs.nodes.map(({ id, result }: { id: string; result: unknown }) => [id, result]),
    );
    const told = results.get(runId) as Record<string, unknown>;
    expect(told).toMatchObject({
      macs: expect.anything(),
      ...{ groups: null, trace: null, rounds: null, recovery: null, seconds: null },
    });
    expect([null, { version: null, worker: null, cores: null }]).toContainEqual(told.provenance);
    expect(results.get(untouched)).toMatchObject({ groups: [{ group: 'conv1' }], provenance: {} });
    const at = errors.map(({ path }: { path: unknown[] }) => path[4]);
    expect([...new Set(at)].sort()).toEqual(Object.keys(PARTS).sort());
    for (const { message, extensions } of errors) {
      expect([message, extensions.code]).toEqual([INSIDE, 'INTERNAL_SERVER_ERROR']);
    }
    expect(logged).toHaveBeenCalledTimes(errors.length);
  }
});

it('a model tells what its row has: of old ones what there is, and an error where it cannot be read', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const { modelIds } = await fillTeam(prisma, viewer.teamId, { runs: 1 });
  const [first = '', second = ''] = [...modelIds].sort();
  const group = { id: 'conv1', width: 8 };
  const layer = { name: 'conv1', op: 'Conv', shape: [-1, 8, 32, 32], params: 216, macs: 221_184 };
  const data = {
    summary: {
      ...{ input: [-1, 3, 32, 32], layers: [layer] },
      groups: [
        { ...group, reason: null },
        { ...group, reason: 'a LayerNorm mixes it: it is pruned only where inexact pruning is allowed' },
        { ...group, reason: 'it is the output', producers: ['conv1'], consumers: [] },
      ],
    },
    metadata: {},
  };
  await prisma.model.update({ where: { id: first }, data });
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const ask = () =>
    viewer.ask(`{ models { nodes {
      id
      preprocessing { input { height } output classes }
      summary {
        inputShape operations classes reachable { macs }
        groups { width prunable inexact producers } layers { name op shape params macs from }
      }
    } } }`);
  const { data: told, errors } = await ask();
  expect(errors).toBeUndefined();
  const modelOf = (answer: typeof told, id: string) =>
    answer.models.nodes.find((model: { id: string }) => model.id === id);
  expect(modelOf(told, first)).toMatchObject({
    preprocessing: { input: null, output: null, classes: null },
    summary: {
      ...{ inputShape: [3, 32, 32], operations: null, classes: null, reachable: null },
      groups: [
        { width: 8, prunable: true, inexact: false, producers: null },
        { prunable: false, inexact: true },
        { prunable: false, inexact: false, producers: ['conv1'] },
      ],
      layers: [{ ...layer, shape: [8, 32, 32], from: null }],
    },
  });
  expect(modelOf(told, second).preprocessing).toBe(null);
  for (const bad of [
    { summary: 7, metadata: { input: { size: 3 } } },
    { summary: { groups: [{ id: 'conv1' }], layers: 'x', input: 'x' }, metadata: { input: 'x' } },
  ]) {
    await prisma.model.update({ where: { id: first }, data: bad });
    logged.mockClear();
    const answer = await ask();
    expect(answer.data.models.nodes).toHaveLength(modelIds.length);
    expect(modelOf(answer.data, second)).toMatchObject({ summary: { groups: [] }, preprocessing: null });
    expect(modelOf(answer.data, first)?.preprocessing).toBe(null);
    for (const { message } of answer.errors) expect(message).toBe(INSIDE);
    expect(logged).toHaveBeenCalledTimes(answer.errors.length);
  }
});
