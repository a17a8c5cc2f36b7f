import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import type { Dataset, Geometry, Progress } from '../dataset.ts';
import { openDataset } from '../open.ts';
import { packDataset } from '../packed/pack.ts';

const NATIVE: Geometry = { height: 4, width: 6, channels: 3 };
const IMAGE_BYTES = 4 * 6 * 3;

let root: string;
let home: string;

beforeEach(() => {
  const folder = temporaryFolder();
  root = join(folder, 'photos');
  home = join(folder, 'home');
});

/** An image of one colour, in the format that the extension says. */
async function paint(path: string, colour: [number, number, number], size = { height: 4, width: 6 }) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  const [r, g, b] = colour;
  await sharp({ create: { ...size, channels: 3, background: { r, g, b } } }).toFile(file);
}

/** Image i of class c is of the colour (i, 10 * c, 200). */
async function paintClasses(parts: readonly string[], classes: readonly string[], each: number) {
  for (const part of parts) {
    for (const [label, name] of classes.entries()) {
      for (let i = 0; i < each; i++) await paint(join(part, name, `${i}.png`), [i, 10 * label, 200]);
    }
  }
}

async function open(progress: Progress[] = []): Promise<Dataset> {
  return openDataset(root, { home, onProgress: (p) => progress.push(p) });
}

async function all(dataset: Dataset, split: 'train' | 'search' | 'test', geometry = NATIVE) {
  return dataset.pixels(
    split,
    Array.from({ length: dataset.splits[split].n }, (_, i) => i),
    geometry,
  );
}

