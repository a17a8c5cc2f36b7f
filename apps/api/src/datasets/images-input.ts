import type { PackSize, ValAs } from '@espalier/datasets';
import { readBy } from '@espalier/errors';
import { Field, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { given } from '../given.ts';
import { enumType } from '../graphql/enums.ts';

const ValAsEnum = enumType('ValAs', ['test', 'search', 'both'], 'What val/ is in a folder without test/.', {
  test: 'The test split, as in results on ImageNet; the usual.',
  search: 'The search split: right only for a network that has not learned from it.',
  both: 'Half of each class each.',
});

@InputType('ImagesInput', {
  description: 'How the images of a zip become a data set. Default: as they are stored.',
})
export class ImagesInput {
  @Field(() => Int, { nullable: true, description: 'Height of all images, in pixels; give `width` with it.' })
  height?: number | null;

  @Field(() => Int, { nullable: true, description: 'Width of all images, in pixels; give `height` with it.' })
  width?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The shorter side is scaled to this many pixels, and height and width are cut out of the centre. Left out: images are scaled to height and width directly.',
  })
  resize?: number | null;

  @Field(() => Int, { nullable: true, description: '1 is grey, 3 is red, green, blue.' })
  channels?: number | null;

  @Field(() => ValAsEnum, { nullable: true })
  valAs?: ValAs | null;
}

/** Of all images, and how they are divided. */
export interface ImageSettings {
  readonly size: PackSize;
  readonly valAs: ValAs | null;
}

/** Networks for larger images are not pruned here. */
const MOST_PIXELS = 2048;
const side = z.int().min(1).max(MOST_PIXELS);
/** Each as it may be by itself. */
export const SETTINGS = {
  ...{ height: side.optional(), width: side.optional(), resize: side.optional() },
  channels: z.literal([1, 3]).optional(),
  valAs: z.enum(['test', 'search', 'both']).optional(),
};
const schema = z
  .strictObject(SETTINGS)
  .refine(({ height, width }) => (height === undefined) === (width === undefined), {
    path: ['height'],
    error: 'give height and width, or neither',
  })
  .refine(({ height, resize }) => height !== undefined || resize === undefined, {
    path: ['resize'],
    error: 'give height and width with it',
  })
  .refine(({ height = 0, width = 0, resize }) => resize === undefined || resize >= Math.max(height, width), {
    path: ['resize'],
    error: 'give at least height and width, to which it is cropped',
  });

/** @throws {InputError} about `images` */
export function imageSettings(input: ImagesInput | null): ImageSettings {
  const { valAs = null, ...size } = readBy(schema, given(input), '', 'images');
  return { size, valAs };
}
