// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import type { DataType, NetworkMetadata, Preprocessing, WithoutRule } from '@espalier/network';
import type { StoredColumns } from '@espalier/runs';
import { GraphQLBigInt } from 'graphql-scalars';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { enumType } from '../graphql/enums.ts';
import type { Nulled } from '../graphql/nulled.ts';

// What is in the JSON columns of a model (packages/runs/src/columns.ts), as GraphQL tells it.

type Stored = StoredColumns['Model'];
type StoredSummary = Stored['summary'];
type StoredGroup = NonNullable<StoredSummary['groups']>[number];
type StoredLayer = NonNullable<StoredSummary['layers']>[number];

@ObjectType('ChannelGroup', { description: 'Channels that can only go together.' })
class ChannelGroupType implements Nulled<StoredGroup> {
  @Field(() => String, {
    name: 'name',
    description: 'Its name in the network; widths, limits and samples use it.',
  })
  id!: string;

  @Field(() => Int, { description: 'Number of its units.' })
  width!: number;

  @Field(() => Boolean, { description: 'Whether its units can be removed.' })
  prunable!: boolean;

  @Field(() => Boolean, {
    description: 'It is pruned only where inexact pruning is allowed: a normalisation mixes its channels.',
  })
  inexact!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it is not prunable; null if it is.' })
  reason!: string | null;

  @Field(() => [String], { nullable: true, description: 'Nodes whose filters the units are.' })
  producers!: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: 'Nodes that sum over the units.' })
  consumers!: readonly string[] | null;
}

@ObjectType('Layer', { description: 'A node that costs something, or where branches meet.' })
class LayerType implements Nulled<StoredLayer> {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'Its operation: Conv, Gemm, Add, ...' })
  op!: string;

  @Field(() => [Int], { description: 'Shape of its output, for one image.' })
  shape!: readonly number[];

  @Field(() => GraphQLBigInt)
  params!: number;

  @Field(() => GraphQLBigInt)
  macs!: number;

  @Field(() => [Int], {
    nullable: true,
    description:
      'The layers that it reads from, by their index; none at the input. Null if that was not kept.',
  })
  from!: readonly number[] | null;
}

@ObjectType('ModelOutput', { description: 'An output of a network.' })
class ModelOutputType implements Nulled<NonNullable<StoredSummary['outputs']>[number]> {
  @Field(() => String, { description: 'Its name in the network; weights of outputs use it.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether it has a largest class: it is [batch, classes].' })
  tellsClasses!: boolean;

  @Field(() => Boolean, { description: 'Whether it is known to hold probabilities of classes.' })
  tellsProbabilities!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is a vector that is divided by its length. Null if that was not kept.',
  })
  isEmbedding!: boolean | null;
}

@ObjectType('OperationWithoutRule', {
  description: 'An operation without a pruning rule: the channels it reads and computes are not pruned.',
})
class WithoutRuleType implements Nulled<WithoutRule> {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'As the file calls it.' })
  op!: string;

  @Field(() => String, { description: 'Why it has none.' })
  why!: string;
}

@ObjectType('Reachable', { description: 'The largest shares that can be removed within the usual limits.' })
class ReachableType implements Nulled<NonNullable<StoredSummary['reachable']>> {
  @Field(() => Float)
  params!: number;

  @Field(() => Float)
  macs!: number;
}

@ObjectType('ModelSummary', {
  description:
    'What is known about a network without running it. Null: it was not kept when the model was registered.',
})
export class ModelSummaryType
  implements Nulled<Omit<StoredSummary, 'name' | 'input' | 'outputs' | 'groups' | 'layers'>>
{
  @Field(() => [Int], {
    nullable: true,
    description: 'Shape of one image: [channels, height, width], or [height, width, channels].',
  })
  inputShape!: readonly number[] | null;

  @Field(() => String, { nullable: true, description: 'As its file calls its input.' })
  inputName!: string | null;

  @Field(() => String, { nullable: true, description: 'Type of its elements: float32, or uint8 for bytes.' })
  inputType!: DataType | null;

  @Field(() => Int, { nullable: true })
  operations!: number | null;

  @Field(() => [String], {
    nullable: true,
    description: 'In the order of the output; empty if the file does not name them.',
  })
  classes!: readonly string[] | null;

  @Field(() => [ModelOutputType], { nullable: true, description: 'In their order.' })
  outputs!: readonly ModelOutputType[] | null;

  @Field(() => [ChannelGroupType], { nullable: true, description: 'In topological order.' })
  groups!: readonly ChannelGroupType[] | null;

  @Field(() => [LayerType], { nullable: true, description: 'In topological order.' })
  layers!: readonly LayerType[] | null;

  @Field(() => [WithoutRuleType], { nullable: true, description: 'In topological order.' })
  withoutRule!: readonly WithoutRule[] | null;

  @Field(() => [String], {
    description: 'Names of what came in the same zip and is none of the model: it was not kept.',
  })
  leftOut!: readonly string[];

  @Field(() => ReachableType, { nullable: true })
  reachable!: ReachableType | null;
}