describe('a folder of images without classes', () => {
  it('is divided as classes are, and packed as it is', async () => {
    for (let i = 0; i < 20; i++) await paint(`${i}.png`, [i, 0, 0]);
    const dataset = await open();
    const { classes, splits } = dataset;
    expect(classes).toEqual([]);
    expect([splits.train.n, splits.search.n, splits.test.n]).toEqual([16, 2, 2]);
    const reds = async (of: Dataset) => {
      const pixels = await Promise.all((['train', 'search', 'test'] as const).map((split) => all(of, split)));
      return pixels.map((each) => [...each].filter((_, at) => at % IMAGE_BYTES === 0));
    };
    const found = await reds(dataset);
    expect(found.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    const file = join(home, 'photos.espalier-data');
    await packDataset(dataset, file, {});
    const packed = await openDataset(file, { home });
    expect([packed.classes, packed.hash]).toEqual([[], dataset.hash]);
    expect(await reds(packed)).toEqual(found);
    await packed.close();
    await dataset.close();
  });

  it('has to be large enough for its splits', async () => {
    for (let i = 0; i < 2; i++) await paint(`${i}.png`, [i, 0, 0]);
    await expect(open()).rejects.toThrow(
      'has 2 images, at least 3 are needed to divide them into train, search and test',
    );
  });
});

describe('a folder of class folders', () => {
  it('is a data set with pixels and labels that fit each other', async () => {
    await paintClasses([''], ['wolf', 'ant', 'cat'], 12);
    writeFileSync(join(root, 'readme.txt'), 'not an image');
    writeFileSync(join(root, 'ant', 'Thumbs.db'), 'neither');
    mkdirSync(join(root, '.hidden'));
    const dataset = await open();
    expect(dataset.name).toBe('photos');
    expect(dataset.classes).toEqual(['ant', 'cat', 'wolf']);
    expect(dataset.image).toEqual({ width: 6, height: 4, channels: 3 });
    const { train, search, test } = dataset.splits;
    expect([train.n, search.n, test.n]).toEqual([30, 3, 3]);
    const painted = [1, 2, 0];
    const seen = new Set<string>();
    for (const split of ['train', 'search', 'test'] as const) {
      const pixels = await all(dataset, split);
      dataset.splits[split].labels.forEach((label, i) => {
        const [red, green, blue] = pixels.subarray(i * IMAGE_BYTES);
        expect([green, blue]).toEqual([10 * (painted[label] ?? -1), 200]);
        seen.add(`${label} ${red}`);
      });
    }
    expect(seen.size).toBe(36);
    await dataset.close();
  });

  it('may come divided', async () => {
    await paintClasses(['train', 'val', 'test'], ['a', 'b'], 3);
    const dataset = await open();
    expect(dataset.classes).toEqual(['a', 'b']);
    expect([...dataset.splits.search.labels]).toEqual([0, 0, 0, 1, 1, 1]);
    expect(dataset.splits.train.n).toBe(6);
    const pixels = await dataset.pixels('test', [5, 0], NATIVE);
    expect([pixels[0], pixels[1], pixels[IMAGE_BYTES]]).toEqual([2, 10, 0]);
    await dataset.close();
  });

  it('reads every format that it says, of any size', async () => {
    const names = [
      'a.png',
      'b.jpg',
      'c.jpeg',
      'd.webp',
      'e.gif',
      'f.tif',
      'G.TIFF',
      'h.avif',
      'i.JPE',
      'j.jfif',
    ];
    for (const [i, name] of names.entries()) {
      for (const part of ['train', 'test']) {
        // The painter knows two of them by another name only.
        const painted = name.replace(/JPE$|jfif$/, 'jpg');
        await paint(join(part, 'one', painted), [200, 100, 50], { height: 10 + i, width: 20 });
        renameSync(join(root, part, 'one', painted), join(root, part, 'one', name));
      }
    }
    await paintClasses(['train', 'test'], ['two'], 2);
    const dataset = await open();
    expect(dataset.image).toBeNull();
    const geometry = { height: 8, width: 8, channels: 3, resize: 9 } as const;
    const pixels = await dataset.pixels('test', [...names.keys()], geometry);
    expect(pixels).toHaveLength(names.length * 8 * 8 * 3);
    for (let i = 0; i < pixels.length; i += 3) {
      for (const [channel, value] of [200, 100, 50].entries()) {
        expect(Math.abs((pixels[i + channel] ?? 0) - value)).toBeLessThan(5);
      }
    }
    await dataset.close();
  });

  it('knows grey images', async () => {
    for (const name of ['a', 'b']) {
      for (let i = 0; i < 3; i++) {
        const file = join(root, name, `${i}.png`);
        mkdirSync(dirname(file), { recursive: true });
        const raw = { width: 2, height: 2, channels: 1 } as const;
        await sharp(new Uint8Array(4).fill(90 + i), { raw })
          .toColourspace('b-w')
          .png()
          .toFile(file);
      }
    }
    const dataset = await open();
    expect(dataset.image).toEqual({ width: 2, height: 2, channels: 1 });
    const grey = await dataset.pixels('test', [0], { height: 2, width: 2, channels: 1 });
    const colour = await dataset.pixels('test', [0], { height: 2, width: 2, channels: 3 });
    expect(grey).toHaveLength(4);
    expect([...colour]).toEqual(new Array(12).fill(grey[0]));
    await dataset.close();
  });
});

describe('the caches of a folder', () => {
  beforeEach(() => paintClasses([''], ['a', 'b'], 10));

  it('reads files once and decodes once per geometry, over all processes', async () => {
    const decoded = (progress: Progress[]) => progress.filter((p) => p.what.startsWith('decoding')).length;
    const progress: Progress[] = [];
    const first = await open(progress);
    expect(progress.at(-1)).toEqual({ done: 20, total: 20, what: 'reading images' });
    await Promise.all([all(first, 'train'), all(first, 'train')]);
    expect(decoded(progress)).toBe(16);
    await all(first, 'train', { ...NATIVE, channels: 1 });
    expect(decoded(progress)).toBe(32);
    const pixels = await all(first, 'train');
    await first.close();

    const later: Progress[] = [];
    const second = await open(later);
    expect(await all(second, 'train')).toEqual(pixels);
    expect(decoded(later)).toBe(0);
    await second.close();
  });

  it('keeps the hash when the folder is moved, not when a picture or its place changes', async () => {
    const hash = async () => {
      const dataset = await open();
      await dataset.close();
      return dataset.hash;
    };
    const before = await hash();
    const copy = join(dirname(root), 'copy');
    cpSync(root, copy, { recursive: true });
    root = copy;
    expect(await hash()).toBe(before);
    renameSync(join(root, 'a', '3.png'), join(root, 'a', '33.png'));
    expect(await hash()).not.toBe(before);
    renameSync(join(root, 'a', '33.png'), join(root, 'a', '3.png'));
    expect(await hash()).toBe(before);
    await paint('a/3.png', [255, 255, 255]);
    expect(await hash()).not.toBe(before);
    rmSync(join(root, 'a', '3.png'));
    expect(await hash()).not.toBe(before);
  });

  it('names a picture that changed behind its back, and goes on when it is put back', async () => {
    const dataset = await open();
    const original = join(dirname(root), 'original');
    cpSync(root, original, { recursive: true });
    for (let i = 0; i < 10; i++) await paint(`b/${i}.png`, [1, 2, 3]);
    const decoding = all(dataset, 'test');
    await expect(decoding).rejects.toThrow(InputError);
    await expect(decoding).rejects.toThrow(/b\/\d\.png .*has changed since the data set was opened/);
    cpSync(original, root, { recursive: true });
    expect(await all(dataset, 'test')).toHaveLength(2 * IMAGE_BYTES);
    await dataset.close();
  });

  it('stops decoding when it is told to, and can be asked again', async () => {
    const stop = new AbortController();
    const onProgress = (p: Progress) => {
      if (p.what.startsWith('decoding') && p.done === 3) stop.abort();
    };
    const stopped = await openDataset(root, { home, onProgress, signal: stop.signal });
    await expect(all(stopped, 'train')).rejects.toMatchObject({ name: 'AbortError' });
    await stopped.close();
    const cached = readdirSync(join(home, 'datasets', 'cache'));
    expect(cached.filter((name) => name.includes('train'))).toEqual([]);
    const again = await open();
    expect(await all(again, 'train')).toHaveLength(16 * IMAGE_BYTES);
    await again.close();
  });

  it('names a picture that cannot be decoded', async () => {
    const noise = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * i * 7) % 251);
    const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer();
    for (let i = 0; i < 10; i++)
      writeFileSync(join(root, 'b', `${i}.png`), whole.subarray(0, whole.length - 500));
    const dataset = await open();
    const decoding = all(dataset, 'search');
    await expect(decoding).rejects.toThrow(InputError);
    await expect(decoding).rejects.toThrow(/b\/\d\.png cannot be read as an image: /);
    await dataset.close();
  });

  it('does without its index when that is damaged', async () => {
    const first = await open();
    await first.close();
    const cache = join(home, 'datasets', 'cache');
    for (const name of readdirSync(cache)) writeFileSync(join(cache, name), '{"version":1,');
    const second = await open();
    expect(second.hash).toBe(first.hash);
    await second.close();
  });
});

