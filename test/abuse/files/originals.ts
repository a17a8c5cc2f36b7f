import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { imageLibrary } from '../../../packages/datasets/src/image-library.ts';
import { openDataset, packDataset } from '../../../packages/datasets/src/index.ts';
import { PILLOW_IMAGES } from '../../../packages/datasets/test/pillow-images.ts';
import { encodeOnnx } from '../../../packages/formats/src/index.ts';
import { Random } from '../../../packages/network/test/random.ts';
import { pictureFolder } from '../../../packages/runs/test/pictures.ts';
import { blocks } from '../../generate/blocks/index.ts';
import { heads } from '../../generate/heads.ts';
import { networkOf } from '../../generate/random-network.ts';

/** What is mutated: whole files of each kind. */
export interface Originals {
  readonly models: readonly Uint8Array[];
  readonly packed: readonly Uint8Array[];
  readonly images: readonly Uint8Array[];
}

const FIELD = fileURLToPath(new URL('../../../packages/formats/test/field', import.meta.url));
/** Larger ones are mostly weights, and take their time. */
const MOST_BYTES = 400_000;

/** @param more a folder with further networks */
export async function originals(more: string | undefined): Promise<Originals> {
  const models = [...(await onnxFiles(FIELD)), ...generated(), ...(more ? await onnxFiles(more) : [])];
  return { models, packed: await packedSets(), images: await pictures() };
}

async function onnxFiles(folder: string): Promise<Uint8Array[]> {
  const names = await readdir(folder, { recursive: true });
  const files = names
    .filter((name) => name.endsWith('.onnx'))
    .sort()
    .map((name) => path.join(folder, name));
  const found: Uint8Array[] = [];
  for (const file of files) if ((await stat(file)).size <= MOST_BYTES) found.push(await readFile(file));
  return found;
}

/** One for each block that networks are made of. */
function generated(): Uint8Array[] {
  const random = new Random(1);
  const ends = Object.keys(heads);
  return Object.keys(blocks).map((block, seed) => {
    const head = ends[seed % ends.length] ?? '';
    const extents = [random.integer(4, 9), random.integer(4, 9)] as const;
    return encodeOnnx(networkOf({ seed, blocks: [block], head, extents, outputInTheMiddle: false }));
  });
}

async function packedSets(): Promise<Uint8Array[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-originals-'));
  try {
    const dataset = await openDataset(await pictureFolder(path.join(folder, 'pictures'), 4, 12), {
      home: folder,
    });
    const sizes = [{}, { width: 3, height: 5 }, { channels: 1 }] as const;
    const files = sizes.map(async (size, i) => {
      const file = path.join(folder, `${i}.espalier-data`);
      await packDataset(dataset, file, { size });
      return readFile(file);
    });
    const packed = await Promise.all(files);
    await dataset.close();
    return packed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Small ones of every kind, and some of the formats in a size that they are usually met in. */
async function pictures(): Promise<Uint8Array[]> {
  const sharp = await imageLibrary();
  const [width, height] = [48, 40];
  const noise = Buffer.from(new Random(2).values(width * height * 3, 70).map((value) => value + 128));
  const image = () => sharp(noise, { raw: { width, height, channels: 3 } });
  const made = [
    ...[image().png(), image().png({ palette: true }), image().jpeg(), image().jpeg({ progressive: true })],
    ...[
      image().webp(),
      image().webp({ lossless: true }),
      image().gif(),
      image().tiff(),
      image().avif({ effort: 0 }),
    ],
    ...[
      image().tiff({ compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16 }),
      image().toColourspace('cmyk').jpeg(),
    ],
  ];
  const small = PILLOW_IMAGES.map(({ file }) => Buffer.from(file, 'base64'));
  return [...small, ...(await Promise.all(made.map((each) => each.toBuffer())))];
}
