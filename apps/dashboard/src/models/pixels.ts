// How pixels become a network's input, as somebody says it where no file does.

export type Values = 'file' | 'imagenet' | 'unit' | 'signed' | 'bytes' | 'own';

export interface Pixels {
  readonly values: Values;
  /** Pixels; 0 is none. */
  readonly height: number;
  /** Pixels; 0 is none. */
  readonly width: number;
  /** The shorter side is scaled to so many pixels first; 0: images are scaled to height and width directly. */
  readonly resize: number;
  readonly channels: 'RGB' | 'BGR' | 'gray';
  readonly layout: 'NCHW' | 'NHWC';
  /** Of `own`: numbers in 0..1, one a channel. */
  readonly mean: string;
  readonly std: string;
  readonly output: 'logits' | 'probabilities';
  /** A name each line, in the order of the outputs. */
  readonly classes: string;
}

export const USUAL_PIXELS: Pixels = {
  ...{ values: 'file', height: 224, width: 224, resize: 0, channels: 'RGB', layout: 'NCHW' },
  ...{ mean: '0.485, 0.456, 0.406', std: '0.229, 0.224, 0.225', output: 'logits', classes: '' },
};

export const VALUES: readonly { readonly id: Values; readonly name: string }[] = [
  { id: 'file', name: 'as the file says' },
  { id: 'imagenet', name: 'mean and deviation of ImageNet' },
  { id: 'unit', name: '0 to 1' },
  { id: 'signed', name: '−1 to 1' },
  { id: 'bytes', name: '0 to 255' },
  { id: 'own', name: 'own mean and deviation' },
];

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/**
 * What goes along with a network as its preprocessing; null where its file says it.
 *
 * @throws {Error} that names the field
 */
export function preprocessingOf(pixels: Pixels): Record<string, unknown> | null {
  const { values, height, width, resize, channels, layout, output } = pixels;
  if (values === 'file') return null;
  if (!isSide(height) || !isSide(width)) throw new Error('Give height and width in whole pixels.');
  if (resize !== 0 && (!isSide(resize) || resize < Math.max(height, width))) {
    throw new Error('Resize to at least height and width, which are cut out of it.');
  }
  const classes = pixels.classes
    .split('\n')
    .map((name) => name.trim())
    .filter(Boolean);
  return {
    input: {
      ...{ layout, channels, size: [height, width], ...(resize > 0 ? { resize } : {}) },
      ...scaling(pixels, channels === 'gray' ? 1 : 3),
    },
    output,
    ...(classes.length > 0 ? { classes } : {}),
  };
}

function scaling({ values, mean, std }: Pixels, channels: number) {
  const each = (value: number) => new Array<number>(channels).fill(value);
  if (values === 'unit') return { scale: 1 / 255, mean: each(0), std: each(1) };
  if (values === 'signed') return { scale: 1 / 255, mean: each(0.5), std: each(0.5) };
  if (values === 'bytes') return { scale: 1, mean: each(0), std: each(1) };
  const own = values === 'own' ? { mean: numbersIn(mean), std: numbersIn(std) } : IMAGENET;
  if (own.mean.length !== channels || own.std.length !== channels) {
    throw new Error(`Give ${channels === 1 ? 'one number' : 'three numbers'} for mean and deviation.`);
  }
  if (own.std.includes(0)) throw new Error('A deviation is not 0.');
  return { scale: 1 / 255, ...own };
}

function isSide(pixels: number): boolean {
  return Number.isInteger(pixels) && pixels > 0;
}

function numbersIn(text: string): number[] {
  return text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number)
    .filter(Number.isFinite);
}
