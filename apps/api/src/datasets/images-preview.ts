import { Field, Int, ObjectType } from 'type-graphql';
import { DatasetSplitType } from './dataset-split.ts';

@ObjectType('ImageSize', { description: 'In pixels.' })
class ImageSizeType {
  @Field(() => Int)
  height!: number;

  @Field(() => Int)
  width!: number;
}

@ObjectType('UsualImageSize', { description: 'In pixels, as in ImagesInput.' })
class UsualSizeType extends ImageSizeType {
  @Field(() => Int, { nullable: true })
  resize!: number | null;
}

@ObjectType('ImagesPreview', { description: 'The data set that a zip of images becomes, or would become.' })
export class ImagesPreviewType {
  @Field(() => [String], { description: 'In the order of the labels; empty for images without labels.' })
  classes!: string[];

  @Field(() => [DatasetSplitType], { description: 'Without `sha256`.' })
  splits!: DatasetSplitType[];

  @Field(() => ImageSizeType, { description: 'As stored.' })
  smallest!: ImageSizeType;

  @Field(() => ImageSizeType, { description: 'As stored.' })
  largest!: ImageSizeType;

  @Field(() => Int, { description: '1 where all are grey, else 3.' })
  channels!: number;

  @Field(() => UsualSizeType, {
    nullable: true,
    description: 'A size for images that differ, which one has to be chosen for; null if all have one.',
  })
  usual!: UsualSizeType | null;

  @Field(() => [String], { description: 'How the images are split, and what is left out and why.' })
  notes!: string[];

  @Field(() => Boolean, { description: 'Whether there is val/ and no test/: `valAs` says how to use it.' })
  valIsChosen!: boolean;
}
