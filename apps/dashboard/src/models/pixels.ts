// How pixels become a network's input, as a person fills it in.

/** What is said of them: nothing, the numbers of a preset, or own ones. */
export type Values = 'file' | 'imagenet' | 'signed' | 'unit' | 'cifar10' | 'bytes' | 'own';

/** How an image gets the size of the input: as it is, its middle, or all of it with a border. */
export type Fit = 'stretch' | 'crop' | 'letterbox';

export interface Pixels {
  /** `file`: nothing is said here. */
  readonly values: Values;
  /** Pixels; 0 is none. */
  readonly height: number;
  /** Pixels; 0 is none. */
  readonly width: number;
  readonly fit: Fit;
  /** Of `crop`: the shorter side is scaled to so many pixels first. */
  readonly resize: number;
  /** Of `letterbox`: the colour around the image, 0..255, one number or one a channel, red first. */
  readonly border: string;
  readonly channels: 'RGB' | 'BGR' | 'gray';
  readonly layout: 'NCHW' | 'NHWC';
  /** A pixel of 0..255 times this, minus the mean, divided by the deviation. "1/255" or a number. */
  readonly scale: string;
  /** One number a channel, or one for all of them, as `std`. */
  readonly mean: string;
  readonly std: string;
  readonly output: 'logits' | 'probabilities';
  /** A name each line, in the order of the outputs. */
  readonly classes: string;
}

export const USUAL_PIXELS: Pixels = {
  ...{ values: 'file', height: 224, width: 224, fit: 'stretch', resize: 256, border: '114' },
  ...{ channels: 'RGB', layout: 'NCHW', output: 'logits', classes: '' },
  ...{ scale: '', mean: '', std: '' },
};

/**
 * What goes along with a network as its preprocessing; null where nothing is said here.
 *
 * @throws {Error} that names the field
 */
export function preprocessingOf(pixels: Pixels): Record<string, unknown> | null {
  const { values, height, width, channels, layout, output } = pixels;
  if (values === 'file') return null;
  if (!isSide(height) || !isSide(width)) throw new Error('Give height and width in whole pixels.');
  const classes = pixels.classes
    .split('\n')
    .map((name) => name.trim())
    .filter(Boolean);
  const depth = channels === 'gray' ? 1 : 3;
  return {
    input: { layout, channels, size: [height, width], ...fitted(pixels, depth), ...scaling(pixels, depth) },
    output,
    ...(classes.length > 0 ? { classes } : {}),
  };
}

function fitted({ fit, height, width, resize, border }: Pixels, channels: number) {
  if (fit === 'stretch') return {};
  if (fit === 'crop') {
    if (isSide(resize) && resize >= Math.max(height, width)) return { resize };
    throw new Error('Resize to at least height and width, which are cut out of it.');
  }
  const given = numbersIn(border);
  const letterbox = given.length === 1 ? new Array<number>(channels).fill(given[0] ?? 0) : given;
  if (letterbox.length === channels && letterbox.every(isByte)) return { letterbox };
  throw new Error(
    `Give the border as ${channels === 1 ? 'one whole number' : 'one whole number, or three,'} from 0 to 255.`,
  );
}

function scaling({ scale, mean: meanText, std: stdText }: Pixels, channels: number) {
  const [mean, std] = [meanText, stdText].map((text) => {
    const numbers = numbersIn(text);
    return numbers.length === 1 ? new Array<number>(channels).fill(numbers[0] ?? 0) : numbers;
  }) as [number[], number[]];
  if (mean.length !== channels || std.length !== channels) {
    throw new Error(`Give one number${channels === 1 ? '' : ', or three,'} for mean and deviation.`);
  }
  if (std.includes(0)) throw new Error('A deviation is not 0.');
  return { scale: factorOf(scale), mean, std };
}

/** "1/255" is a number, too. */
function factorOf(text: string): number {
  const [over = '', under = '1', ...more] = text.split('/');
  const factor = Number(over) / Number(under);
  if (over.trim() !== '' && more.length === 0 && Number.isFinite(factor) && factor !== 0) return factor;
  throw new Error('Give the scale as a number that is not 0, or as 1/255.');
}

function isSide(pixels: number): boolean {
  return Number.isInteger(pixels) && pixels > 0;
}

function isByte(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 255;
}

function numbersIn(text: string): number[] {
  return text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number)
    .filter(Number.isFinite);
}