describe('a folder that is no data set', () => {
  async function refusal(): Promise<string> {
    const error: unknown = await open().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message).not.toContain('\n');
    return message.replaceAll(root, 'ROOT');
  }

  it('is empty', async () => {
    mkdirSync(root);
    expect(await refusal()).toBe('ROOT has no images in class folders: it needs one folder for each class');
  });

  it('has folders without images', async () => {
    for (const name of ['a', 'b']) mkdirSync(join(root, name, 'nested'), { recursive: true });
    expect(await refusal()).toBe('ROOT has no images in its class folders');
  });

  it('has one class', async () => {
    await paintClasses([''], ['a'], 3);
    expect(await refusal()).toBe(
      "ROOT has one class, 'a': at least 2 are needed, or none, with the images directly in the folder",
    );
  });

  it('has a class that is too small', async () => {
    await paintClasses([''], ['a', 'b'], 3);
    rmSync(join(root, 'b', '0.png'));
    expect(await refusal()).toMatch(/^class 'b' in ROOT has 2 images, at least 3 are needed/);
  });

  it('has images of a format that is not read', async () => {
    await paintClasses([''], ['a', 'b'], 3);
    copyFileSync(join(root, 'a', '0.png'), join(root, 'a', '0.bmp'));
    expect(await refusal()).toBe('ROOT/a/0.bmp: .bmp images cannot be read, convert them to PNG');
  });

  it('has a file that is no image', async () => {
    await paintClasses([''], ['a', 'b'], 3);
    writeFileSync(join(root, 'b', '1.png'), 'not a PNG');
    expect(await refusal()).toMatch(/^ROOT\/b\/1\.png cannot be read as an image: /);
  });

  it('has a small file that says it has very many pixels', async () => {
    await paintClasses([''], ['a', 'b'], 3);
    await paint(join('b', '3.jpg'), [1, 2, 3]);
    const bytes = readFileSync(join(root, 'b', '3.jpg'));
    // Height and width are in the frame's head.
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    bytes.writeUInt32BE(60_000 * 65_537, frame + 5);
    writeFileSync(join(root, 'b', '3.jpg'), bytes);
    expect(await refusal()).toBe(
      'ROOT/b/3.jpg cannot be read as an image: it has 60000 x 60000 pixels, more than 8192 x 8192: scale it down',
    );
  });

  it('has other classes in test than in train', async () => {
    await paintClasses(['train'], ['a', 'b'], 3);
    await paintClasses(['test'], ['a', 'c', 'd'], 3);
    expect(await refusal()).toBe(
      'photos: the classes of train/ and test/ differ: test/ lacks b; test/ also has c, d',
    );
  });
});
