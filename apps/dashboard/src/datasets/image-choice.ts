import { bytes, grouped, plural } from '#src/format/numbers.ts';
import type { Named } from '#src/ui/named.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Preview {
  readonly classes: readonly string[];
  readonly splits: readonly { readonly images: number }[];
  readonly smallest: Size;
  readonly largest: Size;
  readonly channels: number;
  readonly usual: (Size & { readonly resize: number | null }) | null;
}

/** What is chosen of how images are packed. */
export interface ImageChoice {
  /** `stored`, `usual`, or a square of so many pixels. */
  readonly size: string;
  /** `stored`, or so many. */
  readonly channels: 'stored' | '1' | '3';
}

export const STORED = 'stored';
const USUAL = 'usual';
/** Pixels. */
const SQUARES = [28, 32, 48, 64, 96, 128, 160, 192, 224, 256, 299];

/** "2 classes, 120 images of 20×30 to 400×600 pixels, colour". */
export function imagesWords({ classes, splits, smallest, largest, channels }: Preview): string {
  const images = splits.reduce((sum, split) => sum + split.images, 0);
  const [from, to] = [smallest, largest].map(pixels);
  const sizes = from === to ? from : `${from} to ${to}`;
  const kinds = classes.length === 0 ? 'no classes' : plural(classes.length, 'class', 'classes');
  return `${kinds}, ${grouped(images)} images of ${sizes} pixels, ${channels === 1 ? 'grey' : 'colour'}`;
}

/** What all images may be brought to; the first is what one begins with. */
export function sizeOptions({ smallest, usual }: Preview): Named[] {
  const squares = SQUARES.filter((side) => usual?.width !== side).map((side) => ({
    id: String(side),
    name: `${side}×${side}`,
  }));
  if (usual === null) return [{ id: STORED, name: `as stored, ${pixels(smallest)}` }, ...squares];
  const cut = usual.resize !== null && usual.resize > usual.width ? `, cut out of ${usual.resize}` : '';
  return [{ id: USUAL, name: `${pixels(usual)}${cut}` }, ...squares];
}

/** As the API takes it; null: as stored. A square is cut out of the centre, so that nothing is distorted. */
function sizeOf(size: string, { usual }: Preview): (Size & { readonly resize: number | null }) | null {
  if (size === STORED) return null;
  const side = Number(size);
  return size === USUAL ? usual : { height: side, width: side, resize: side };
}

/** As the API takes it. */
export function imagesInput({ size, channels }: ImageChoice, preview: Preview) {
  return { ...sizeOf(size, preview), ...(channels === STORED ? {} : { channels: Number(channels) }) };
}

/** What all images take once they are packed. */
export function packedWords(choice: ImageChoice, preview: Preview): string {
  const { width, height } = sizeOf(choice.size, preview) ?? preview.smallest;
  const channels = choice.channels === STORED ? preview.channels : Number(choice.channels);
  const images = preview.splits.reduce((sum, split) => sum + split.images, 0);
  return `${bytes(images * width * height * channels)} once packed`;
}

/** A name that no data set has, made of a file's. */
export function freeName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map((one) => one.toLowerCase()));
  for (let at = 1; ; at++) {
    const tried = at === 1 ? name : `${name} ${at}`;
    if (!used.has(tried.toLowerCase())) return tried;
  }
}

function pixels({ width, height }: Size): string {
  return `${width}×${height}`;
}
