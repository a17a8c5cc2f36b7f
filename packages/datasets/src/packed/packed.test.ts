import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { TEST_HOME } from '../../test/test-home.ts';
import { type Dataset, type Geometry, type OpenOptions, SPLIT_NAMES } from '../dataset.ts';
import { openDataset } from '../open.ts';
import { defaultPreprocessing } from '../preprocessing.ts';
import { type PackSize, packDataset } from './pack.ts';

let folder: string;
let home: string;
let root: string;
let file: string;

beforeEach(() => {
  folder = temporaryFolder();
  home = join(folder, 'home');
  root = join(folder, 'photos');
  file = join(folder, 'packed.espalier-data');
});

/** Pictures that all differ: `perClass` of each class, noise around a shade. */
async function paint(channels: 1 | 3 = 3, { perClass = 12, width = 6, grow = 0 } = {}): Promise<void> {
  for (const [label, name] of ['ant', 'cat', 'wolf'].entries()) {
    mkdirSync(join(root, name), { recursive: true });
    for (let i = 0; i < perClass; i++) {
      const raw = { width: width + (i % 2) * grow, height: 5, channels };
      const bytes = Uint8Array.from(
        { length: raw.width * raw.height * channels },
        (_, at) => (at * at * 31 + i * 17 + label * 71) % 256,
      );
      const image = sharp(bytes, { raw });
      await (channels === 1 ? image.toColourspace('b-w') : image).png().toFile(join(root, name, `${i}.png`));
    }
  }
}

async function open(spec: string, options: Partial<OpenOptions> = {}): Promise<Dataset> {
  const dataset = await openDataset(spec, { home, ...options });
  onTestFinished(() => dataset.close());
  return dataset;
}

async function pack(size: PackSize = {}, from = root, to = file) {
  return packDataset(await open(from), to, { size });
}

async function allPixels(dataset: Dataset, geometry: Geometry): Promise<Uint8Array[]> {
  return Promise.all(
    SPLIT_NAMES.map((split) =>
      dataset.pixels(
        split,
        Array.from({ length: dataset.splits[split].n }, (_, i) => i),
        geometry,
      ),
    ),
  );
}

describe('a packed folder', () => {
  it.each([1, 3] as const)('is the folder, with the same hash: %i channels', async (channels) => {
    await paint(channels);
    const { sha256, bytes } = await pack();
    const written = readFileSync(file);
    expect({ sha256, bytes }).toEqual({
      sha256: createHash('sha256').update(written).digest('hex'),
      bytes: written.length,
    });
    const [original, packed] = [await open(root), await open(file)];
    expect(packed.name).toBe('packed');
    for (const key of ['hash', 'classes', 'image', 'splits'] as const) {
      expect(packed[key], key).toEqual(original[key]);
    }
    expect(defaultPreprocessing(packed)).toEqual(defaultPreprocessing(original));
    const geometries: Geometry[] = [
      { height: 5, width: 6, channels },
      { height: 5, width: 6, channels: channels === 1 ? 3 : 1 },
      { height: 9, width: 4, channels: 3 },
      { height: 4, width: 3, channels: 1, resize: 4 },
    ];
    for (const geometry of geometries) {
      expect(await allPixels(packed, geometry)).toEqual(await allPixels(original, geometry));
    }
    await expect(packed.pixels('test', [3], { height: 5, width: 6, channels })).rejects.toThrow(RangeError);
  });

  it('is the same bytes wherever and whenever it is packed, also from a packed file', async () => {
    await paint();
    const { sha256 } = await pack();
    const copy = join(folder, 'elsewhere', 'other-name');
    cpSync(root, copy, { recursive: true });
    expect((await pack({}, copy, join(folder, 'b.espalier-data'))).sha256).toBe(sha256);
    expect((await pack({}, file, join(folder, 'c.espalier-data'))).sha256).toBe(sha256);
    writeFileSync(join(root, 'cat', '3.png'), readFileSync(join(root, 'ant', '3.png')));
    expect((await pack()).sha256).not.toBe(sha256);
  });

  it('brought to one size is another data set, with a hash of what is in it', async () => {
    await paint(3, { grow: 3 });
    await expect(pack()).rejects.toThrow(
      new InputError(
        'the images of photos differ in size: give one for all, such as 224 pixels cropped from 256',
        'size',
      ),
    );
    const size = { height: 4, width: 4, resize: 5 };
    await pack(size);
    const [original, packed] = [await open(root), await open(file)];
    expect(packed.image).toEqual({ height: 4, width: 4, channels: 3 });
    expect(packed.hash).not.toBe(original.hash);
    expect(await allPixels(packed, { height: 4, width: 4, channels: 3 })).toEqual(
      await allPixels(original, { ...size, channels: 3 }),
    );
    expect((await open(file, { hashOfContent: true })).hash).toBe(packed.hash);
    await pack({ ...size, channels: 1 });
    expect((await open(file)).image?.channels).toBe(1);
  });

  it('may not claim the hash of other images where its word is not taken', async () => {
    await paint();
    await pack();
    const honest = await open(file, { hashOfContent: true });
    expect(honest.hash).not.toBe((await open(root)).hash);
    const forged = join(folder, 'forged.espalier-data');
    const claimed = 'c'.repeat(64);
    await packDataset({ ...(await open(root)), hash: claimed }, forged, {});
    expect((await open(forged)).hash).toBe(claimed);
    expect(await open(forged, { hashOfContent: true, name: 'photos' })).toMatchObject({
      hash: honest.hash,
      name: 'photos',
    });
  });

  it('leaves nothing behind when packing is stopped', async () => {
    await paint();
    const stop = new AbortController();
    stop.abort();
    const packing = packDataset(await open(root), file, { signal: stop.signal });
    await expect(packing).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(folder).sort()).toEqual(['home', 'photos']);
  });
});

