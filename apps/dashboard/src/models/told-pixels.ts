import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { PRESET_NAMES, PRESETS } from './pixel-presets.ts';
import { type Fit, type Pixels, USUAL_PIXELS, type Values } from './pixels.ts';

/** What a model says of its input and output. */
export const preprocessingFields = graphql(`
  fragment PreprocessingFields on Preprocessing @_unmask {
    input { layout channels height width resize letterbox scale mean std }
    output
    classes
    inFile
  }
`);

export type Told = ResultOf<typeof preprocessingFields>;
type Format = NonNullable<Told['input']>;

const CHANNELS = { RGB: 'RGB', BGR: 'BGR', GRAY: 'gray' } as const;

/** What a form of it begins with: the same values. */
export function pixelsOf({ input, output, classes }: Told): Pixels {
  if (!input) return USUAL_PIXELS;
  const { height, width, layout, resize, letterbox, mean, std } = input;
  return {
    ...{ values: valuesOf(input), height, width, fit: fitOf(input), layout },
    resize: resize ?? USUAL_PIXELS.resize,
    border: letterbox?.join(', ') ?? USUAL_PIXELS.border,
    channels: CHANNELS[input.channels],
    ...{ scale: scaleText(input.scale), mean: mean.join(', '), std: std.join(', ') },
    output: output === 'PROBABILITIES' ? 'probabilities' : 'logits',
    classes: classes?.join('\n') ?? '',
  };
}

function fitOf({ resize, letterbox }: Format): Fit {
  if (letterbox) return 'letterbox';
  return resize === null ? 'stretch' : 'crop';
}

/** The preset of the same numbers; own ones if there is none. */
function valuesOf({ scale, mean, std }: Format): Values {
  const same = PRESET_NAMES.find(({ id }) => {
    const preset = PRESETS[id];
    return preset.scale === scaleText(scale) && says(preset.mean, mean) && says(preset.std, std);
  });
  return same?.id ?? 'own';
}

function says(text: string, numbers: readonly number[]): boolean {
  return numbers.join(', ') === text || numbers.every((each) => String(each) === text);
}

function scaleText(scale: number): string {
  return scale === 1 / 255 ? '1/255' : String(scale);
}

/** In words, a line each. */
export function pixelFacts({ input, output }: Told): [name: string, value: ReactNode][] {
  if (!input) return [];
  return [
    ['Size', sizeWords(input)],
    ['Channels', { RGB: 'red, green, blue', BGR: 'blue, green, red', GRAY: 'grey' }[input.channels]],
    ['Values', `(pixel × ${scaleText(input.scale)} − mean) ÷ deviation`],
    ['Mean', input.mean.join(', ')],
    ['Deviation', input.std.join(', ')],
    ['Layout', input.layout],
    ...(output ? ([['Output', output.toLowerCase()]] as [string, string][]) : []),
  ];
}

function sizeWords({ height, width, resize, letterbox }: Format): string {
  const size = `${height}×${width}`;
  if (letterbox) return `${size}, all of the image with a border of ${letterbox.join(', ')}`;
  if (resize === null) return `${size}, images are scaled to it`;
  return `${size} out of the centre, the shorter side scaled to ${resize}`;
}
