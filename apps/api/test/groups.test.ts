import { groupedBy } from '@espalier/comparison';
import type { PrismaClient } from '@espalier/store';
import { expect, it } from 'vitest';
import { type Member, startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

const ASKED = `{
  ratioSummary(by: [MODEL, STRATEGY]) { groups(first: 1000) {
    model { id } strategy { allocation criterion } runs networks grounds
    drop { n mean best bestRun { id } } ratio { macs { n mean best bestRun { id } } }
  } }
  ratioFront { networks grounds points(first: 1000) { ratio drop run { id } } }
}`;

it('groups and the front are what a plain computation gives, after whatever changed', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const { teamId } = viewer;
  const { runIds, projectIds, experimentIds, modelIds } = await fillTeam(prisma, teamId, { runs: 160 });
  await fillTeam(prisma, (await member('viewer')).teamId, { runs: 10 });
  const results = await prisma.prunedResult.findMany({
    where: { runId: { in: [...runIds] } },
    orderBy: { runId: 'asc' },
  });
  const finished = results.map(({ runId }) => runId);
  const at = (place: number) => finished[place] ?? '';
  const some = (from: number, to: number) => ({ id: { in: finished.slice(from, to) } });
  const limits = { align: 8, minWidth: 1, maxRatio: 0.9 };
  const experiment = (place: number) => ({ id: experimentIds[place] ?? '' });
  const changes: Readonly<Record<string, () => Promise<unknown>>> = {
    'nothing did': async () => {},
    'networks turn out equal': () =>
      prisma.prunedResult.updateMany({
        where: { runId: { in: finished.slice(0, 30) } },
        data: { networkHash: 'one' },
      }),
    'other limits': async () => {
      await prisma.run.updateMany({ where: some(0, 12), data: { limits: { ...limits, keep: ['b', 'a'] } } });
      await prisma.run.updateMany({ where: some(6, 20), data: { limits: { ...limits, keep: ['a', 'b'] } } });
    },
    'what "auto" came to': () =>
      prisma.run.updateMany({ where: some(8, 14), data: { limits: { ...limits, keep: [], widths: [8] } } }),
    'rounds and their recovery': async () => {
      await prisma.run.updateMany({ where: some(20, 40), data: { rounds: 3 } });
      await prisma.run.updateMany({ where: some(30, 50), data: { recovery: { epochs: 2 } } });
    },
    'runs of another tool': async () => {
      await prisma.run.updateMany({
        where: some(50, 60),
        data: { origin: 'external', source: { tool: 'other' } },
      });
      await prisma.prunedResult.updateMany({
        where: { runId: { in: finished.slice(50, 60) } },
        data: { engine: 'other/1' },
      });
    },
    'results on fewer images': () =>
      prisma.prunedResult.updateMany({
        where: { runId: { in: finished.slice(60, 70) } },
        data: { images: 50 },
      }),
    'a recipe, a repair and a recalibration': async () => {
      await prisma.experiment.update({ where: experiment(0), data: { recipeHash: 'three' } });
      await prisma.experiment.update({ where: experiment(1), data: { repair: 64 } });
      await prisma.experiment.update({ where: experiment(2), data: { recalibrate: 32 } });
    },
    'the unpruned network was tested again': () =>
      prisma.baseEvaluation.updateMany({ where: { modelId: modelIds[0] ?? '' }, data: { top1: 0.95 } }),
    'a run goes into the trash': () =>
      prisma.run.update({ where: { id: at(3) }, data: { deletedAt: new Date() } }),
    'and back': () => prisma.run.update({ where: { id: at(3) }, data: { deletedAt: null } }),
    'a run is gone for good': () => prisma.run.delete({ where: { id: at(5) } }),
    'an experiment goes into the trash': () =>
      prisma.experiment.update({ where: experiment(4), data: { deletedAt: new Date() } }),
    'a project does': () =>
      prisma.project.update({ where: { id: projectIds[1] ?? '' }, data: { deletedAt: new Date() } }),
  };
  const seen = new Set<string>();
  for (const [what, change] of Object.entries(changes)) {
    await change();
    const answered = await answerOf(viewer);
    expect(answered, what).toEqual(await plainly(prisma, teamId));
    seen.add(JSON.stringify(answered));
  }
  // Each of them changes the answer, but that which is known to be of no matter, and the way back.
  expect(seen.size).toBeGreaterThanOrEqual(Object.keys(changes).length - 2);
}, 60_000);

interface Group {
  readonly model: string;
  readonly strategy: string;
  readonly runs: number;
  readonly networks: number;
  readonly grounds: number;
  readonly drop: Spread | null;
  readonly macs: Spread | null;
}

interface Spread {
  readonly n: number;
  readonly mean: number;
  readonly best: number;
  readonly run: string;
}

