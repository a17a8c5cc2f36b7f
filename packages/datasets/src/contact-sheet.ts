import type { Dataset, Geometry } from './dataset.ts';
import { pngOf } from './picture.ts';
import { samplePermutation } from './random.ts';

/** A picture of training images: a row for each class, or some rows of images without classes; tiles without gaps. */
export interface ContactSheet {
  readonly png: Buffer;
  /** Tiles in a row. */
  readonly columns: number;
  /** Size of a tile in pixels. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  /**
   * From top to bottom: the class (null if there are none), and how many tiles of the row are images; the others are
   * white.
   */
  readonly rows: readonly { readonly class: number | null; readonly images: number }[];
}

const COLUMNS = 10;
/** Data sets with more classes show the first ones: the picture has to stay one that a person can look at. */
const MOST_ROWS = 200;
/** Of images without classes. */
const ROWS_WITHOUT_CLASSES = 10;
/** Pixels. Larger images are scaled down. */
const LARGEST_TILE_SIDE = 96;
/** Fixed permanently: a data set has one contact sheet. */
const SEED = 10;

/** Ten images of each class, or a hundred if there are no classes, drawn from the training split. */
export async function contactSheet(dataset: Dataset): Promise<ContactSheet> {
  const tile = tileOf(dataset);
  const chosen = choose(dataset);
  const row = tile.width * COLUMNS * tile.channels;
  const sheet = Buffer.alloc(chosen.length * tile.height * row, 255);
  for (const [y, indices] of chosen.entries()) {
    const pixels = await dataset.pixels('train', indices, tile);
    indices.forEach((_, x) => {
      copyTile(pixels, x, sheet.subarray(y * tile.height * row), row, tile);
    });
  }
  const shape = { width: tile.width * COLUMNS, height: chosen.length * tile.height, channels: tile.channels };
  return {
    png: await pngOf(sheet, shape),
    columns: COLUMNS,
    tileWidth: tile.width,
    tileHeight: tile.height,
    rows: chosen.map((indices, row) => {
      return { class: dataset.classes.length === 0 ? null : row, images: indices.length };
    }),
  };
}

function tileOf({ image }: Dataset): Geometry {
  const { width, height, channels } = image ?? { width: 64, height: 64, channels: 3 };
  const scale = Math.min(1, LARGEST_TILE_SIDE / Math.max(width, height));
  const scaled = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: scaled(width), height: scaled(height), channels };
}

/** Indices of the training split, class by class, in the order of the permutation. */
function choose({ classes, splits }: Dataset): number[][] {
  if (classes.length === 0) return rowsOf(splits.train.n);
  const rows = classes.slice(0, MOST_ROWS).map((): number[] => []);
  const { n, labels } = splits.train;
  for (const index of samplePermutation(n, SEED)) {
    const row = rows[labels[index] ?? -1];
    if (row && row.length < COLUMNS) row.push(index);
  }
  return rows;
}

function rowsOf(n: number): number[][] {
  const indices = [...samplePermutation(n, SEED).subarray(0, ROWS_WITHOUT_CLASSES * COLUMNS)];
  return Array.from({ length: Math.ceil(indices.length / COLUMNS) }, (_, row) =>
    indices.slice(row * COLUMNS, (row + 1) * COLUMNS),
  );
}

/** Copies tile `x` of `pixels` into the row of tiles that `sheet` begins with. */
function copyTile(pixels: Uint8Array, x: number, sheet: Buffer, row: number, tile: Geometry): void {
  const width = tile.width * tile.channels;
  for (let line = 0; line < tile.height; line++) {
    const from = (x * tile.height + line) * width;
    sheet.set(pixels.subarray(from, from + width), line * row + x * width);
  }
}
