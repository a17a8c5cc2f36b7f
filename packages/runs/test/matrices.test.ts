import { seededRandom } from '@espalier/datasets';
import { openDatabase } from '@espalier/store';
import { expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../store/test/test-database.ts';
import { type SampledCell, writeMatrices } from '../src/index.ts';

const [GROUPS, RATIOS] = [7, 11];

it('numbers of a sampling are read again as they were, to the last digit', async () => {
  const { prisma, close } = await openDatabase(await testDatabase());
  onTestFinished(close);
  const random = seededRandom(5);
  const id = 'sample_m';
  await prisma.samplingRun.create({
    data: {
      ...{ id, key: id, modelId: 'model_m', datasetId: 'data_m', networkHash: 'n', datasetHash: 'd' },
      ...{ criterion: 'l1', grid: [0.5], samples: 1, seed: 0 },
    },
  });
  const matrix = () =>
    Array.from({ length: GROUPS }, () => Array.from({ length: RATIOS }, () => random() - 0.5));
  const kept = { drop: matrix(), monotoneDrop: matrix(), contribution: matrix() };
  const importance = Array.from({ length: GROUPS }, () => random() ** 9);
  const cells = kept.drop.flatMap((row, groupIndex) =>
    row.map((value, ratioIndex): SampledCell => {
      const few = { groupIndex, ratioIndex, removed: ratioIndex, images: 100, inferred: ratioIndex % 2 > 0 };
      const top5 = ratioIndex % 3 > 0 ? null : random();
      return { ...few, value, top1: random(), top5, loss: random() * 1e-9, standardError: random() * 1e9 };
    }),
  );
  // Twice: what was there makes room.
  for (const _ of [1, 2]) {
    await prisma.$transaction((transaction) =>
      writeMatrices(transaction, id, cells, { ...kept, importance }),
    );
  }
  const [row] = await prisma.contributionMatrix.findMany();
  expect(row).toEqual({
    samplingRunId: id,
    ...{ drop: kept.drop.flat(), monotoneDrop: kept.monotoneDrop.flat() },
    ...{ contribution: kept.contribution.flat(), importance },
  });
  const points = await prisma.samplePoint.findMany({
    orderBy: [{ groupIndex: 'asc' }, { ratioIndex: 'asc' }],
    omit: { samplingRunId: true },
  });
  expect(points).toEqual(cells);
});
