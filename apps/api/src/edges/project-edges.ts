import { Prisma, type Project } from '@espalier/store';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { DatasetListArgs } from '../datasets/dataset-filter.ts';
import { DatasetConnection } from '../datasets/dataset-resolver.ts';
import { ExperimentListArgs } from '../experiments/experiment-filter.ts';
import { ExperimentConnection } from '../experiments/experiment-resolver.ts';
import type { Context } from '../graphql/context.ts';
import { ModelListArgs } from '../models/model-filter.ts';
import { ModelConnection } from '../models/model-resolver.ts';
import { ProjectType } from '../projects/project-resolver.ts';
import { RunListArgs } from '../runs/run-filter.ts';
import { RunConnection } from '../runs/run-resolver.ts';
import { RUN } from '../runs/run-tables.ts';
import { pageUnder } from './list-under.ts';
import { datasetsUnder, experimentsUnder, modelsUnder, runsUnder } from './lists.ts';

@Resolver(() => ProjectType)
export class ProjectEdges {
  @FieldResolver(() => ModelConnection, { description: 'Its networks.' })
  models(@Root() project: Project, @Ctx() context: Context, @Args(() => ModelListArgs) args: ModelListArgs) {
    const of = (id: Prisma.Sql) => Prisma.sql`i."projectId" = ${id}`;
    return pageUnder(context, project, args, modelsUnder('Project.models', args, of));
  }

  @FieldResolver(() => ExperimentConnection, { description: 'Its experiments.' })
  experiments(
    @Root() project: Project,
    @Ctx() context: Context,
    @Args(() => ExperimentListArgs) args: ExperimentListArgs,
  ) {
    const of = (id: Prisma.Sql) => Prisma.sql`i."projectId" = ${id}`;
    return pageUnder(context, project, args, experimentsUnder('Project.experiments', args, of));
  }

  @FieldResolver(() => RunConnection, { description: 'Runs of all of its experiments.' })
  runs(@Root() project: Project, @Ctx() context: Context, @Args(() => RunListArgs) args: RunListArgs) {
    const of = (id: Prisma.Sql) => Prisma.sql`${RUN.projectId} = ${id}`;
    return pageUnder(context, project, args, runsUnder('Project.runs', args, of));
  }

  @FieldResolver(() => DatasetConnection, { description: 'Data sets that its experiments use.' })
  datasets(
    @Root() project: Project,
    @Ctx() context: Context,
    @Args(() => DatasetListArgs) args: DatasetListArgs,
  ) {
    const of = (id: Prisma.Sql) => Prisma.sql`EXISTS (
      SELECT 1 FROM "Experiment" e JOIN "Project" j ON j."id" = e."projectId" AND j."deletedAt" IS NULL
      WHERE e."datasetId" = d."id" AND e."projectId" = ${id} AND e."deletedAt" IS NULL)`;
    return pageUnder(context, project, args, datasetsUnder('Project.datasets', args, of));
  }
}
