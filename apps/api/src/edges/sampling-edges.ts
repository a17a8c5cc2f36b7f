import { Prisma } from '@espalier/store';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { DatasetType } from '../datasets/dataset-resolver.ts';
import type { Context } from '../graphql/context.ts';
import { ModelType } from '../models/model-resolver.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { RunListArgs } from '../runs/run-filter.ts';
import { RunConnection } from '../runs/run-resolver.ts';
import { pointSorting, pointSource, SamplePointArgs, SamplePointConnection } from '../sampling/points.ts';
import { SamplingRunType } from '../sampling/sampling-resolver.ts';
import type { NarrowSampling } from '../sampling/sampling-source.ts';
import { pageUnder } from './list-under.ts';
import { runsUnder } from './lists.ts';

@Resolver(() => SamplingRunType)
export class SamplingEdges {
  @FieldResolver(() => ModelType, {
    nullable: true,
    description:
      'The model that was sampled; null if it was deleted, while runs of an equal model use the samples.',
  })
  model(@Root() { modelId }: NarrowSampling, @Ctx() context: Context) {
    return nodeAt('model', context, modelId);
  }

  @FieldResolver(() => DatasetType, {
    nullable: true,
    description:
      'The data set whose images were sampled; null if it was deleted and only runs on an equal one use the sampling.',
  })
  dataset(@Root() { datasetId }: NarrowSampling, @Ctx() context: Context) {
    return nodeAt('data', context, datasetId);
  }

  @FieldResolver(() => RunConnection, { description: 'Runs that use it.' })
  runs(
    @Root() sampling: NarrowSampling,
    @Ctx() context: Context,
    @Args(() => RunListArgs) args: RunListArgs,
  ) {
    const of = (id: Prisma.Sql) => Prisma.sql`r."samplingRunId" = ${id}`;
    return pageUnder(context, sampling, args, runsUnder('SamplingRun.runs', args, of));
  }

  @FieldResolver(() => SamplePointConnection, {
    description: 'Its measurements; none until it is done.',
  })
  points(
    @Root() sampling: NarrowSampling,
    @Ctx() context: Context,
    @Args(() => SamplePointArgs) args: SamplePointArgs,
  ) {
    return pageUnder(context, sampling, args, {
      field: 'SamplingRun.points',
      source: () => pointSource(args.filter ?? {}),
      sorting: pointSorting(args.order),
      of: (id) => Prisma.sql`v."samplingRunId" = ${id}`,
    });
  }
}
