// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import type { StoredColumns } from '@espalier/runs';
import { Field, Float, Int, ObjectType } from 'type-graphql';

type Stored = NonNullable<StoredColumns['PrunedResult']['repair']>;

@ObjectType('RepairedLayer', {
  description:
    'A layer with new weights. Its errors are those of its outputs on held-out images: sums of squares, relative to the outputs of the unpruned network.',
})
class RepairedLayerType {
  @Field(() => String, { description: 'The name of its node.' })
  layer!: string;

  @Field(() => Float, {
    description: 'Error of the layer as it was cut, with the layers before it repaired.',
  })
  before!: number;

  @Field(() => Float)
  after!: number;
}

@ObjectType('LeftLayer', { description: 'A layer that was not repaired.' })
class LeftLayerType {
  @Field(() => String, { description: 'The name of its node.' })
  layer!: string;

  @Field(() => String, { description: 'Why, for people.' })
  reason!: string;
}

@ObjectType('Repair', {
  description:
    'How the layers after the cut were repaired by least squares; with rounds, after the last one.',
})
export class RepairType implements Stored {
  @Field(() => Int, { description: 'Images of the training split.' })
  images!: number;

  @Field(() => Float, {
    description:
      'How strongly weights are kept near their old values, at least: with fewer than 500 images it is chosen for each layer.',
  })
  lambda!: number;

  @Field(() => Int, { description: 'Seed of the images, and of the positions in them.' })
  seed!: number;

  @Field(() => [RepairedLayerType], { description: 'In the order of the repair.' })
  layers!: Stored['layers'];

  @Field(() => [LeftLayerType])
  left!: Stored['left'];
}

@ObjectType('RepairedNetwork', {
  description: 'The ONNX file of a network as it was repaired, whatever its model came as.',
})
export class RepairedNetworkType {
  @Field(() => String)
  sha256!: string;

  @Field(() => String, { description: 'Its download address.' })
  downloadUrl!: string;
}
