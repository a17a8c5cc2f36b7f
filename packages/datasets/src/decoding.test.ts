import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import type { Dataset, Geometry } from './dataset.ts';
import { openImageFile, writeImageFile } from './image-file.ts';
import { openDataset } from './open.ts';
import { packDataset } from './packed/pack.ts';
import { DECODING_VERSION } from './resample.ts';
import type { Source } from './sources/source.ts';
import { openStored } from './stored.ts';

// What was decoded by other rules is not taken for what these would make of it.

const OLDER = DECODING_VERSION - 1;
const GEOMETRY: Geometry = { height: 2, width: 2, channels: 3 };
let folder: string;
let home: string;
let root: string;

beforeEach(() => {
  folder = temporaryFolder();
  home = join(folder, 'home');
  root = join(folder, 'photos');
});

async function paint(): Promise<void> {
  for (const name of ['ant', 'cat']) {
    mkdirSync(join(root, name), { recursive: true });
    const background = { r: 200, g: 100, b: 50 };
    const image = sharp({ create: { ...GEOMETRY, channels: 3, background } });
    for (let i = 0; i < 3; i++) await image.clone().toFile(join(root, name, `${i}.png`));
  }
}

async function opened(dataset: Promise<Dataset>): Promise<Dataset> {
  const one = await dataset;
  onTestFinished(() => one.close());
  return one;
}

function cached(pattern: RegExp): string {
  const cache = join(home, 'datasets', 'cache');
  const name = readdirSync(cache).find((each) => pattern.test(each));
  if (name === undefined) throw new Error(`nothing like ${pattern} in ${readdirSync(cache)}`);
  return join(cache, name);
}

/** Puts black pixels into a cache file, and other words about them. */
async function blacken(path: string, changes: object): Promise<void> {
  const file = await openImageFile<object>(path);
  if (!file) throw new Error(`${path} cannot be read`);
  const { count, about } = file;
  const bytes = (await file.read([0])).length;
  await file.close();
  async function* black() {
    yield new Uint8Array(count * bytes);
  }
  await writeImageFile(path, bytes, black(), () => ({ ...about, ...changes }));
}

describe('a folder', () => {
  it.each([
    { decoding: DECODING_VERSION, red: 0 },
    { decoding: OLDER, red: 200 },
    { decoding: undefined, red: 200 },
  ])('decoded by rules $decoding has red $red', async ({ decoding, red }) => {
    await paint();
    const before = await openDataset(root, { home });
    await before.pixels('test', [0], GEOMETRY);
    await before.close();
    await blacken(cached(/-test-/), { decoding });
    const after = await opened(openDataset(root, { home }));
    expect((await after.pixels('test', [0], GEOMETRY))[0]).toBe(red);
  });

  it('whose files were looked at by older rules is looked at again', async () => {
    await paint();
    await (await openDataset(root, { home })).close();
    const index = cached(/^folder-.*json$/);
    const wrong = readFileSync(index, 'utf8').replaceAll('"width":2', '"width":7');
    writeFileSync(index, wrong);
    expect((await opened(openDataset(root, { home }))).image?.width).toBe(7);
    writeFileSync(index, wrong.replace(`"decoding":${DECODING_VERSION}`, `"decoding":${OLDER}`));
    expect((await opened(openDataset(root, { home }))).image?.width).toBe(2);
  });
});

it.each([
  { about: {}, grey: 0 },
  { about: { decoding: OLDER }, grey: 9 },
  { about: { decoding: undefined }, grey: 9 },
  { about: { revision: 'b' }, grey: 9 },
])('a data set of one size, kept with $about, is grey $grey', async ({ about, grey }) => {
  const label = Uint16Array.of(0, 1);
  const source: Source = {
    ...{ name: 'tiny', classes: ['ant', 'cat'], revision: 'a' },
    load: async () => ({
      image: { width: 1, height: 1, channels: 1 },
      labels: { train: label, search: label, test: label },
      async *pixels() {
        yield new Uint8Array(6).fill(9);
      },
    }),
  };
  await (await openStored(source, { home })).close();
  await blacken(cached(/^tiny/), about);
  const after = await opened(openStored(source, { home }));
  expect([...(await after.pixels('test', [0], { width: 1, height: 1, channels: 1 }))]).toEqual([grey]);
});

describe('a packed folder', () => {
  const decoding = `"decoding":${DECODING_VERSION},`;

  it.each([
    { says: decoding, claims: true },
    // As the first files were, which were decoded by the first rules.
    { says: '', claims: false },
    { says: `"decoding":${DECODING_VERSION + 1},`, claims: false },
  ])('whose header says "$says" has the hash of the folder: $claims', async ({ says, claims }) => {
    await paint();
    const original = await opened(openDataset(root, { home }));
    const file = join(folder, 'packed.espalier-data');
    await packDataset(original, file, {});
    writeFileSync(
      file,
      withHeader(readFileSync(file), (json) => json.replace(decoding, says)),
    );
    const packed = await opened(openDataset(file, { home }));
    const content = await opened(openDataset(file, { home, hashOfContent: true }));
    expect(content.hash).not.toBe(original.hash);
    expect(packed.hash).toBe(claims ? original.hash : content.hash);
  });
});

/** A packed file with another header: see `packed/header.ts`. */
function withHeader(bytes: Buffer, change: (json: string) => string): Buffer {
  const length = bytes.readUInt32LE(8);
  const json = Buffer.from(change(bytes.toString('utf8', 44, 44 + length)));
  const start = Buffer.alloc(12);
  bytes.copy(start, 0, 0, 8);
  start.writeUInt32LE(json.length, 8);
  return Buffer.concat([
    start,
    createHash('sha256').update(json).digest(),
    json,
    bytes.subarray(44 + length),
  ]);
}
