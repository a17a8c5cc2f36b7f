import { stored } from '@espalier/runs';
import type { BaseEvaluation, Model } from '@espalier/store';
import { GraphQLBigInt, GraphQLJSONObject } from 'graphql-scalars';
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
import { SplitEnum } from '../datasets/split.ts';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { findNode, nodeAt } from '../nodes/nodes.ts';
import { ProjectType } from '../projects/project-resolver.ts';
import { ModelListArgs } from './model-filter.ts';
import { fileTypeBy, ModelFormatEnum } from './model-format-enum.ts';
import { listModels, registerModel } from './models.ts';
import { setPreprocessing } from './preprocessing.ts';
import { ModelSummaryType, PreprocessingType, shownPreprocessing, shownSummary } from './summary-type.ts';

@ObjectType('Model', { implements: NodeType, description: 'A trained network, unpruned.' })
export class ModelType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => String, {
    description:
      'Hash of the file; `/files/<sha256>` has its bytes. A model of several files is a zip of them, whose hash is the same whatever zip they came in.',
  })
  sha256!: string;

  @Field(() => String, {
    description: 'Hash of graph and weights: equal networks in different files have the same hash.',
  })
  networkHash!: string;

  @Field(() => GraphQLBigInt, { description: 'Learnable numbers.' })
  params!: bigint;

  @Field(() => GraphQLBigInt, {
    description: 'Multiply-accumulates of convolutions and dense layers for one image.',
  })
  macs!: bigint;

  @Field(() => String)
  notes!: string;

  @Field(() => [String])
  tags!: string[];

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

@ObjectType('BaseEvaluation', { description: 'The network as given, on a split of a data set.' })
export class BaseEvaluationType {
  @Field(() => String)
  datasetHash!: string;

  @Field(() => SplitEnum)
  split!: string;

  @Field(() => Float)
  top1!: number;

  @Field(() => Float, { nullable: true, description: 'Null below 6 classes.' })
  top5!: number | null;

  @Field(() => Float, { nullable: true, description: 'Nats; null if another tool did not report it.' })
  loss!: number | null;

  @Field(() => Int)
  images!: number;
}

@Resolver(() => BaseEvaluationType)
export class BaseEvaluationResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The evaluator of an imported result: a tool, and a hash of the preprocessing. Null for the platform.',
  })
  evaluator(@Root() { engine, decoding }: Pick<BaseEvaluation, 'engine' | 'decoding'>) {
    return decoding === 0 ? engine : null;
  }
}

export const ModelConnection = connectionType('Model', () => ModelType);

@Resolver(() => ModelType)
export class ModelResolver {
  @Query(() => ModelConnection, { description: "The team's networks." })
  models(@Ctx() context: Context, @Args(() => ModelListArgs) args: ModelListArgs) {
    return listModels(context, args);
  }

  @Query(() => ModelType, { nullable: true, description: 'Null if there is no such object.' })
  model(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('model', context, id);
  }

  @FieldResolver(() => ProjectType)
  project(@Root() { projectId }: Model, @Ctx() context: Context) {
    return nodeAt('proj', context, projectId);
  }

  @FieldResolver(() => ModelSummaryType, {
    nullable: true,
    description: 'Null if its stored summary cannot be read.',
  })
  async summary(@Root() { id }: Model, @Ctx() { loaders }: Context) {
    const summary = await loaders.summary.load(id);
    return summary && shownSummary(summary);
  }

  @FieldResolver(() => GraphQLBigInt, { nullable: true, description: 'Size of its file.' })
  async bytes(@Root() { sha256 }: Model, @Ctx() { loaders }: Context) {
    return (await loaders.file.load(sha256))?.bytes ?? null;
  }

  @FieldResolver(() => ModelFormatEnum, { description: 'What it came as.' })
  async format(@Root() { sha256 }: Model, @Ctx() { loaders }: Context) {
    return (await fileTypeBy(loaders, sha256)).format;
  }

  @FieldResolver(() => String, { description: 'How its file ends: .onnx, .zip, .keras or .h5.' })
  async extension(@Root() { sha256 }: Model, @Ctx() { loaders }: Context) {
    return (await fileTypeBy(loaders, sha256)).extension;
  }

  @FieldResolver(() => [BaseEvaluationType], { description: 'Those that runs have needed so far.' })
  evaluations(@Root() { id }: Model, @Ctx() { loaders }: Context) {
    return loaders.evaluations.load(id);
  }

  @FieldResolver(() => PreprocessingType, {
    nullable: true,
    description: 'Null for a model that was registered before this was kept.',
  })
  preprocessing(@Root() { metadata, metadataBeside }: Model) {
    return shownPreprocessing(stored('Model', 'metadata', metadata), metadataBeside);
  }

  @FieldResolver(() => GraphQLJSONObject, {
    nullable: true,
    description: 'How its file is read, in the form that `registerModel` takes; null: unchanged.',
  })
  readAs(@Root() { readAs }: Model) {
    return stored('Model', 'readAs', readAs);
  }

  @FieldResolver(() => String, {
    description: 'Where its file can be fetched, with its preprocessing in it.',
  })
  downloadUrl(@Root() { id, sha256, metadataBeside }: Model): string {
    return metadataBeside ? `/files/models/${id}` : `/files/${sha256}`;
  }

  @Change(
    { model: () => ModelType },
    'Reads an uploaded model: an .onnx file, a zip of a model.json of TensorFlow.js with its shards, or a .keras or .h5 file. Needs the role editor.',
  )
  registerModel(
    @Ctx() context: Context,
    @Arg('projectId', () => ID) projectId: string,
    @Arg('uploadId', () => ID) uploadId: string,
    @Arg('name', () => String) name: string,
    @Arg('preprocessing', () => GraphQLJSONObject, {
      nullable: true,
      description:
        'The content of a JSON file (`NAME.onnx.json`): how pixels become the input, and the classes in order, for a file that does not say so itself. The same file with another preprocessing is another model.',
    })
    preprocessing?: object | null,
    @Arg('readAs', () => GraphQLJSONObject, {
      nullable: true,
      description:
        'How its file is read, like the flags of the command. `input`: the size to compute with if the file leaves it open, `{"input": [{"shape": [1, 3, 48, 192]}]}`; a preprocessing also gives it. `set`: inputs that have one number throughout. `output`: the values that the network ends in.',
    })
    readAs?: object | null,
  ) {
    return registerModel(context, { projectId, uploadId, name, preprocessing, readAs });
  }

  @Change(
    { model: () => ModelType },
    "Changes a model's preprocessing. If experiments or measurements depend on the model, a new model of the same file gets it. Needs the role editor.",
  )
  setPreprocessing(
    @Ctx() context: Context,
    @Arg('modelId', () => ID) modelId: string,
    @Arg('preprocessing', () => GraphQLJSONObject, {
      nullable: true,
      description:
        'As `registerModel` takes it. Null: nothing says how pixels become the input, and runs take the usual values of their data set.',
    })
    preprocessing: object | null | undefined,
    @Arg('newName', () => String, {
      nullable: true,
      description: 'Name of the new model. Null: the model itself is changed.',
    })
    newName: string | null | undefined,
  ) {
    return setPreprocessing(context, { modelId, preprocessing, newName: newName ?? null });
  }
}