export function shownSummary({ input, groups, layers, ...summary }: StoredSummary): ModelSummaryType {
  const { operations = null, classes = null, outputs = null, reachable = null, inputName } = summary;
  return {
    ...{ operations, classes, reachable },
    outputs: outputs?.map((output) => ({ isEmbedding: null, ...output })) ?? null,
    withoutRule: summary.withoutRule ?? null,
    leftOut: summary.leftOut ?? [],
    inputType: summary.inputType ?? null,
    inputShape: input?.slice(1) ?? null,
    inputName: inputName || null,
    groups: groups?.map(shownGroup) ?? null,
    layers: layers?.map((layer) => ({ from: null, ...layer, shape: layer.shape.slice(1) })) ?? null,
  };
}

function shownGroup(group: StoredGroup): ChannelGroupType {
  const { reason = null } = group;
  // Before it was kept only the reason told.
  const { inexact = reason?.endsWith('only where inexact pruning is allowed') ?? false } = group;
  return { producers: null, consumers: null, ...group, reason, inexact, prunable: reason === null };
}

const PixelChannelsEnum = enumType<Preprocessing['channels']>(
  'PixelChannels',
  ['RGB', 'BGR', 'gray'],
  'In the order of the input.',
);
const PixelLayoutEnum = enumType<Preprocessing['layout']>(
  'PixelLayout',
  ['NCHW', 'NHWC'],
  'The order of the axes of an input: channels first, or last as in Keras and TensorFlow.',
);
const NetworkOutputEnum = enumType<NonNullable<NetworkMetadata['output']>>(
  'NetworkOutput',
  ['logits', 'probabilities'],
  'Class scores before or after a softmax.',
);

@ObjectType('PixelFormat', {
  description: 'Pixels of 0..255 become (pixel * scale - mean) / std, channel by channel.',
})
export class PixelFormatType implements Nulled<Omit<Preprocessing, 'size'>> {
  @Field(() => PixelLayoutEnum)
  layout!: Preprocessing['layout'];

  @Field(() => PixelChannelsEnum)
  channels!: Preprocessing['channels'];

  @Field(() => Int)
  height!: number;

  @Field(() => Int)
  width!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'The shorter side is scaled to this many pixels, and the centre is cut out. Null: the image is scaled to height and width.',
  })
  resize!: number | null;

  @Field(() => [Int], {
    nullable: true,
    description:
      'The image is scaled to fit into height and width and keeps its proportions; this colour is around it (0..255 for each channel, red first). Null: no letterbox.',
  })
  letterbox!: readonly number[] | null;

  @Field(() => Float)
  scale!: number;

  @Field(() => [Float], { description: 'One a channel.' })
  mean!: readonly number[];

  @Field(() => [Float], { description: 'One a channel.' })
  std!: readonly number[];
}

@ObjectType('Preprocessing', {
  description:
    'What the file, or the preprocessing given with it, says about input and output. All null if neither does: then runs use the defaults of their data set.',
})
export class PreprocessingType implements Nulled<Partial<Omit<NetworkMetadata, 'input'>>> {
  @Field(() => PixelFormatType, { nullable: true })
  input!: PixelFormatType | null;

  @Field(() => NetworkOutputEnum, { nullable: true })
  output!: NetworkMetadata['output'] | null;

  @Field(() => [String], { nullable: true, description: 'In the order of the output.' })
  classes!: readonly string[] | null;

  @Field(() => Boolean, {
    description: 'Whether the file itself says it: then `setPreprocessing` cannot change it.',
  })
  inFile!: boolean;
}

export function shownPreprocessing(
  metadata: Stored['metadata'],
  isBeside: boolean,
): PreprocessingType | null {
  if (metadata === null) return null;
  const { input, output = null, classes = null } = metadata;
  return {
    input: input ? shownPixels(input) : null,
    output,
    classes,
    inFile: input !== undefined && !isBeside,
  };
}

export function shownPixels({ size: [height, width], ...format }: Preprocessing): PixelFormatType {
  return { resize: null, letterbox: null, ...format, height, width };
}
