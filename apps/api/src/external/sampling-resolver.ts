import { DEFAULT_GRID } from '@espalier/pruning';
import { Arg, Ctx, Field, Float, ID, InputType, Int, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { SamplingRunType } from '../sampling/sampling-resolver.ts';
import { KEY_RULE } from './client-key.ts';
import { createSampling, type GroupOrder, type NewSampling } from './create-sampling.ts';
import { finishSampling, removeSampling } from './finish-sampling.ts';
import { type GivenPoint, putSamplePoints } from './sample-points.ts';
import { ExternalMetricInput, ResultSourceInput } from './source-types.ts';

@InputType('GroupOrderInput')
class GroupOrderInput implements GroupOrder {
  @Field(() => String, { description: 'The name of a prunable group in the model.' })
  group!: string;

  @Field(() => [Int], { description: 'All of its units, the most important first.' })
  units!: number[];
}

@InputType('CreateSamplingInput')
class CreateSamplingInput {
  @Field(() => String, { description: KEY_RULE })
  key!: string;

  @Field(() => ID)
  modelId!: string;

  @Field(() => ID, { description: 'May be a manifest.' })
  datasetId!: string;

  @Field(() => String, {
    defaultValue: 'l1',
    description: 'The criterion that orders units; any name if you give `order`.',
  })
  criterion!: string;

  @Field(() => String, { defaultValue: DEFAULT_GRID, description: 'first:last:step, or a list.' })
  grid!: string;

  @Field(() => Int, {
    defaultValue: 0,
    description: 'Seed of the images, and of a criterion that draws at random.',
  })
  seed!: number;

  @Field(() => Boolean, { defaultValue: false, description: 'As in the plan.' })
  allowInexact!: boolean;

  @Field(() => [GroupOrderInput], {
    nullable: true,
    description:
      'The order of the units of each prunable group, if another tool ranked them. Null: as in the plan.',
  })
  order?: GroupOrderInput[] | null;

  @Field(() => Int, { description: 'Images of the search split that each point is measured on.' })
  samples!: number;

  @Field(() => ExternalMetricInput)
  metric!: ExternalMetricInput;

  @Field(() => ResultSourceInput)
  source!: ResultSourceInput;
}

@InputType('SamplePointInput')
class SamplePointInput implements GivenPoint {
  @Field(() => String, { nullable: true, description: 'The name of a group; null for the unpruned network.' })
  group?: string | null;

  @Field(() => Int, { description: 'Units, as many as a cell of the plan; 0 for the unpruned network.' })
  removed!: number;

  @Field(() => Float, { description: 'Value in the metric of the sampling.' })
  value!: number;

  @Field(() => Float, { nullable: true, description: 'Mean cross-entropy, nats.' })
  loss?: number | null;

  @Field(() => Int, { description: 'Number of images that it was measured on, as in the sampling.' })
  images!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Standard error of the value. Left out: computed from `hits`, or from a share of images.',
  })
  standardError?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Which images are classified right: one bit for each image, the first one in the lowest bit of the first byte; base64.',
  })
  hits?: string | null;
}

const MAY = 'Needs the role editor, or a key with the scope PRODUCER.';
const RUN = () => SamplingRunType;

@Resolver()
export class ExternalSamplingResolver {
  @Change({ samplingRun: RUN }, `Begins an imported sampling. It is shared with no other team. ${MAY}`)
  createSampling(
    @Ctx() context: Context,
    @Arg('input', () => CreateSamplingInput) input: CreateSamplingInput,
  ) {
    return createSampling(context, { ...input, order: input.order ?? null } satisfies NewSampling);
  }

  @Change(
    { samplingRun: RUN },
    `Up to 1,000 points of an imported sampling; one of the same group and removed units takes the place of the one before, until it is finished. ${MAY}`,
  )
  putSamplePoints(
    @Ctx() context: Context,
    @Arg('key', () => String, { description: KEY_RULE }) key: string,
    @Arg('samplingRunId', () => ID) samplingRunId: string,
    @Arg('points', () => [SamplePointInput]) points: SamplePointInput[],
  ) {
    return putSamplePoints(context, { key, samplingRunId, points });
  }

  @Change(
    { samplingRun: RUN },
    `Computes drops, errors and contributions. Missing cells are inferred from the others, and marked. A repeated call changes nothing. ${MAY}`,
  )
  finishSampling(@Ctx() context: Context, @Arg('samplingRunId', () => ID) samplingRunId: string) {
    return finishSampling(context, samplingRunId);
  }

  @Change(
    { samplingRun: RUN },
    'Permanently removes an imported sampling, with all of its points; its keys may be used again. Needs the role editor.',
  )
  removeSampling(@Ctx() context: Context, @Arg('samplingRunId', () => ID) samplingRunId: string) {
    return removeSampling(context, samplingRunId);
  }
}
