import type { Prisma, PrismaClient } from '@espalier/store';
import { expect, it } from 'vitest';
import { startPlatform } from './platform.ts';
import { CIE, fillByHand, finishedRun, UNIFORM } from './strategies-data.ts';

const ANALYSIS = `{
  analysis {
    groups(first: 20) {
      name baseValue qualityMetric { name direction unit } count
      front { id } byTop1: front(of: TOP1) { id }
      ranks { strategies { strategy { allocation } meanRank overall { mean } } }
      areas { strategies { strategy { allocation } area } }
      matches { a { allocation } wins ties losses untested difference }
      best(budget: { metric: MACS, most: 1000 }) { run { id } value top1 }
    }
    pairs(runIds: ["run_error_cie", "run_error_uniform", "run_cie_30_0", "run_weighed_cie"]) {
      a { id } b { id } verdict reasons { rule } test { p }
    }
    relative { strategy { allocation } share qualityMetric change { mean } }
  }
}`;

const OTHERS = `{
  comparison {
    columns { runId qualityMetric outputWeights value baseValue valueDrop }
    onFront comparability { verdict reasons { rule } }
  }
  compression(budgets: [0.15, 0.5]) {
    rows { qualityMetric { name } networks best { run { id } baseValue value drop top1 } }
  }
  front: ratioFront(qualityMetric: FIDELITY) { networks points { drop run { id } } }
  usual: ratioFront { networks points { run { id } } }
  summary: ratioSummary(by: [STRATEGY]) { groups { strategy { allocation } qualityMetric networks drop { mean best bestRun { id } } } }
  all: ratioSummary(by: []) { groups { qualityMetric drop { mean } } }
  models { nodes { bestRun(maxDrop: 0.15) { id } } }
}`;

/**
 * Experiments by error beside those of `fillByHand`. By top-1 the runs stand the other way round, so that whatever goes
 * by the wrong metric, or in the wrong direction, names another one.
 */
async function withErrors(prisma: PrismaClient, teamId: string): Promise<void> {
  await fillByHand(prisma, teamId);
  const place = { teamId, projectId: 'proj_h', modelId: 'model_h', datasetId: 'data_h' };
  for (const [id, outputWeights] of [
    ['exp_error', { logits: 1 }],
    ['exp_weighed', { heat: 3 }],
  ] as const) {
    await prisma.experiment.create({
      data: {
        ...{ ...place, id, name: id, samples: 10, grid: [0.5], seed: 0 },
        ...{ qualityMetric: 'fidelity', outputWeights },
      },
    });
  }
  const run = (
    id: string,
    experimentId: string,
    strategy: typeof CIE,
    share: number,
    right: number | null,
    result: Partial<Prisma.PrunedResultUncheckedCreateInput>,
  ) => finishedRun(prisma, { id, teamId, experimentId, ...strategy, share, seed: 0 }, right, result);
  await run('run_error_cie', 'exp_error', CIE, 0.3, 40, { value: 0.1 });
  await run('run_error_uniform', 'exp_error', UNIFORM, 0.3, 85, { value: 0.2 });
  // Without labels: nothing is known of its accuracy.
  await run('run_error_deep', 'exp_error', CIE, 0.5, null, { value: 0.4, hits: null });
  await run('run_error_deep_uniform', 'exp_error', UNIFORM, 0.5, null, { value: 0.6, hits: null });
  await run('run_error_none', 'exp_error', CIE, 0.4, 80, { value: Number.NaN });
  await run('run_weighed_cie', 'exp_weighed', CIE, 0.3, 40, { value: 0.1 });
}

