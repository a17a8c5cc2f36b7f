import { type StoredColumns, stored } from '@espalier/runs';
import type { Origin, SamplingState } from '@espalier/store';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import {
  OutputWeightType,
  QualityMetricType,
  shownMetric,
  shownWeights,
  WEIGHTS_RULE,
} from '../experiments/quality-metric.ts';
import { OriginEnum } from '../external/origin.ts';
import { ExternalMetricType, ResultSourceType } from '../external/source-types.ts';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import type { Nulled } from '../graphql/nulled.ts';
import { NodeType } from '../nodes/node-type.ts';
import { findNode } from '../nodes/nodes.ts';
import { ContributionMatrixType } from './matrices.ts';
import { SamplingListArgs, SamplingStateEnum } from './sampling-filter.ts';
import type { NarrowSampling } from './sampling-source.ts';
import { listSamplings } from './samplings.ts';

@ObjectType('SamplingRun', {
  implements: NodeType,
  description:
    'Measurements with one channel group pruned at a time, at each ratio. All runs that can use it share it, unless it is imported.',
})
export class SamplingRunType extends NodeType {
  @Field(() => String)
  criterion!: string;

  @Field(() => [Float])
  grid!: number[];

  @Field(() => Int, { description: 'Images of the search split.' })
  samples!: number;

  @Field(() => OriginEnum)
  origin!: Origin;

  @Field(() => SamplingStateEnum)
  state!: SamplingState;

  @Field(() => String, { nullable: true })
  error!: string | null;

  @Field(() => Int, { description: 'Seed of the images.' })
  seed!: number;

  @Field(() => Float, { nullable: true, description: 'Top-1 of the unpruned network on the same images.' })
  baselineTop1!: number | null;

  @Field(() => Float, { nullable: true, description: 'The same, nats.' })
  baselineLoss!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The same by `qualityMetric` or `externalMetric`; null until it is done, and for a sampling run of before it was kept.',
  })
  baselineValue!: number | null;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true })
  finishedAt!: Date | null;
}

@ObjectType('SampledGroup', { description: 'A channel group that was sampled.' })
class SampledGroupType implements Nulled<NonNullable<StoredColumns['SamplingRun']['groups']>[number]> {
  @Field(() => String, { name: 'name', description: 'Its name in the model.' })
  id!: string;

  @Field(() => Int, { description: 'Its units.' })
  width!: number;
}

export const SamplingRunConnection = connectionType('SamplingRun', () => SamplingRunType);

@Resolver(() => SamplingRunType)
export class SamplingResolver {
  @Query(() => SamplingRunConnection, {
    description: "Sampling runs that the team's runs use, and those that the team imported.",
  })
  samplingRuns(@Ctx() context: Context, @Args(() => SamplingListArgs) args: SamplingListArgs) {
    return listSamplings(context, args);
  }

  @Query(() => SamplingRunType, { nullable: true, description: 'Null if there is no such object.' })
  samplingRun(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('sample', context, id);
  }

  @FieldResolver(() => QualityMetricType, {
    nullable: true,
    description: 'The metric of its drops; null if that is `externalMetric`.',
  })
  qualityMetric(@Root() run: NarrowSampling) {
    return run.externalMetric === null ? shownMetric(run) : null;
  }

  @FieldResolver(() => [OutputWeightType], { description: WEIGHTS_RULE })
  outputWeights(@Root() run: NarrowSampling) {
    return shownWeights(run);
  }

  @FieldResolver(() => [SampledGroupType], {
    nullable: true,
    description: 'In topological order; null until they are known.',
  })
  groups(@Root() { groups }: NarrowSampling): readonly SampledGroupType[] | null {
    return stored('SamplingRun', 'groups', groups);
  }

  @FieldResolver(() => ExternalMetricType, {
    nullable: true,
    description: 'The metric of an imported one; null for the platform’s own.',
  })
  externalMetric(@Root() { externalMetric }: NarrowSampling): ExternalMetricType | null {
    return stored('SamplingRun', 'externalMetric', externalMetric);
  }

  @FieldResolver(() => ResultSourceType, {
    nullable: true,
    description: 'The tool that an imported one comes from; null for the platform’s own.',
  })
  source(@Root() { source }: NarrowSampling): ResultSourceType | null {
    return stored('SamplingRun', 'source', source);
  }

  @FieldResolver(() => ContributionMatrixType, { nullable: true, description: 'Null until it is done.' })
  matrix(@Root() { id }: NarrowSampling, @Ctx() { loaders }: Context) {
    return loaders.matrix.load(id);
  }
}
