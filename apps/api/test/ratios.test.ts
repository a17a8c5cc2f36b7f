import { expect, it } from 'vitest';
import { makeRuns } from './hand-made.ts';
import { startPlatform } from './platform.ts';

const RESULT = `result { top1 drop bytes
  base { params macs bytes latencyMs throughput top1 top5 loss }
  ratio { params macs bytes latency throughput } }`;

it('a result has its base, what it lost, and ratios of base over pruned', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  const { id } = await makeRuns(prisma, viewer.teamId, [
    { id: 'run_a', macs: 1000, params: 250, bytes: 640, top1: 0.875, latencyMs: 2, throughput: 500 },
    { id: 'run_b', macs: 5000, params: 1000, bytes: 1600, top1: null, latencyMs: 6 },
    { id: 'run_c', model: 'untested', macs: 250, params: 0, bytes: 500, top1: 0.5, latencyMs: Number.NaN },
  ]);
  const of = async (name: string) =>
    (await viewer.ask(`query ($id: ID!) { run(id: $id) { ${RESULT} } }`, { id: id(name) })).data.run.result;
  const a = await of('run_a');
  expect(a).toEqual({
    ...{ top1: 0.875, bytes: 640, drop: expect.closeTo(0.025, 12) },
    base: {
      params: 1000,
      macs: 4000,
      bytes: 800,
      latencyMs: 3,
      throughput: 200,
      top1: 0.9,
      top5: null,
      loss: 0.25,
    },
    ratio: { params: 4, macs: 4, bytes: 1.25, latency: 1.5, throughput: 2.5 },
  });
  // Larger and slower than it was, and not known how good.
  expect(await of('run_b')).toMatchObject({
    drop: null,
    ratio: { params: 1, macs: 0.8, bytes: 0.5, latency: 0.5, throughput: null },
  });
  // A base that nobody has tested; nothing is divided by nothing, and what is no number is not known.
  expect(await of('run_c')).toMatchObject({
    drop: null,
    base: { top1: null, loss: null, latencyMs: 3 },
    ratio: { params: null, macs: 2, bytes: 1, latency: null },
  });

  const list = `query ($first: Int!) { runs(first: $first) { nodes { id ${RESULT} } } }`;
  await viewer.ask(list, { first: 1 });
  const one = await statements(() => viewer.ask(list, { first: 1 }));
  const all = await statements(() => viewer.ask(list, { first: 3 }));
  expect(all.result.data.runs.nodes.find((run: { id: string }) => run.id === id('run_a')).result).toEqual(a);
  expect(all.count).toBe(one.count);

  // The columns of a comparison say the same.
  const { data } = await viewer.ask(`{ comparison { columns {
    id: runId bytes baseBytes baseLoss ratioParams ratioMacs ratioBytes ratioLatency ratioThroughput } } }`);
  const { id: ids, ...columns } = data.comparison.columns;
  const place = ids.indexOf(id('run_a'));
  expect(Object.values(columns).map((column) => (column as unknown[])[place])).toEqual([
    ...[640, 800, 0.25],
    ...[4, 4, 1.25, 1.5, 2.5],
  ]);
});

it('a comparison tells all that decides a run, also where everything is as usual', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const { id } = await makeRuns(prisma, viewer.teamId, [
    { id: 'run_a', macs: 1000, top1: 0.8 },
    { id: 'run_b', macs: 1000, top1: 0.8, share: 0.3 },
  ]);
  const limits = { align: 8, minWidth: 1, maxRatio: 0.9, keep: [] };
  await prisma.run.update({ where: { id: id('run_b') }, data: { limits } });
  const { data } = await viewer.ask('{ comparison { columns { runId setting settingKey strategyKey } } }');
  const { runId, setting } = data.comparison.columns;
  const usual = {
    ...{ allocation: 'cie', criterion: 'l1', target: { metric: 'macs', share: 0.5 }, teacher: null },
    profileHash: null,
    ...{
      rounds: null,
      recovery: null,
      recalibrate: null,
      repair: 0,
      recipe: null,
      limits: { ...limits, align: 'auto' },
      sampling: { metric: 'top1', weights: {} },
    },
  };
  expect(JSON.parse(setting[runId.indexOf(id('run_a'))])).toEqual(usual);
  const target = { metric: 'macs', share: 0.3 };
  expect(JSON.parse(setting[runId.indexOf(id('run_b'))])).toEqual({ ...usual, target, limits });
});
