import type { KeptUnits } from '@espalier/network';
import { GraphQLBigInt } from 'graphql-scalars';
import { Arg, Ctx, Field, Float, ID, InputType, Int, ObjectType, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { ModelType } from '../models/model-resolver.ts';
import { MetricEnum } from '../runs/run-enums.ts';
import { RunType } from '../runs/run-resolver.ts';
import { IMPORT_RULE, KEY_RULE } from './client-key.ts';
import { EvaluationInput } from './evaluation.ts';
import { finishRun } from './finish-run.ts';
import { QualityMetricInput } from './judged.ts';
import { cancelRecomputing, recomputeRun } from './recompute.ts';
import { type NewRun, recordRun } from './record-run.ts';
import { recordEpochs, recordEvaluation } from './recorded-run.ts';
import { type RemovedImport, removeImport, removeRun } from './remove.ts';
import { ResultSourceInput } from './source-types.ts';

const DRY_RUN = 'Checks everything and changes nothing.';

@InputType('KeptUnitsInput')
class KeptUnitsInput implements KeptUnits {
  @Field(() => String, { description: 'The name of a prunable group of the model.' })
  group!: string;

  @Field(() => [Int], { description: 'Its units that stay.' })
  kept!: number[];
}

@InputType('RecordRunInput')
class RecordRunInput {
  @Field(() => String, { description: KEY_RULE })
  key!: string;

  @Field(() => ID, { description: 'The network as it was before.' })
  modelId!: string;

  @Field(() => ID, { description: 'May be a manifest.' })
  datasetId!: string;

  @Field(() => String, {
    description:
      'The name of an experiment of such runs in the project of the model, which have network, data set and training in common; made with its first run.',
  })
  experiment!: string;

  @Field(() => String, { description: 'Any name: how it was decided how much each group keeps.' })
  allocation!: string;

  @Field(() => String, { description: 'Any name: by which units were ranked.' })
  criterion!: string;

  @Field(() => MetricEnum, { defaultValue: 'macs', description: 'The metric that was to be reduced.' })
  metric!: string;

  @Field(() => Float, { description: 'The share that was to be removed.' })
  share!: number;

  @Field(() => Int, { defaultValue: 0 })
  seed!: number;

  @Field(() => QualityMetricInput, {
    nullable: true,
    description: 'The quality metric of its experiment; null for top1.',
  })
  qualityMetric?: QualityMetricInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'How it is trained after the cut. Give the same words for the same training. Null if it is not trained.',
  })
  training?: string | null;

  @Field(() => [KeptUnitsInput], {
    nullable: true,
    description:
      'Groups that are not named stay whole. Null if it is not known: then the network that is sent says how many units each group keeps.',
  })
  structure?: KeptUnitsInput[] | null;

  @Field(() => ResultSourceInput)
  source!: ResultSourceInput;

  @Field(() => String, { nullable: true, description: IMPORT_RULE })
  import?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean;
}

@InputType('EpochInput')
class EpochInput {
  @Field(() => Float, { description: '1, 2, ... or a part of one at the end: 2.5.' })
  epoch!: number;

  @Field(() => Float, { description: 'Mean over its steps, nats.' })
  loss!: number;

  @Field(() => Float, { nullable: true, description: 'A share of the images, 0 to 1.' })
  top1?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Value in the metric of the run, if that is not top1.',
  })
  value?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'At its last step; null if it was not kept, like the next two.',
  })
  learningRate?: number | null;

  @Field(() => Float, { nullable: true })
  imagesPerSecond?: number | null;

  @Field(() => Float, { nullable: true, description: 'Seconds of training only.' })
  seconds?: number | null;
}

@ObjectType('RemovedImport', { description: 'What was removed with an import.' })
class RemovedImportType implements RemovedImport {
  @Field(() => String)
  import!: string;

  @Field(() => Int)
  runs!: number;

  @Field(() => Int, { description: 'Evaluations of unpruned networks.' })
  evaluations!: number;
}

const MAY = 'Needs the role editor, or a key with the scope PRODUCER.';
const RUN = { run: () => RunType };

@Resolver()
export class ExternalRunResolver {
  @Change(
    { ...RUN, isNew: () => Boolean },
    `Begins an imported run. \`isNew\` says whether this call made it, or in a dry run, whose \`run\` is null then, would make it. ${MAY}`,
  )
  recordRun(@Ctx() context: Context, @Arg('input', () => RecordRunInput) input: RecordRunInput) {
    const {
      training = null,
      qualityMetric = null,
      structure = null,
      import: importId = null,
      ...run
    } = input;
    return recordRun(context, { ...run, training, qualityMetric, structure, importId } satisfies NewRun);
  }

