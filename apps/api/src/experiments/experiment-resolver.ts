import type { Experiment, Origin } from '@espalier/store';
import { GraphQLJSONObject } from 'graphql-scalars';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { AUTHOR_RULE, KEY_RULE } from '../access/author.ts';
import { DatasetType } from '../datasets/dataset-resolver.ts';
import { DeviceProfileType } from '../devices/profile-resolver.ts';
import { cursorOf } from '../events/experiment-events.ts';
import { OriginEnum } from '../external/origin.ts';
import { given } from '../given.ts';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { BaseEvaluationType, ModelType } from '../models/model-resolver.ts';
import { NodeType } from '../nodes/node-type.ts';
import { findNode, nodeAt } from '../nodes/nodes.ts';
import { UserType } from '../people/team-resolver.ts';
import { ProjectType } from '../projects/project-resolver.ts';
import { cloneExperiment } from './clone.ts';
import { ExperimentListArgs } from './experiment-filter.ts';
import {
  checkExperiment,
  createExperiment,
  ExperimentInput,
  listExperiments,
  PROFILE_RULE,
  REPAIR_RULE,
  USUAL_REPAIR,
} from './experiments.ts';
import { WidthLimitsInput, WidthLimitsType } from './limits-type.ts';
import {
  METRIC_RULE,
  OutputWeightInput,
  OutputWeightType,
  QualityMetricName,
  QualityMetricType,
  shownMetric,
  shownWeights,
  WEIGHTS_RULE,
} from './quality-metric.ts';
import { RecipeType, shownRecipe } from './recipe-type.ts';

@ObjectType('Experiment', {
  implements: NodeType,
  description: 'One network, one data set, one recipe: what makes runs comparable.',
})
export class ExperimentType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => Int, { description: 'Images of the search split that are sampled.' })
  samples!: number;

  @Field(() => [Float], { description: 'Ratios at which every channel group is sampled.' })
  grid!: number[];

  @Field(() => Int, { description: 'Seed of the sample.' })
  seed!: number;

  @Field(() => String, { nullable: true })
  recipeHash!: string | null;

  @Field(() => OriginEnum, { description: 'Imported results have separate experiments.' })
  origin!: Origin;

  @Field(() => String, {
    nullable: true,
    description: 'How imported networks were trained after the cut, in words; null if they were not.',
  })
  training!: string | null;

  @Field(() => Int, { nullable: true, description: 'Training images that BatchNorm is recalibrated on.' })
  recalibrate!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of training images for the repair of the layers after a cut; 0 for no repair. Null for an experiment from before repairs existed.',
  })
  repair!: number | null;

  @Field(() => WidthLimitsType, { description: 'Limits of its runs, unless a run has its own.' })
  limits!: WidthLimitsType;

  @Field(() => Boolean, { description: 'Whether channels are pruned that a normalisation mixes.' })
  allowInexact!: boolean;

  @Field(() => String)
  notes!: string;

  @Field(() => [String])
  tags!: string[];

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => String, { nullable: true, description: KEY_RULE })
  createdByKey!: string | null;
}

@InputType('CloneExperimentInput', { description: 'The fields to change.' })
class CloneExperimentInput {
  @Field(() => ID, { nullable: true })
  modelId?: string | null;

  @Field(() => ID, { nullable: true })
  datasetId?: string | null;

  @Field(() => String, { nullable: true, description: 'Default: the name of the other one with "(copy)".' })
  name?: string | null;

  @Field(() => Int, { nullable: true })
  samples?: number | null;

  @Field(() => String, { nullable: true, description: 'first:last:step, or a list.' })
  grid?: string | null;

  @Field(() => Int, { nullable: true })
  seed?: number | null;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'Null for no fine-tuning.' })
  recipe?: object | null;

  @Field(() => Int, { nullable: true, description: 'Null for no recalibration.' })
  recalibrate?: number | null;

  @Field(() => Int, { nullable: true, description: `${REPAIR_RULE} Null: ${USUAL_REPAIR}` })
  repair?: number | null;

  @Field(() => QualityMetricName, { nullable: true, description: `${METRIC_RULE} Null: the default.` })
  qualityMetric?: string | null;

  @Field(() => [OutputWeightInput], { nullable: true, description: `${WEIGHTS_RULE} Null for 1 each.` })
  outputWeights?: OutputWeightInput[] | null;

  @Field(() => ID, { nullable: true, description: PROFILE_RULE })
  deviceProfileId?: string | null;

  @Field(() => WidthLimitsInput, { nullable: true, description: 'A field that is left out has its default.' })
  limits?: WidthLimitsInput | null;

  @Field(() => Boolean, { nullable: true })
  allowInexact?: boolean | null;
}

