import type { Prisma } from '@espalier/store';
import { expect, it } from 'vitest';
import { type Member, startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

const ASK = `query ($budgets: [Float!]!, $metric: CompressionMetric!, $filter: RunFilter! = {}) {
  compression(budgets: $budgets, metric: $metric, filter: $filter) {
    budgets metric runs truncated
    rows { model { id name } dataset { id name } recipe { epochs steps } recalibrate images runs
      best { run { id } allocation top1 baseTop1 drop device
        before { params macs bytes latency throughput } after { params macs bytes latency throughput }
        ratio { params macs bytes latency throughput } } }
  }
}`;
const compression = async (member: Member, variables: object) =>
  (await member.ask(ASK, { budgets: [0.05, 0.5], metric: 'MACS', ...variables })).data.compression;

const FULL = {
  result: { include: { artifact: true } },
  experiment: { include: { model: { include: { artifact: true, evaluations: true } }, dataset: true } },
} as const satisfies Prisma.RunInclude;

it('answers what a plain reading of the runs answers', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const filled = await fillTeam(prisma, viewer.teamId, { runs: 200 });
  const stranger = await member('viewer');
  await fillTeam(prisma, stranger.teamId, { runs: 20, seed: 3 });
  await prisma.artifact.create({
    data: { sha256: 'ef'.repeat(32), bytes: 5, mediaType: 'application/onnx' },
  });
  // A file and a separate rate for some, and an experiment whose runs are made in another way.
  await prisma.prunedResult.updateMany({
    where: { runId: { in: filled.runIds.slice(0, 50) } },
    data: { throughput: 300, baseThroughput: 100 },
  });
  await prisma.model.update({
    where: { id: filled.modelIds[0] ?? '' },
    data: { sha256: 'ef'.repeat(32) },
  });
  const recipe = { epochs: 3 };
  await prisma.experiment.update({
    where: { id: filled.experimentIds[0] ?? '' },
    data: { recipe, recipeHash: 'three', recalibrate: 7 },
  });

  const runs = await prisma.run.findMany({
    where: { teamId: viewer.teamId, state: 'finished', result: { isNot: null } },
    include: FULL,
  });
  const nameOf = ({ experiment: { model, dataset, recipeHash } }: Full) =>
    [model.name, dataset.name, recipeHash ?? 'none'].join('\t');
  const names = new Set(runs.map(nameOf));
  for (const [cost, metric, of] of [
    ['macs', 'MACS', (run: Full) => Number(run.experiment.model.macs) / Number(run.result?.macs)],
    ['latency', 'LATENCY', (run: Full) => ratio(run.result?.baseLatencyMs, run.result?.latencyMs)],
    ['throughput', 'THROUGHPUT', (run: Full) => ratio(run.result?.throughput, run.result?.baseThroughput)],
  ] as const) {
    const answer = await compression(viewer, { metric });
    expect(answer).toMatchObject({ budgets: [0.05, 0.5], metric, runs: runs.length, truncated: false });
    expect(answer.rows).toHaveLength(names.size);
    for (const row of answer.rows) {
      const name = [row.model.name, row.dataset.name, row.recipe ? 'three' : 'none'].join('\t');
      const some = runs.filter((run) => nameOf(run) === name);
      expect(row.runs).toBe(some.length);
      expect(row.recipe).toEqual(row.recalibrate === null ? null : { ...recipe, steps: null });
      for (const [i, budget] of [0.05, 0.5].entries()) {
        const ratios = some.flatMap((run) => {
          const lost = drop(run);
          return lost !== null && lost <= budget ? [of(run)] : [];
        });
        const most = Math.max(...ratios.filter(Number.isFinite));
        const best = row.best[i];
        expect(best?.ratio[cost] ?? Number.NEGATIVE_INFINITY, `${row.model.name} ${budget}`).toBeCloseTo(
          most,
          9,
        );
        if (best) expect(best.drop).toBeLessThanOrEqual(budget);
      }
    }
  }
  // The file of the first model is five times as large as all that came of it.
  const { rows } = await compression(viewer, { metric: 'BYTES', budgets: [1] });
  const of = (model: string) => rows.filter((row: { model: { name: string } }) => row.model.name === model);
  expect(of('Net 0')[0].best[0]).toMatchObject({
    ...{ before: { bytes: 5 }, after: { bytes: 1 }, ratio: { bytes: 5 }, device: 'test' },
  });
  // Nobody has tested the third one unpruned: no drop is known.
  for (const row of of('Net 2')) expect(row.best).toEqual([null]);
});

it('looks at what a filter leaves, and refuses what is no budget', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const filled = await fillTeam(prisma, viewer.teamId, { runs: 60 });
  const filter = { model: { in: filled.modelIds.slice(0, 1) }, allocation: { in: ['cie'] } };
  const { rows } = await compression(viewer, { filter, budgets: [1] });
  expect(rows.length).toBeGreaterThan(0);
  const firstRow = `{ compression(budgets: [1]) { rowCount modelCount all: rows { model { id } } rows(first: 1) { model { id } } } }`;
  const { all, ...counted } = (await viewer.ask(firstRow)).data.compression;
  expect(all.length).toBeGreaterThan(1);
  const models = new Set(all.map(({ model }: { model: { id: string } }) => model.id));
  expect(counted).toEqual({ rowCount: all.length, modelCount: models.size, rows: all.slice(0, 1) });
  for (const { model, best } of rows) {
    expect(model.id).toBe(filled.modelIds[0]);
    expect(best[0]?.allocation ?? 'cie').toBe('cie');
  }
  expect(await compression(viewer, { filter: { state: { in: ['FAILED'] } } })).toMatchObject({
    runs: 0,
    rows: [],
  });
  for (const budgets of [[], [1.5], [-0.1], Array.from({ length: 11 }, (_, i) => i / 20)]) {
    const { errors } = await viewer.ask(ASK, { budgets, metric: 'MACS' });
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
  }
});

it('takes as many statements for many runs and models as for few', async () => {
  const { member, prisma, statements } = await startPlatform();
  const [few, many] = [await member('viewer'), await member('viewer')];
  await fillTeam(prisma, few.teamId, { runs: 3 });
  await fillTeam(prisma, many.teamId, { runs: 400 });
  const variables = { budgets: [0.01, 0.1, 1], metric: 'PARAMS' };
  // The first time notes when a key was used.
  for (const member of [few, many]) await compression(member, variables);
  const one = await statements(() => compression(few, variables));
  const two = await statements(() => compression(many, variables));
  expect(two.result.rows.length).toBeGreaterThan(one.result.rows.length);
  expect(two.count).toBe(one.count);
  // Who asks, the runs, what is told of the best, and the models, data sets, experiments and runs that are led to.
  expect(two.count).toBe(7);
});

type Full = Prisma.RunGetPayload<{ include: typeof FULL }>;

function drop({ experiment: { model, dataset }, result }: Full): number | null {
  const base = model.evaluations.find(({ datasetHash }) => datasetHash === dataset.hash);
  return base && typeof result?.top1 === 'number' ? base.top1 - result.top1 : null;
}

function ratio(over: number | null | undefined, under: number | null | undefined): number {
  return over && under ? over / under : Number.NaN;
}