it('strategies are compared by the metric of their runs and in its direction, never by top-1', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await withErrors(prisma, viewer.teamId);
  const { data, errors } = await viewer.ask(ANALYSIS);
  expect(errors).toBeUndefined();
  const { groups, pairs, relative } = data.analysis;
  // By top-1, of another recipe, by error, and by error of other weights.
  expect(groups).toHaveLength(4);
  const byError = groups.find(({ count }: { count: number }) => count === 4);
  expect(byError).toEqual({
    name: expect.stringContaining('judged by output error'),
    baseValue: 0,
    qualityMetric: { name: 'FIDELITY', direction: 'LOWER', unit: 'RATIO' },
    count: 4,
    front: expect.toSatisfy(ids(['run_error_cie', 'run_error_deep'])),
    byTop1: [{ id: 'run_error_uniform' }],
    ranks: {
      strategies: [
        { strategy: { allocation: 'cie' }, meanRank: 1, overall: { mean: 0.25 } },
        { strategy: { allocation: 'uniform' }, meanRank: 2, overall: { mean: expect.closeTo(0.4, 12) } },
      ],
    },
    // Triangles and trapezoids from an error of 0 at no saving.
    areas: {
      strategies: [
        { strategy: { allocation: 'cie' }, area: expect.closeTo(0.065, 12) },
        { strategy: { allocation: 'uniform' }, area: expect.closeTo(0.11, 12) },
      ],
    },
    // Hits are there, and tell nothing of errors.
    matches: [
      {
        a: { allocation: 'uniform' },
        wins: 0,
        ties: 0,
        losses: 0,
        untested: 2,
        difference: expect.closeTo(0.15, 12),
      },
    ],
    best: { run: { id: 'run_error_cie' }, value: 0.1, top1: 0.4 },
  });
  expect(groups.map(({ qualityMetric }: typeof byError) => qualityMetric.name).sort()).toEqual([
    ...['FIDELITY', 'FIDELITY', 'TOP1', 'TOP1'],
  ]);
  const between = (a: string, b: string) =>
    pairs.find((pair: { a: { id: string }; b: { id: string } }) => pair.a.id === a && pair.b.id === b);
  expect(between('run_error_cie', 'run_error_uniform')).toMatchObject({ verdict: 'COMPARABLE', test: null });
  expect(between('run_error_cie', 'run_cie_30_0')).toMatchObject({
    ...{ verdict: 'NOT_COMPARABLE', reasons: [{ rule: 'QUALITY_METRIC' }], test: null },
  });
  expect(between('run_error_cie', 'run_weighed_cie')).toMatchObject({
    ...{ verdict: 'NOT_COMPARABLE', reasons: [{ rule: 'OUTPUT_WEIGHTS' }], test: null },
  });
  const errorsAt = relative.filter(
    (row: { qualityMetric: string; share: number }) => row.qualityMetric === 'FIDELITY' && row.share === 0.3,
  );
  expect(errorsAt.map((row: { change: { mean: number } }) => row.change.mean).sort()).toEqual([
    0.1, 0.1, 0.2,
  ]);
});

it('tables, fronts and what is best under a drop go by it, too', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await withErrors(prisma, viewer.teamId);
  const { data, errors } = await viewer.ask(OTHERS);
  expect(errors).toBeUndefined();
  const { columns, onFront, comparability } = data.comparison;
  const of = (id: string) => columns.runId.indexOf(id);
  // A weight of 1 is none.
  expect(['run_error_cie', 'run_weighed_cie'].map((id) => columns.outputWeights[of(id)])).toEqual([
    ...[null, '{"heat": 3}'],
  ]);
  expect(columns.valueDrop[of('run_error_deep')]).toBe(0.4);
  expect(columns.value[of('run_error_none')]).toBeNull();
  const front = (id: string) => onFront[of(id)];
  expect(['run_error_cie', 'run_error_deep', 'run_weighed_cie', 'run_tuned'].every(front)).toBe(true);
  expect(['run_error_uniform', 'run_error_none', 'run_error_deep_uniform'].some(front)).toBe(false);
  expect(comparability.reasons.map(({ rule }: { rule: string }) => rule)).toContain('QUALITY_METRIC');
  const row = data.compression.rows.find(
    ({ qualityMetric, networks }: { qualityMetric: { name: string }; networks: number }) =>
      qualityMetric.name === 'FIDELITY' && networks > 1,
  );
  expect(row.best).toEqual([
    { run: { id: 'run_error_cie' }, baseValue: 0, value: 0.1, drop: 0.1, top1: 0.4 },
    { run: { id: 'run_error_deep' }, baseValue: 0, value: 0.4, drop: 0.4, top1: null },
  ]);
  expect(data.front.points.map(({ run }: { run: { id: string } }) => run.id)).toEqual([
    ...['run_error_deep', 'run_error_cie', 'run_weighed_cie'],
  ]);
  expect(data.front.networks).toBe(5);
  expect(data.usual.points.some(({ run }: { run: { id: string } }) => run.id.includes('error'))).toBe(false);
  const cie = data.summary.groups.filter(
    ({ strategy, qualityMetric }: { strategy: { allocation: string }; qualityMetric: string }) =>
      strategy.allocation === 'cie' && qualityMetric === 'FIDELITY',
  );
  // Apart by weights; the smallest error is the best.
  expect(cie.map(({ drop }: { drop: { bestRun: { id: string } } }) => drop.bestRun.id).sort()).toEqual([
    ...['run_error_cie', 'run_weighed_cie'],
  ]);
  expect(data.all.groups).toEqual([{ qualityMetric: null, drop: null }]);
  // 10 points of top-1, or an error of 0.1.
  expect(data.models.nodes).toEqual([{ bestRun: { id: 'run_tuned' } }]);
});

