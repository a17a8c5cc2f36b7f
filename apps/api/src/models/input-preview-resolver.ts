import type { ChannelValues } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import type { Preprocessing } from '@espalier/network';
import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Ctx, Field, Float, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { graphQLError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';
import { inputPreview, type Preview } from './input-preview.ts';
import { PixelFormatType, shownPixels } from './summary-type.ts';

const CHANNELS = {
  RGB: ['red', 'green', 'blue'],
  BGR: ['blue', 'green', 'red'],
  gray: ['gray'],
} as const satisfies Readonly<Record<Preprocessing['channels'], readonly string[]>>;

const ColourEnum = enumType('Colour', ['red', 'green', 'blue', 'gray'], 'A channel of an image.');

@ObjectType('InputChannel', { description: 'The values of one channel, after mean and scale.' })
class InputChannelType implements ChannelValues {
  @Field(() => ColourEnum)
  colour!: (typeof CHANNELS)[keyof typeof CHANNELS][number];

  @Field(() => Float)
  min!: number;

  @Field(() => Float)
  max!: number;

  @Field(() => Float)
  mean!: number;
}

@ObjectType('InputPreview', { description: 'One image as a network gets it.' })
class InputPreviewType {
  @Field(() => String, {
    description:
      'The image at the size of the input, before its values change: a PNG as a data URL, its longer side at most 512 pixels.',
  })
  url!: string;

  @Field(() => PixelFormatType, { description: 'What was done to the image.' })
  input!: PixelFormatType;

  @Field(() => [InputChannelType], { description: 'In the order of the input.' })
  channels!: InputChannelType[];
}

@Resolver()
export class InputPreviewResolver {
  @Query(() => InputPreviewType, {
    nullable: true,
    description:
      'One image as a network gets it: scaled, cropped or letterboxed, with the range of the values. Null if there is no such image or model.',
  })
  async inputPreview(
    @Ctx() context: Context,
    @Arg('image', () => ID, {
      description: 'A data set, of whose search split an image is taken, or an upload that is a picture.',
    })
    image: string,
    @Arg('index', () => Int, { defaultValue: 0, description: 'Which image of the search split, from 0.' })
    index: number,
    @Arg('model', () => ID, {
      nullable: true,
      description:
        "The model whose preprocessing is shown. A model without one gets the data set's defaults, as its runs do.",
    })
    model: string | null | undefined,
    @Arg('preprocessing', () => GraphQLJSONObject, {
      nullable: true,
      description: 'As `registerModel` takes it, in place of that of the model.',
    })
    preprocessing: object | null | undefined,
  ): Promise<InputPreviewType | null> {
    try {
      const shown = await inputPreview(context, { image, index, modelId: model ?? null, preprocessing });
      return shown && told(shown);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw graphQLError('BAD_USER_INPUT', error.message, error.field ? [error.field] : []);
    }
  }
}

function told({ png, input, channels }: Preview): InputPreviewType {
  const colours = CHANNELS[input.channels];
  return {
    url: `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
    input: shownPixels(input),
    channels: channels.map((values, at) => ({ colour: colours[at] ?? 'gray', ...values })),
  };
}