it('packed mnist has the hash of mnist, which its content proves', async () => {
  const mnist = await openDataset('mnist', { home: TEST_HOME });
  onTestFinished(() => mnist.close());
  const told: number[] = [];
  await packDataset(mnist, file, { onProgress: ({ done }) => told.push(done) });
  expect(told.at(-1)).toBe(70_000);
  const packed = await open(file, { hashOfContent: true });
  expect(packed.hash).toBe(mnist.hash);
  expect(defaultPreprocessing(packed)).toEqual(defaultPreprocessing(mnist));
});

describe('a damaged file', () => {
  beforeEach(async () => {
    await paint();
    await pack();
  });

  /** The one line that opening the changed file ends with. */
  async function refusal(change: (bytes: Buffer) => Uint8Array): Promise<string> {
    writeFileSync(file, change(readFileSync(file)));
    const error: unknown = await open(file).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message).not.toContain('\n');
    return message.replaceAll(file, 'FILE');
  }

  it.each([9, 43, 100, 500, -1, -40, -1000])('cut off at byte %i', async (at) => {
    expect(await refusal((bytes) => bytes.subarray(0, at))).toBe('FILE is cut off: copy or pack it again');
  });

  it.each([
    ['the length', 10],
    ["the header's checksum", 20],
    ['the header', 60],
    ['a pixel', -200],
    ['the checksum', -1],
  ])('with another bit in %s', async (_, at) => {
    const message = await refusal((bytes) => {
      const place = at < 0 ? bytes.length + at : at;
      bytes[place] = (bytes[place] ?? 0) ^ 0x10;
      return bytes;
    });
    expect(message).toMatch(/^FILE is (damaged|cut off)/);
  });

  it('that goes on', async () => {
    expect(await refusal((bytes) => Buffer.concat([bytes, Buffer.from('x')]))).toBe(
      'FILE has data after its end: copy or pack it again',
    );
  });

  it('of another kind, or of a later version', async () => {
    expect(await refusal(() => Buffer.from('PK'))).toMatch(/^FILE is not a packed data set/);
    expect(await refusal(() => Buffer.alloc(0))).toMatch(/^FILE is not a packed data set/);
    expect(await refusal(() => Buffer.from('ESPDATA2 and more'))).toMatch(/newer version of Espalier/);
  });

  it('is noticed after it was opened whole', async () => {
    await open(file);
    truncateSync(file, readFileSync(file).length - 1);
    await expect(open(file)).rejects.toThrow('is cut off');
  });

  it.each<[string, (header: Header) => unknown, RegExp]>([
    ['one class', (header) => ({ ...header, classes: ['ant'] }), /^FILE: classes: /],
    ['a class twice', (h) => ({ ...h, classes: ['a', 'a', 'b'] }), /two classes have the same name/],
    ['a label without a class', (h) => ({ ...h, classes: ['a', 'b'] }), /^FILE, train: label \d+ is 2, not/],
    ['no labels', (h) => ({ ...h, labels: { ...h.labels, test: '' } }), /^FILE: labels.test: /],
    ['no base64', (h) => ({ ...h, labels: { ...h.labels, test: '(((' } }), /test: the labels cannot be read/],
    ['no height', (h) => ({ ...h, image: { ...h.image, height: 0 } }), /^FILE: image.height: /],
    ['two channels', (h) => ({ ...h, image: { ...h.image, channels: 2 } }), /^FILE: image.channels: /],
    ['too few means', (h) => ({ ...h, normalisation: { ...h.normalisation, mean: [0] } }), /normalisation/],
    ['a flat std', (h) => ({ ...h, normalisation: { ...h.normalisation, std: [1, 0, 1] } }), /normalisation/],
    ['a foreign hash', (h) => ({ ...h, hash: 'x' }), /^FILE: hash: /],
    ['more than there should be', (h) => ({ ...h, extra: 1 }), /^FILE: /],
    ['nothing', () => null, /^FILE: the header: /],
  ])('whose header fits its checksum and has %s', async (_, change, says) => {
    expect(await refusal((bytes) => withHeader(bytes, change))).toMatch(says);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: tests put anything in its place
type Header = any;

/** The file with another header, whose length and checksum are right. */
function withHeader(bytes: Buffer, change: (header: Header) => unknown): Buffer {
  const length = bytes.readUInt32LE(8);
  const json = Buffer.from(JSON.stringify(change(JSON.parse(bytes.toString('utf8', 44, 44 + length)))));
  const start = Buffer.alloc(12);
  bytes.copy(start, 0, 0, 8);
  start.writeUInt32LE(json.length, 8);
  const digest = createHash('sha256').update(json).digest();
  return Buffer.concat([start, digest, json, bytes.subarray(44 + length)]);
}

it('says where it cannot write', async () => {
  await paint();
  const blocked = join(folder, 'blocked');
  writeFileSync(blocked, '');
  await expect(pack({}, root, join(blocked, 'x.espalier-data'))).rejects.toThrow(InputError);
  expect(readdirSync(dirname(blocked))).toContain('blocked');
});
