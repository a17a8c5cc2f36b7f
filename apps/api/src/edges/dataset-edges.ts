import { type Dataset, Prisma } from '@espalier/store';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { DatasetType } from '../datasets/dataset-resolver.ts';
import { ExperimentListArgs } from '../experiments/experiment-filter.ts';
import { ExperimentConnection } from '../experiments/experiment-resolver.ts';
import type { Context } from '../graphql/context.ts';
import { ModelListArgs } from '../models/model-filter.ts';
import { ModelConnection } from '../models/model-resolver.ts';
import { RunListArgs } from '../runs/run-filter.ts';
import { RunConnection } from '../runs/run-resolver.ts';
import { RUN } from '../runs/run-tables.ts';
import { pageUnder } from './list-under.ts';
import { experimentsUnder, modelsUnder, runsUnder } from './lists.ts';

@Resolver(() => DatasetType)
export class DatasetEdges {
  @FieldResolver(() => ExperimentConnection, { description: 'On its images.' })
  experiments(
    @Root() dataset: Dataset,
    @Ctx() context: Context,
    @Args(() => ExperimentListArgs) args: ExperimentListArgs,
  ) {
    const of = (id: Prisma.Sql) => Prisma.sql`i."datasetId" = ${id}`;
    return pageUnder(context, dataset, args, experimentsUnder('Dataset.experiments', args, of));
  }

  @FieldResolver(() => RunConnection, { description: 'On its images, of all experiments.' })
  runs(@Root() dataset: Dataset, @Ctx() context: Context, @Args(() => RunListArgs) args: RunListArgs) {
    const of = (id: Prisma.Sql) => Prisma.sql`${RUN.datasetId} = ${id}`;
    return pageUnder(context, dataset, args, runsUnder('Dataset.runs', args, of));
  }

  @FieldResolver(() => ModelConnection, { description: 'Models with an experiment on its images.' })
  models(@Root() dataset: Dataset, @Ctx() context: Context, @Args(() => ModelListArgs) args: ModelListArgs) {
    const of = (id: Prisma.Sql) => Prisma.sql`EXISTS (
      SELECT 1 FROM "Experiment" e
      WHERE e."modelId" = i."id" AND e."datasetId" = ${id} AND e."deletedAt" IS NULL)`;
    return pageUnder(context, dataset, args, modelsUnder('Dataset.models', args, of));
  }
}
