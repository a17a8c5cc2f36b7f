import { usageOf } from '@espalier/formats';
import type { Dataset, Model } from '@espalier/store';
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { fileTypeBy } from '../models/model-format-enum.ts';
import { ModelType } from '../models/model-resolver.ts';
import { preprocessingWith } from '../models/usual-preprocessing.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { aboutResult } from '../runs/about-result.ts';
import { resultFileName } from '../runs/file-name.ts';
import { PrunedResultType } from '../runs/result-resolver.ts';

@ObjectType('Usage', {
  description: 'Programs that classify a picture by the network, with its preprocessing: to be copied.',
})
class UsageType {
  @Field(() => String, {
    description:
      'Takes numpy, onnxruntime and pillow. A file of another format is converted to ONNX first, which its comment shows.',
  })
  python!: string;

  @Field(() => String, {
    description:
      'For Node.js: takes onnxruntime-node and sharp, or @tensorflow/tfjs and sharp for a model of TensorFlow.js.',
  })
  javascript!: string;
}

@Resolver(() => ModelType)
export class ModelUsageResolver {
  @FieldResolver(() => UsageType, {
    nullable: true,
    description: 'Null if its preprocessing is unknown.',
  })
  usage(@Root() model: Model, @Ctx() context: Context) {
    return usageFor(context, model, null, { name: model.name, sha256: model.sha256 });
  }
}

@Resolver(() => PrunedResultType)
export class ResultUsageResolver {
  @FieldResolver(() => UsageType, {
    nullable: true,
    description: 'Null if the model or the data set was deleted, or there is no network.',
  })
  async usage(
    @Root() { runId, sha256 }: { readonly runId: string; readonly sha256: string | null },
    @Ctx() context: Context,
  ) {
    if (sha256 === null) return null;
    const [run, about] = await Promise.all([
      nodeAt('run', context, runId),
      aboutResult(context.loaders, runId),
    ]);
    const experiment = run && (await nodeAt('exp', context, run.experimentId));
    if (!experiment || !about) return null;
    const [model, dataset] = await Promise.all([
      nodeAt('model', context, experiment.modelId),
      nodeAt('data', context, experiment.datasetId),
    ]);
    if (!model || !dataset) return null;
    return usageFor(context, model, dataset, { name: resultFileName(about), sha256 });
  }
}

/** @param dataset whose usual values a run takes where the model says nothing of its input; null for none */
async function usageFor(
  context: Context,
  model: Pick<Model, 'id' | 'metadata'>,
  dataset: Dataset | null,
  { name, sha256 }: { readonly name: string; readonly sha256: string },
) {
  const { format, extension } = await fileTypeBy(context.loaders, sha256);
  const file = `${name}${extension}`;
  const summary = await context.loaders.summary.load(model.id);
  const metadata = await preprocessingWith(context, model, dataset);
  const inputType = summary?.inputType === 'uint8' ? 'uint8' : 'float32';
  return metadata && usageOf({ ...metadata, file, format, inputName: summary?.inputName || null, inputType });
}