  @Change(
    RUN,
    `Up to 1,000 epochs of such a run. An epoch that was sent before gets the new values, until the run is finished. ${MAY}`,
  )
  recordEpochs(
    @Ctx() context: Context,
    @Arg('key', () => String, { description: KEY_RULE }) key: string,
    @Arg('runId', () => ID) runId: string,
    @Arg('epochs', () => [EpochInput]) epochs: EpochInput[],
  ) {
    const told = epochs.map(({ top1 = null, value = null, ...epoch }) => ({ ...epoch, top1, value }));
    return recordEpochs(context, { key, runId, epochs: told });
  }

  @Change(
    { model: () => ModelType },
    `The unpruned network on the test split, as another tool evaluated it. Drops of results by the same evaluator are against this value, and it makes different evaluators comparable. ${MAY}`,
  )
  recordEvaluation(
    @Ctx() context: Context,
    @Arg('key', () => String, { description: KEY_RULE }) key: string,
    @Arg('modelId', () => ID) modelId: string,
    @Arg('datasetId', () => ID) datasetId: string,
    @Arg('evaluation', () => EvaluationInput) evaluation: EvaluationInput,
    @Arg('import', () => String, { nullable: true, description: IMPORT_RULE }) importId: string | null,
    @Arg('dryRun', () => Boolean, { defaultValue: false, description: DRY_RUN }) dryRun: boolean,
  ) {
    const told = { key, modelId, datasetId, evaluation, dryRun };
    return recordEvaluation(context, { ...told, importId: importId ?? null });
  }

  @Change(
    RUN,
    `Ends such a run: with its network, whose MACs, params, hash and widths are counted here, or with numbers alone, which are REPORTED then. ${MAY}`,
  )
  finishRun(
    @Ctx() context: Context,
    @Arg('key', () => String, { description: KEY_RULE }) key: string,
    @Arg('runId', () => ID) runId: string,
    @Arg('uploadId', () => ID, {
      nullable: true,
      description: 'The upload of the network as an ONNX file; null if only numbers are reported.',
    })
    uploadId: string | null,
    @Arg('evaluation', () => EvaluationInput) evaluation: EvaluationInput,
    @Arg('prunedTop1', () => Float, { nullable: true, description: 'Right after the cut, 0 to 1.' })
    prunedTop1: number | null,
    @Arg('prunedValue', () => Float, {
      nullable: true,
      description: 'The same in the metric of the run, if that is not top1.',
    })
    prunedValue: number | null,
    @Arg('params', () => GraphQLBigInt, {
      nullable: true,
      description: 'Parameters of the network, if it is not sent; counted like those of the model.',
    })
    params: bigint | null,
    @Arg('macs', () => GraphQLBigInt, { nullable: true, description: 'The same.' }) macs: bigint | null,
    @Arg('dryRun', () => Boolean, { defaultValue: false, description: DRY_RUN }) dryRun: boolean,
  ) {
    return finishRun(context, {
      ...{ key, runId, evaluation, dryRun, uploadId: uploadId ?? null },
      ...{ prunedTop1: prunedTop1 ?? null, prunedValue: prunedValue ?? null },
      ...{ params: params == null ? null : Number(params), macs: macs == null ? null : Number(macs) },
    });
  }

  @Change(
    RUN,
    'Lets a worker evaluate the network of such a run again, on a data set of the platform with the same images and labels; the result is in `Run.recomputation`. Needs the role editor.',
  )
  recomputeRun(
    @Ctx() context: Context,
    @Arg('runId', () => ID) runId: string,
    @Arg('images', () => Int, {
      nullable: true,
      description: 'Number of random images of the test split; null: all.',
    })
    images: number | null,
  ) {
    return recomputeRun(context, { runId, images: images ?? null });
  }

  @Change(
    RUN,
    'Ends the evaluation of such a run that waits or is under way; images that were not evaluated by then are not counted. Needs the role editor.',
  )
  cancelRecomputation(@Ctx() context: Context, @Arg('runId', () => ID) runId: string) {
    return cancelRecomputing(context, runId);
  }

  @Change(
    RUN,
    'Permanently removes an imported run, with its epochs and its network; its keys may be used again. Needs the role editor.',
  )
  removeRun(@Ctx() context: Context, @Arg('runId', () => ID) runId: string) {
    return removeRun(context, runId);
  }

  @Change(
    { removedImport: () => RemovedImportType },
    'Permanently removes everything that an import has made: its runs, and its scores of unpruned networks; its keys may be used again. Needs the role editor.',
  )
  removeImport(@Ctx() context: Context, @Arg('import', () => String) importId: string) {
    return removeImport(context, importId);
  }
}
