import { expect, it } from 'vitest';
import { type HandMade, makeRuns } from './hand-made.ts';
import { type Member, startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

/** Of the small network (4,000 MACs, 0.9) and of the large one (80,000 MACs, 0.8). */
const RUNS: readonly HandMade[] = [
  { id: 'run_a', macs: 2000, top1: 0.88 },
  { id: 'run_b', macs: 1000, top1: 0.86, seed: 1, latencyMs: 1.5 },
  // The same network once more.
  { id: 'run_c', macs: 1000, top1: 0.86, seed: 2, network: 'run_b', latencyMs: 0.5 },
  { id: 'run_d', macs: 2000, top1: 0.87, allocation: 'uniform', share: 0.3 },
  { id: 'run_e', model: 'large', macs: 20_000, top1: 0.79, recipeHash: 'three' },
  { id: 'run_f', model: 'large', macs: 40_000, top1: 0.78 },
  { id: 'run_g', model: 'untested', macs: 250, top1: 0.5 },
];

const SUMMARY = `query ($by: [SummaryKey!]!, $filter: RunFilter! = {}, $first: Int! = 100) {
  ratioSummary(by: $by, filter: $filter) { groupCount groups(first: $first) {
    model { name } dataset { name } project { name } strategy { name } target { metric share }
    runs networks grounds
    top1 { n mean deviation best bestRun { id } } drop { n mean deviation best bestRun { id } }
    ratio { macs { n mean deviation best bestRun { id } } latency { n mean best } bytes { mean } throughput { n } }
  } }
}`;

const near = (value: number) => expect.closeTo(value, 9);

it('counts different networks of a group, with means, deviations and the best run', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const { id } = await makeRuns(prisma, viewer.teamId, RUNS);
  await makeRuns(prisma, (await member('viewer')).teamId, [{ id: 'run_theirs', macs: 1, top1: 0.9 }]);
  const of = (name: string) => ({ id: id(name) });
  const { groupCount, groups } = await summary(viewer, { by: ['MODEL'] });
  expect(groupCount).toBe(3);
  expect(groups).toMatchObject([
    {
      ...{ model: { name: 'large' }, dataset: null, project: null, strategy: null, target: null },
      // Made by two recipes: what was lost lies side by side, accuracies have no mean.
      ...{ runs: 2, networks: 2, grounds: 2, top1: null },
      drop: {
        n: 2,
        mean: near(0.015),
        deviation: near(Math.sqrt(0.00005)),
        best: near(0.01),
        bestRun: of('run_e'),
      },
      ratio: {
        macs: { n: 2, mean: 3, deviation: near(Math.SQRT2), best: 4, bestRun: of('run_e') },
        latency: null,
      },
    },
    {
      ...{ model: { name: 'small' }, runs: 4, networks: 3, grounds: 1 },
      top1: { n: 3, mean: near(0.87), deviation: near(0.01), best: 0.88, bestRun: of('run_a') },
      drop: { n: 3, mean: near(0.03), deviation: near(0.01), best: near(0.02), bestRun: of('run_a') },
      ratio: {
        macs: { n: 3, mean: near(8 / 3), deviation: near(Math.sqrt(4 / 3)), best: 4, bestRun: of('run_b') },
        // Once: the second timing of the same network is no other network.
        latency: { n: 1, mean: 2, best: 2 },
        bytes: { mean: near(2) },
        throughput: null,
      },
    },
    {
      ...{ model: { name: 'untested' }, runs: 1, networks: 1, grounds: 1, drop: null },
      ratio: { macs: { n: 1, mean: 2, deviation: null, best: 2 } },
    },
  ]);

  const crossed = await summary(viewer, { by: ['TARGET', 'STRATEGY', 'STRATEGY'] });
  expect(
    crossed.groups.map(({ strategy, target, runs, networks, grounds }: Group) => [
      ...[strategy.name, target.metric, target.share, runs, networks, grounds],
    ]),
  ).toEqual([
    ['cie · l1', 'MACS', 0.5, 5, 4, 3],
    ['cie · l1', 'MACS', 0.5, 1, 1, 1],
    ['uniform · l1', 'MACS', 0.3, 1, 1, 1],
  ]);
  const [whole] = (await summary(viewer, { by: [] })).groups;
  expect(whole).toMatchObject({
    model: null,
    runs: 7,
    networks: 6,
    grounds: 4,
    ratio: { macs: { n: 6, best: 4 } },
  });
  expect(
    await summary(viewer, { by: ['PROJECT', 'DATASET'], filter: { allocation: { in: ['uniform'] } } }),
  ).toMatchObject({
    groups: [{ project: { name: 'Project small' }, dataset: { name: 'Data' }, runs: 1 }],
  });
  expect(await summary(viewer, { by: [], filter: { state: { in: ['FAILED'] } } })).toEqual({
    groupCount: 0,
    groups: [],
  });
  expect(await summary(viewer, { by: ['MODEL'], first: 1 })).toMatchObject({
    ...{ groupCount: 3, groups: [{ model: { name: 'large' } }] },
  });
  const { errors } = await viewer.ask(SUMMARY, { by: [], first: 1001 });
  expect(errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: ['first'] });
});

