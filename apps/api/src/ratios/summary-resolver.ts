import type { Target } from '@espalier/pruning';
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Int, Query, Resolver, Root } from 'type-graphql';
import { DatasetType } from '../datasets/dataset-resolver.ts';
import { askedBelow } from '../graphql/asked.ts';
import type { Context } from '../graphql/context.ts';
import { ModelType } from '../models/model-resolver.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { ProjectType } from '../projects/project-resolver.ts';
import { RunFilter } from '../runs/run-filter.ts';
import { RunType } from '../runs/run-resolver.ts';
import { firstOf } from './first.ts';
import {
  MOST_GROUPS,
  type Summary,
  type SummaryGroup,
  type SummaryKey,
  type SummaryValue,
  summarise,
} from './summary.ts';
import {
  BestSpreadType,
  RatioSpreadType,
  SummaryGroupType,
  SummaryKeyEnum,
  SummaryType,
  TargetType,
} from './summary-types.ts';

@Resolver(() => SummaryType)
export class SummaryResolver {
  @Query(() => SummaryType, {
    description: 'Results of finished runs, grouped by what they have in common.',
  })
  ratioSummary(
    @Ctx() context: Context,
    @Arg('by', () => [SummaryKeyEnum], { description: 'Empty for one group of all.' }) by: SummaryKey[],
    @Arg('filter', () => RunFilter, { nullable: true }) filter: RunFilter | null,
    @Info() info: GraphQLResolveInfo,
  ) {
    return summarise(context, { by, filter: filter ?? {}, asked: askedBelow(info) });
  }

  @FieldResolver(() => [SummaryGroupType], { description: 'Ordered by the names of what is equal in them.' })
  groups(
    @Root() { groups }: Summary,
    @Arg('first', () => Int, { defaultValue: 100, description: `At most ${MOST_GROUPS}.` }) first: number,
  ) {
    return firstOf(groups, first, MOST_GROUPS);
  }
}

const OUT_OF_REACH = 'Null if it was not asked for, is in the trash, or out of reach.';

@Resolver(() => SummaryGroupType)
export class SummaryGroupResolver {
  @FieldResolver(() => ModelType, { nullable: true, description: OUT_OF_REACH })
  model(@Root() { modelId }: SummaryGroup, @Ctx() context: Context) {
    return modelId === null ? null : nodeAt('model', context, modelId);
  }

  @FieldResolver(() => DatasetType, { nullable: true, description: OUT_OF_REACH })
  dataset(@Root() { datasetId }: SummaryGroup, @Ctx() context: Context) {
    return datasetId === null ? null : nodeAt('data', context, datasetId);
  }

  @FieldResolver(() => ProjectType, { nullable: true, description: OUT_OF_REACH })
  project(@Root() { projectId }: SummaryGroup, @Ctx() context: Context) {
    return projectId === null ? null : nodeAt('proj', context, projectId);
  }

  @FieldResolver(() => TargetType, { nullable: true })
  target(@Root() { metric, share }: SummaryGroup): Target | null {
    return metric === null || share === null ? null : { metric: metric as Target['metric'], share };
  }

  @FieldResolver(() => BestSpreadType, {
    nullable: true,
    description: 'Null if the runs have several `grounds`: such accuracies have no mean.',
  })
  top1(@Root() { values }: SummaryGroup) {
    return values.top1;
  }

  @FieldResolver(() => BestSpreadType, {
    nullable: true,
    description:
      'Drop in the quality metric, of each run against its own base; for TOP1, 0.01 is one point lost. Null if runs have several metrics.',
  })
  drop(@Root() { values }: SummaryGroup) {
    return values.drop;
  }

  @FieldResolver(() => RatioSpreadType)
  ratio(@Root() { values }: SummaryGroup) {
    return values;
  }
}

@Resolver(() => BestSpreadType)
export class BestSpreadResolver {
  @FieldResolver(() => RunType, {
    nullable: true,
    description: 'The run that is the best; of equally good ones the more accurate, then the earlier.',
  })
  bestRun(@Root() { bestRunId }: SummaryValue, @Ctx() context: Context) {
    return bestRunId === null ? null : nodeAt('run', context, bestRunId);
  }
}
