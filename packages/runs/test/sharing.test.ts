import type { Prisma } from '@espalier/store';
import { expect, it } from 'vitest';
import { failSampling, type RunSpec } from '../src/index.ts';
import { cancelled, experimentOf, type Platform, platform, started } from './platform.ts';

const cie: RunSpec = { allocation: 'cie', criterion: 'l1', target: { metric: 'macs', share: 0.4 }, seed: 0 };

it('a team sees nothing of the same work of another one, and changes nothing of it', async () => {
  const on = await platform();
  const { prisma } = on.database;
  const theirs = await sameOfAnother(on);
  const [own] = await started(on, [cie]);
  const [again] = await started(on, [cie]);
  const [other] = await started(on, [cie], theirs);
  if (!own || !again || !other) throw new Error('they were started');
  expect(again.samplingRunId).toBe(own.samplingRunId);
  expect(other.samplingRunId).not.toBe(own.samplingRunId);
  const rows = await prisma.samplingRun.findMany({ include: { shards: true }, orderBy: { id: 'asc' } });
  expect(rows).toHaveLength(2);
  const [first, second] = rows;
  // What their worker is given are their own files, and errors name these.
  expect([first?.datasetId, second?.datasetId]).toEqual([
    (await experimentOf(on)).datasetId,
    theirs.datasetId,
  ]);
  expect(second?.shards).toHaveLength(first?.shards.length ?? 0);

  // One that is done, failed or cancelled is so for its own.
  await prisma.samplingRun.update({ where: { id: own.samplingRunId ?? '' }, data: { state: 'done' } });
  const [late] = await started(on, [{ ...cie, seed: 1 }], theirs);
  expect(late).toMatchObject({ state: 'sampling', samplingRunId: other.samplingRunId });
  await failSampling(prisma, other.samplingRunId ?? '', 'their data set "secret" has no images');
  expect(await cancelled(on, [other.id])).toEqual([]);
  const mine = await prisma.run.findMany({ where: { id: { in: [own.id, again.id] } } });
  expect(mine.map(({ state, error }) => [state, error])).toEqual([
    ['sampling', null],
    ['sampling', null],
  ]);
});

/** The same network, data and settings, of another team. */
async function sameOfAnother(on: Platform) {
  const { prisma } = on.database;
  const { model, dataset, ...experiment } = await experimentOf(on);
  const own = { teamId: 'team_o', projectId: 'proj_o' };
  await prisma.team.create({ data: { id: own.teamId, slug: 'other', name: 'Other' } });
  await prisma.project.create({ data: { id: own.projectId, teamId: own.teamId, name: 'Other' } });
  await prisma.model.create({ data: { ...copied(model), ...own, id: 'model_o' } });
  await prisma.dataset.create({ data: { ...copied(dataset), teamId: own.teamId, id: 'data_o' } });
  const id = 'exp_o';
  const parts = { modelId: 'model_o', datasetId: 'data_o' };
  await prisma.experiment.create({ data: { ...copied(experiment), ...own, ...parts, id } });
  return prisma.experiment.findUniqueOrThrow({ where: { id }, include: { model: true, dataset: true } });
}

/** A row as it is written: null is what a column begins with. */
function copied<Row extends object>(row: Row) {
  const kept = Object.entries(row).filter(([, value]) => value !== null);
  return Object.fromEntries(kept) as { [Key in keyof Row]: Exclude<Row[Key], null | Prisma.JsonValue> } & Row;
}