it('cells that are no numbers are null with a mark; rounds without labels have their values', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await withErrors(prisma, viewer.teamId);
  await prisma.samplingRun.create({
    data: {
      ...{ id: 'sample_h', key: 'sample_h', modelId: 'model_h', datasetId: 'data_h', networkHash: 'net' },
      ...{ datasetHash: 'pictures', criterion: 'l1', grid: [0.3, 0.6], samples: 10, seed: 0, state: 'done' },
      ...{ groups: [{ id: 'conv1', width: 4 }], qualityMetric: 'loss', baselineValue: 0.3 },
      runs: { connect: { id: 'run_error_cie' } },
      contribution: {
        create: { drop: [0.2, 1], monotoneDrop: [0.2, 1], contribution: [1, 1], importance: [1] },
      },
      points: {
        create: [0.5, Number.POSITIVE_INFINITY].map((value, ratioIndex) => ({
          ...{ groupIndex: 0, ratioIndex, removed: 1 + ratioIndex, value, images: 10 },
          standardError: ratioIndex === 0 ? 0.01 : Number.NaN,
        })),
      },
    },
  });
  // Prisma takes no list with an infinity in it; PostgreSQL does.
  await prisma.$executeRaw`UPDATE "ContributionMatrix" SET "drop" = '{0.2,Infinity}',
    "monotoneDrop" = '{0.2,Infinity}', "contribution" = '{1,NaN}', "importance" = '{NaN}'`;
  const worth = (fidelity: number) => ({
    ...{ top1: null, top5: null, loss: null, n: 100, hits: null },
    values: { fidelity, agreement: 0.75, kl: null },
  });
  await prisma.prunedResult.update({
    where: { runId: 'run_error_cie' },
    data: {
      rounds: [
        {
          ...{ round: 1, target: { metric: 'macs', share: 0.3 }, achieved: { params: 0.3, macs: 0.3 } },
          ...{ structure: [], before: worth(0), after: worth(0.25) },
        },
      ],
    },
  });
  const { data, errors } = await viewer.ask(`{ run(id: "run_error_cie") {
    result { rounds { before { top1 fidelity } after { top1 loss fidelity agreement kl images } } }
    sampling {
      matrix { values broken drop monotoneDrop contribution standardError importance accuracy }
      points(first: 2) { nodes { value drop standardError } }
    } } }`);
  expect(errors).toBeUndefined();
  expect(data.run.sampling).toEqual({
    matrix: {
      ...{ values: [[0.5, null]], broken: 1, drop: [[0.2, null]], monotoneDrop: [[0.2, null]] },
      ...{ contribution: [[1, null]], standardError: [[0.01, null]], importance: [null], accuracy: null },
    },
    points: {
      nodes: [
        { value: 0.5, drop: expect.closeTo(0.2, 12), standardError: 0.01 },
        { value: null, drop: null, standardError: null },
      ],
    },
  });
  expect(data.run.result.rounds).toEqual([
    {
      before: { top1: null, fidelity: 0 },
      after: { ...{ top1: null, loss: null, fidelity: 0.25, agreement: 0.75, kl: null }, images: 100 },
    },
  ]);
});

function ids(wanted: readonly string[]) {
  return (rows: readonly { id: string }[]) =>
    rows
      .map(({ id }) => id)
      .sort()
      .join() === [...wanted].sort().join();
}