export const ExperimentConnection = connectionType('Experiment', () => ExperimentType);

@Resolver(() => ExperimentType)
export class ExperimentResolver {
  @Query(() => ExperimentConnection, { description: "The team's experiments." })
  experiments(@Ctx() context: Context, @Args(() => ExperimentListArgs) args: ExperimentListArgs) {
    return listExperiments(context, args);
  }

  @Query(() => ExperimentType, { nullable: true, description: 'Null if there is no such object.' })
  experiment(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('exp', context, id);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Where `experimentEvents` continues; null before the first event of a run.',
  })
  cursor(@Root() { id }: Experiment, @Ctx() { database }: Context) {
    return cursorOf(database.prisma, id);
  }

  @FieldResolver(() => UserType, { nullable: true, description: AUTHOR_RULE })
  createdBy(@Root() { createdById }: Experiment, @Ctx() { loaders }: Context) {
    return createdById === null ? null : loaders.user.load(createdById);
  }

  @FieldResolver(() => RecipeType, {
    nullable: true,
    description: 'How runs are fine-tuned; null if they are not.',
  })
  recipe(@Root() { recipe }: Experiment) {
    return recipe === null ? null : shownRecipe(recipe);
  }

  @FieldResolver(() => QualityMetricType, { description: METRIC_RULE })
  qualityMetric(@Root() experiment: Experiment) {
    return shownMetric(experiment);
  }

  @FieldResolver(() => [OutputWeightType], { description: WEIGHTS_RULE })
  outputWeights(@Root() experiment: Experiment) {
    return shownWeights(experiment);
  }

  @FieldResolver(() => ProjectType)
  project(@Root() { projectId }: Experiment, @Ctx() context: Context) {
    return nodeAt('proj', context, projectId);
  }

  @FieldResolver(() => ModelType)
  model(@Root() { modelId }: Experiment, @Ctx() context: Context) {
    return nodeAt('model', context, modelId);
  }

  @FieldResolver(() => DatasetType)
  dataset(@Root() { datasetId }: Experiment, @Ctx() context: Context) {
    return nodeAt('data', context, datasetId);
  }

  @FieldResolver(() => DeviceProfileType, { nullable: true, description: PROFILE_RULE })
  deviceProfile(@Root() { profileId }: Experiment, @Ctx() context: Context) {
    return profileId === null ? null : nodeAt('profile', context, profileId);
  }

  @FieldResolver(() => BaseEvaluationType, {
    nullable: true,
    description: 'The model as given, on the test split; null until a first run has measured it.',
  })
  async base(@Root() { modelId, datasetId }: Experiment, @Ctx() context: Context) {
    const [evaluations, dataset] = await Promise.all([
      context.loaders.evaluations.load(modelId),
      nodeAt('data', context, datasetId),
    ]);
    return (
      evaluations.find(({ datasetHash, split }) => datasetHash === dataset?.hash && split === 'test') ?? null
    );
  }

  @Change({ experiment: () => ExperimentType }, 'Needs the role editor.')
  async createExperiment(
    @Ctx() context: Context,
    @Arg('dryRun', () => Boolean, {
      defaultValue: false,
      description: 'Checks everything and creates nothing: `experiment` is then null.',
    })
    dryRun: boolean,
    @Arg('input', () => ExperimentInput) input: ExperimentInput,
  ) {
    if (!dryRun) return createExperiment(context, input);
    await checkExperiment(context, input);
    return null;
  }

  @Change(
    { experiment: () => ExperimentType },
    'An experiment like another one, without its runs. Needs the role editor.',
  )
  cloneExperiment(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @Arg('input', () => CloneExperimentInput) edits: CloneExperimentInput,
  ) {
    const { recipe, recalibrate, repair, qualityMetric, outputWeights, deviceProfileId } = edits;
    // Null takes away what can be taken away, or asks for what is usual, and else is as if left out.
    return cloneExperiment(context, id, {
      ...given(edits),
      ...(recipe === null ? { recipe } : {}),
      ...(recalibrate === null ? { recalibrate } : {}),
      ...(repair === null ? { repair } : {}),
      ...(qualityMetric === null ? { qualityMetric } : {}),
      ...(outputWeights === null ? { outputWeights } : {}),
      ...(deviceProfileId === null ? { deviceProfileId } : {}),
    });
  }
}