it('takes limits for one strategy that name the same channels in another order, and no others', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const { id } = await makeRuns(prisma, viewer.teamId, RUNS.slice(0, 4));
  const limit = (name: string, limits: object) =>
    prisma.run.update({
      where: { id: id(name) },
      data: { limits: { align: 1, minWidth: 1, maxRatio: 0.9, ...limits } },
    });
  await limit('run_a', { keep: ['b', 'a'] });
  await limit('run_b', { keep: ['a', 'b'] });
  await limit('run_c', { keep: ['a'] });
  const { groups } = await summary(viewer, { by: ['STRATEGY'], filter: { allocation: { in: ['cie'] } } });
  expect(groups.map(({ runs }: Group) => runs).sort()).toEqual([1, 2]);
});

it('works out what fragments and aliases ask for, and no run where none is asked for', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const { id } = await makeRuns(prisma, viewer.teamId, RUNS);
  const groups = async (fields: string) =>
    (await viewer.ask(`query { ratioSummary(by: []) { ...Groups } } ${fields}`)).data.ratioSummary.groups;
  const inFragments = `fragment Groups on Summary { groups { lost: drop { ...Best } ratio { ... on RatioSpread { macs { best } } } } }
    fragment Best on BestSpread { value: best first: bestRun { id } }`;
  expect(await groups(inFragments)).toEqual([
    { lost: { value: near(0.01), first: { id: id('run_e') } }, ratio: { macs: { best: 4 } } },
  ]);
  expect(await groups('fragment Groups on Summary { groups { runs ratio { bytes { n } } } }')).toEqual([
    { runs: 7, ratio: { bytes: { n: 6 } } },
  ]);
});

it('takes as many statements for many groups as for few', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 200 });
  const by = ['MODEL', 'DATASET', 'STRATEGY', 'TARGET', 'PROJECT'];
  await summary(viewer, { by, first: 1 });
  const one = await statements(() => summary(viewer, { by, first: 1 }));
  const all = await statements(() => summary(viewer, { by, first: 1000 }));
  expect(all.result.groups.length).toBeGreaterThan(50);
  expect(all.count).toBe(one.count);
  expect(all.count).toBeLessThanOrEqual(8);
});

const FRONT = `query ($cost: CompressionMetric! = MACS, $filter: RunFilter! = {}) {
  ratioFront(cost: $cost, filter: $filter) { count networks grounds points { ratio drop run { id model { name } } } }
}`;

it('has on its front what no run beats in ratio and drop, whatever the size of the model', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  const { id } = await makeRuns(prisma, viewer.teamId, [
    ...RUNS,
    { id: 'run_h', macs: 400, top1: 0.8, latencyMs: 2 },
    // As good as run_e, of the other model: 0.9 - 0.89 and 0.8 - 0.79 are equal, whatever their last digits say.
    { id: 'run_i', macs: 1000, top1: 0.89, share: 0.9 },
    { id: 'run_j', model: 'large', macs: 64_000, top1: 0.805 },
  ]);
  const front = async (variables: object) => {
    const { data, errors } = await viewer.ask(FRONT, variables);
    expect(errors).toBeUndefined();
    const { points, ...rest } = data.ratioFront;
    return {
      ...rest,
      points: points.map(({ run, ratio }: Point) => [run.id.replace(`_${viewer.teamId}`, ''), ratio]),
    };
  };
  // The first time notes when the key was used.
  await front({});
  const asked = await statements(() => front({}));
  expect(asked.result).toEqual({
    ...{ count: 4, networks: 8, grounds: 3 },
    points: [
      ['run_h', 10],
      ['run_e', 4],
      ['run_i', 4],
      ['run_j', 1.25],
    ],
  });
  expect(asked.count).toBeLessThanOrEqual(8);
  expect(await front({ cost: 'LATENCY' })).toEqual({
    ...{ count: 1, networks: 2, grounds: 1, points: [['run_b', 2]] },
  });
  expect(await front({ filter: { model: { in: [id('model_large')] } } })).toMatchObject({
    points: [
      ['run_e', 4],
      ['run_j', 1.25],
    ],
  });
  expect(await front({ cost: 'THROUGHPUT' })).toEqual({ count: 0, networks: 0, grounds: 0, points: [] });
});

interface Group {
  readonly strategy: { readonly name: string };
  readonly target: { readonly metric: string; readonly share: number };
  readonly runs: number;
  readonly networks: number;
  readonly grounds: number;
}

interface Point {
  readonly ratio: number;
  readonly run: { readonly id: string };
}

async function summary(member: Member, variables: object) {
  const { data, errors } = await member.ask(SUMMARY, variables);
  expect(errors).toBeUndefined();
  return data.ratioSummary;
}
