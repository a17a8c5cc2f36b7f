import { usageOf } from '@espalier/formats';
import type { Dataset, Model } from '@espalier/store';
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
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
  @Field(() => String, { description: 'Takes numpy, onnxruntime and pillow.' })
  python!: string;

  @Field(() => String, { description: 'For Node.js: takes onnxruntime-node and sharp.' })
  javascript!: string;
}

@Resolver(() => ModelType)
export class ModelUsageResolver {
  @FieldResolver(() => UsageType, {
    nullable: true,
    description: 'Null where nothing says how pixels become its input.',
  })
  usage(@Root() model: Model, @Ctx() context: Context) {
    return usageFor(context, model, null, `${model.name}.onnx`);
  }
}

@Resolver(() => PrunedResultType)
export class ResultUsageResolver {
  @FieldResolver(() => UsageType, {
    nullable: true,
    description: 'Null where the model or the data set is not there any more, or the network was not sent.',
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
    return usageFor(context, model, dataset, `${resultFileName(about)}.onnx`);
  }
}

/** @param dataset whose usual values a run takes where the model says nothing of its input; null for none */
async function usageFor(
  context: Context,
  model: Pick<Model, 'id' | 'metadata'>,
  dataset: Dataset | null,
  file: string,
) {
  const summary = await context.loaders.summary.load(model.id);
  const metadata = await preprocessingWith(context, model, dataset);
  const inputType = summary?.inputType === 'uint8' ? 'uint8' : 'float32';
  return metadata && usageOf({ ...metadata, file, inputName: summary?.inputName || null, inputType });
}