async function answerOf(viewer: Member) {
  const { data, errors } = await viewer.ask(ASKED);
  expect(errors).toBeUndefined();
  const spread = (told: { n: number; mean: number; best: number; bestRun: { id: string } } | null) =>
    told && { n: told.n, mean: digits(told.mean), best: digits(told.best), run: told.bestRun.id };
  // biome-ignore lint/suspicious/noExplicitAny: answers of a contract, looked at key by key
  const groups = data.ratioSummary.groups.map(({ model, strategy, drop, ratio, ...counts }: any) => ({
    ...{ model: model.id, strategy: `${strategy.allocation} ${strategy.criterion}`, ...counts },
    ...{ drop: spread(drop), macs: spread(ratio.macs) },
  }));
  const { points, ...front } = data.ratioFront;
  const ids = points.map(({ run }: { run: { id: string } }) => run.id);
  return { groups: sorted(groups), front: { ...front, points: ids.sort() } };
}

/** The same by loops over all that is stored. */
async function plainly(prisma: PrismaClient, teamId: string) {
  const [runs, bases] = await Promise.all([
    prisma.run.findMany({
      where: {
        ...{ teamId, state: 'finished', deletedAt: null },
        experiment: { deletedAt: null, project: { deletedAt: null } },
      },
      include: { result: true, experiment: { include: { model: true, dataset: true } } },
      orderBy: { id: 'asc' },
    }),
    prisma.baseEvaluation.findMany({ where: { split: 'test' } }),
  ]);
  const told = runs.flatMap((run) => {
    const { result, experiment } = run;
    if (!result) return [];
    const { model, dataset, recipeHash, recalibrate, repair } = experiment;
    const { engine, decoding } = result;
    const base = bases.find(
      (one) =>
        one.modelId === model.id &&
        one.datasetHash === dataset.hash &&
        one.engine === engine &&
        one.decoding === decoding,
    );
    const { widths: _, keep, ...limits } = run.limits as { widths?: unknown; keep: string[] };
    const way = [recipeHash, recalibrate, repair ?? 0];
    const judge = run.origin === 'external' ? engine : null;
    const evaluated = [dataset.hash, ...way, result.images ?? 0, decoding, judge];
    const source = run.source as { tool: string } | null;
    return {
      ...{ id: run.id, model: model.id, strategy: `${run.allocation} ${run.criterion}` },
      group: JSON.stringify([
        ...[model.id, run.allocation, run.criterion, ...way, run.rounds, run.recovery, source?.tool],
        ...[Object.entries(limits).sort(), [...keep].sort()],
      ]),
      network: JSON.stringify([result.networkHash ?? run.id, model.id, evaluated]),
      ground: JSON.stringify([model.networkHash, model.sha256, evaluated]),
      unmeasured: (result.latencyMs ?? 0) > 0 ? 0 : 1,
      macs: Number(model.macs) / Number(result.macs),
      ...{ top1: result.top1, drop: base && result.top1 !== null ? base.top1 - result.top1 : null },
    };
  });
  type Told = (typeof told)[number];
  const grouped = (of: readonly Told[], key: (one: Told) => string) => [...groupedBy(of, key).values()];
  const firstOf = (equal: Told[]) => equal.sort((a, b) => a.unmeasured - b.unmeasured)[0] as Told;
  const spread = (of: readonly Told[], value: (one: Told) => number | null, sign: number): Spread | null => {
    const known = of.flatMap((one) => {
      const worth = value(one);
      return worth === null ? [] : [{ ...one, worth }];
    });
    const [best] = known.toSorted(
      (a, b) => sign * (b.worth - a.worth) || (b.top1 ?? -1) - (a.top1 ?? -1) || (a.id < b.id ? -1 : 1),
    );
    if (!best) return null;
    const mean = known.reduce((sum, { worth }) => sum + worth, 0) / known.length;
    return { n: known.length, mean: digits(mean), best: digits(best.worth), run: best.id };
  };
  const grounds = (of: readonly Told[]) => new Set(of.map(({ ground }) => ground)).size;
  const groups = grouped(told, ({ group }) => group).map((all): Group => {
    const different = grouped(all, ({ network }) => network).map(firstOf);
    const [{ model, strategy }] = all as [Told];
    return {
      ...{ model, strategy, runs: all.length, networks: different.length, grounds: grounds(different) },
      drop: spread(different, ({ drop }) => drop, -1),
      macs: spread(different, ({ macs }) => macs, 1),
    };
  });
  // By MACs, which all have been counted of.
  const known = grouped(told, ({ network }) => network)
    .map(([first]) => first as Told)
    .flatMap((one) => (one.drop === null ? [] : [{ ...one, drop: digits(one.drop) }]));
  const points = known.filter(
    ({ macs, drop }) =>
      !known.some(
        (other) => other.macs >= macs && other.drop <= drop && (other.macs > macs || other.drop < drop),
      ),
  );
  const front = {
    networks: known.length,
    grounds: grounds(known),
    points: points.map(({ id }) => id).sort(),
  };
  return { groups: sorted(groups), front };
}

/** What differs by less is equal. */
function digits(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

function sorted(groups: readonly Group[]): string[] {
  return groups
    .map(({ model, strategy, runs, networks, grounds, drop, macs }) =>
      JSON.stringify({ model, strategy, runs, networks, grounds, drop, macs }),
    )
    .sort();
}
