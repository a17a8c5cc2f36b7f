import type {
  Dataset,
  DatasetSplit,
  Experiment,
  Model,
  PrismaClient,
  PrunedResult,
  SamplingRun,
} from '@espalier/store';
import DataLoader from 'dataloader';

/** Rows by their ids, many in one statement: the number of statements does not depend on the number of rows. */
export interface Loaders {
  readonly model: DataLoader<string, Model | null>;
  readonly dataset: DataLoader<string, Dataset | null>;
  /** By the id of the data set. */
  readonly splits: DataLoader<string, DatasetSplit[]>;
  readonly experiment: DataLoader<string, Experiment | null>;
  readonly samplingRun: DataLoader<string, SamplingRun | null>;
  /** By the id of the run. */
  readonly result: DataLoader<string, PrunedResult | null>;
}

export function createLoaders(prisma: PrismaClient): Loaders {
  const byId = <T extends { readonly id: string }>(find: (ids: string[]) => Promise<T[]>) =>
    new DataLoader<string, T | null>(async (ids) => {
      const rows = new Map((await find([...ids])).map((row) => [row.id, row]));
      return ids.map((id) => rows.get(id) ?? null);
    });
  return {
    model: byId((ids) => prisma.model.findMany({ where: { id: { in: ids } } })),
    dataset: byId((ids) => prisma.dataset.findMany({ where: { id: { in: ids } } })),
    splits: new DataLoader(async (ids) => {
      const found = await prisma.datasetSplit.findMany({ where: { datasetId: { in: [...ids] } } });
      return ids.map((id) => found.filter(({ datasetId }) => datasetId === id));
    }),
    experiment: byId((ids) => prisma.experiment.findMany({ where: { id: { in: ids } } })),
    samplingRun: byId((ids) => prisma.samplingRun.findMany({ where: { id: { in: ids } } })),
    result: new DataLoader(async (ids) => {
      const found = await prisma.prunedResult.findMany({ where: { runId: { in: [...ids] } } });
      const rows = new Map(found.map((row) => [row.runId, row]));
      return ids.map((id) => rows.get(id) ?? null);
    }),
  };
}
