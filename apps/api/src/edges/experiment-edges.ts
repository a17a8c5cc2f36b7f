import { type Experiment, Prisma } from '@espalier/store';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ExperimentType } from '../experiments/experiment-resolver.ts';
import type { Context } from '../graphql/context.ts';
import { RunListArgs } from '../runs/run-filter.ts';
import { RunConnection } from '../runs/run-resolver.ts';
import { RUN } from '../runs/run-tables.ts';
import { SamplingListArgs } from '../sampling/sampling-filter.ts';
import { SamplingRunConnection } from '../sampling/sampling-resolver.ts';
import { goneBy } from '../sampling/sampling-source.ts';
import { pageUnder } from './list-under.ts';
import { runsUnder, samplingsUnder } from './lists.ts';

@Resolver(() => ExperimentType)
export class ExperimentEdges {
  @FieldResolver(() => RunConnection, { description: 'Its runs.' })
  runs(@Root() experiment: Experiment, @Ctx() context: Context, @Args(() => RunListArgs) args: RunListArgs) {
    const of = (id: Prisma.Sql) => Prisma.sql`${RUN.experimentId} = ${id}`;
    return pageUnder(context, experiment, args, runsUnder('Experiment.runs', args, of));
  }

  @FieldResolver(() => SamplingRunConnection, { description: 'Sampling runs that its runs use.' })
  samplingRuns(
    @Root() experiment: Experiment,
    @Ctx() context: Context,
    @Args(() => SamplingListArgs) args: SamplingListArgs,
  ) {
    const of = (id: Prisma.Sql) => goneBy(Prisma.sql`e."id" = ${id}`);
    return pageUnder(context, experiment, args, samplingsUnder('Experiment.samplingRuns', args, of));
  }
}
