import { type Model, Prisma } from '@espalier/store';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ProfileListArgs } from '../devices/profile-filter.ts';
import { DeviceProfileConnection } from '../devices/profile-resolver.ts';
import { ExperimentListArgs } from '../experiments/experiment-filter.ts';
import { ExperimentConnection } from '../experiments/experiment-resolver.ts';
import type { Context } from '../graphql/context.ts';
import { ModelType } from '../models/model-resolver.ts';
import { RunListArgs } from '../runs/run-filter.ts';
import { RunConnection } from '../runs/run-resolver.ts';
import { RUN } from '../runs/run-tables.ts';
import { SamplingListArgs } from '../sampling/sampling-filter.ts';
import { SamplingRunConnection } from '../sampling/sampling-resolver.ts';
import { goneBy } from '../sampling/sampling-source.ts';
import { pageUnder } from './list-under.ts';
import { experimentsUnder, profilesUnder, runsUnder, samplingsUnder } from './lists.ts';

@Resolver(() => ModelType)
export class ModelEdges {
  @FieldResolver(() => ExperimentConnection, { description: 'Experiments that prune it.' })
  experiments(
    @Root() model: Model,
    @Ctx() context: Context,
    @Args(() => ExperimentListArgs) args: ExperimentListArgs,
  ) {
    const of = (id: Prisma.Sql) => Prisma.sql`i."modelId" = ${id}`;
    return pageUnder(context, model, args, experimentsUnder('Model.experiments', args, of));
  }

  @FieldResolver(() => RunConnection, { description: 'Runs that prune it, in all experiments.' })
  runs(@Root() model: Model, @Ctx() context: Context, @Args(() => RunListArgs) args: RunListArgs) {
    const of = (id: Prisma.Sql) => Prisma.sql`${RUN.modelId} = ${id}`;
    return pageUnder(context, model, args, runsUnder('Model.runs', args, of));
  }

  @FieldResolver(() => SamplingRunConnection, { description: 'Sampling runs that its runs use.' })
  samplingRuns(
    @Root() model: Model,
    @Ctx() context: Context,
    @Args(() => SamplingListArgs) args: SamplingListArgs,
  ) {
    const of = (id: Prisma.Sql) => goneBy(Prisma.sql`e."modelId" = ${id}`);
    return pageUnder(context, model, args, samplingsUnder('Model.samplingRuns', args, of));
  }

  @FieldResolver(() => DeviceProfileConnection, {
    description: 'Device profiles for it and its pruned structures.',
  })
  deviceProfiles(
    @Root() model: Model,
    @Ctx() context: Context,
    @Args(() => ProfileListArgs) args: ProfileListArgs,
  ) {
    const of = (id: Prisma.Sql) =>
      Prisma.sql`p."networkHash" = (SELECT m."networkHash" FROM "Model" m WHERE m."id" = ${id})`;
    return pageUnder(context, model, args, profilesUnder('Model.deviceProfiles', args, of));
  }
}
