import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { imageLibrary } from '../../../packages/datasets/src/image-library.ts';
import { openDataset, packDataset } from '../../../packages/datasets/src/index.ts';
import { PILLOW_IMAGES } from '../../../packages/datasets/test/pillow-images.ts';
import { encodeOnnx } from '../../../packages/formats/src/index.ts';
import {
  graphFiles,
  i,
  int32s,
  is,
  random,
  s,
  scaled,
  ss,
  tfNode,
} from '../../../packages/formats/test/graph-model.ts';
import { kerasFile, kerasParts } from '../../../packages/formats/test/keras-files.ts';
import { smallLayersModel, writeLayers } from '../../../packages/formats/test/layers-model.ts';
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
  readonly tfjs: readonly TfjsOriginal[];
  readonly keras: readonly KerasOriginal[];
}

/** A model.json, and the files beside it. */
export interface TfjsOriginal {
  readonly json: object;
  readonly shards: ReadonlyMap<string, Uint8Array>;
}

/** What is in an archive of Keras. */
export interface KerasOriginal {
  readonly config: object;
  readonly weights: Uint8Array;
  /** The same as one HDF5 file. */
  readonly whole: Uint8Array;
}

const FIELD = fileURLToPath(new URL('../../../packages/formats/test/field', import.meta.url));
/** Larger ones are mostly weights, and take their time. */
const MOST_BYTES = 400_000;

/** @param more a folder with further networks */
export async function originals(more: string | undefined): Promise<Originals> {
  const models = [...(await onnxFiles(FIELD)), ...generated(), ...(more ? await onnxFiles(more) : [])];
  const [packed, images] = [await packedSets(), await pictures()];
  return { models, packed, images, tfjs: await tfjsModels(), keras: await kerasModels() };
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
  const drawn = new Random(1);
  const ends = Object.keys(heads);
  return Object.keys(blocks).map((block, seed) => {
    const head = ends[seed % ends.length] ?? '';
    const extents = [drawn.integer(4, 9), drawn.integer(4, 9)] as const;
    return encodeOnnx(networkOf({ seed, blocks: [block], head, extents, outputInTheMiddle: false }));
  });
}

async function withFolder<T>(make: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-originals-'));
  try {
    return await make(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function packedSets(): Promise<Uint8Array[]> {
  return withFolder(async (folder) => {
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
  });
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

const conv = {
  strides: is(1, 2, 2, 1),
  padding: s('SAME'),
  dilations: is(1, 1, 1, 1),
  data_format: s('NHWC'),
};

/** A graph model and a LayersModel. */
async function tfjsModels(): Promise<TfjsOriginal[]> {
  const graph = graphFiles({
    nodes: [
      tfNode('_FusedConv2D', ['x', 'w', 'b'], 'c', {
        ...conv,
        fused_ops: ss('BiasAdd', 'Relu'),
        num_args: i(1),
      }),
      tfNode('DepthwiseConv2dNative', ['c', 'd'], 'e', conv),
      tfNode('Pad', ['e', 'pads'], 'p'),
      tfNode('ResizeBilinear', ['p', 'size'], 'r'),
      tfNode('Mean', ['r', 'axes'], 'm'),
      tfNode('MatMul', ['m', 'v'], 'y'),
    ],
    weights: {
      ...{ w: random(3, 3, 4, 6), b: random(6), d: random(3, 3, 6, 1), v: scaled(random(6, 3), 'uint8') },
      pads: int32s([0, 0, 1, 1, 0, 1, 0, 0], [4, 2]),
      ...{ size: int32s([4, 4]), axes: int32s([1, 2]) },
    },
  });
  const layers = await withFolder(async (folder) => {
    const file = await writeLayers(folder, await smallLayersModel());
    const weights = await readFile(path.join(folder, 'weights.bin'));
    return { json: JSON.parse(await readFile(file, 'utf8')), shards: new Map([['weights.bin', weights]]) };
  });
  return [graph, layers];
}

async function kerasModels(): Promise<KerasOriginal[]> {
  const model = await smallLayersModel();
  const made = ([2, 3] as const).map(async (version) => ({
    ...(await kerasParts(model, version)),
    whole: await kerasFile(model, { version, file: '.h5' }),
  }));
  return Promise.all(made);
}
