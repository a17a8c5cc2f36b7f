import { Field, Int, ObjectType } from 'type-graphql';
import { SplitEnum } from './split.ts';

@ObjectType('DatasetSplit', { description: 'Train to learn from, search to choose by, test to score once.' })
export class DatasetSplitType {
  @Field(() => SplitEnum)
  name!: string;

  @Field(() => Int)
  images!: number;

  @Field(() => [Int], {
    description:
      'Images of each class, in the order of the classes; empty for a manifest, for an old data set, and for images without labels.',
  })
  classCounts!: number[];

  @Field(() => String, {
    nullable: true,
    description:
      'Over a line for each image in order: "<sha256 of its pixels> <label>"; null for an old data set, and before images are packed.',
  })
  sha256!: string | null;
}
