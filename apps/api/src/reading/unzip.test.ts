import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InputError } from '@espalier/errors';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ZipEntry, zip } from '../../../../test/generate/zip.ts';
import { unzipImages } from './unzip.ts';

const MOST = { entries: 100, bytes: 10_000 };
const DATA = Buffer.from('the bytes of a picture');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'espalier-unzip-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(path.join(folder, 'into'));
});

async function unpacked(bytes: Uint8Array, most = MOST): Promise<readonly string[]> {
  const file = path.join(folder, 'some.zip');
  await writeFile(file, bytes);
  return unzipImages(file, path.join(folder, 'into'), most);
}

/** All files that lie there now, within the folder and beside it. */
async function files(): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = found.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
  return names.map((name) => path.relative(folder, name)).sort();
}

async function refusal(bytes: Uint8Array, most = MOST): Promise<string> {
  const error: unknown = await unpacked(bytes, most).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  const { message } = error as InputError;
  expect(message).not.toContain('\n');
  expect(message).not.toContain(folder);
  // Nothing was written outside of its folder.
  for (const name of await files()) expect(name).toMatch(/^(some\.zip$|into\/)/);
  return message;
}

it('images are unpacked, stored or compressed; what is no image is there by its name alone', async () => {
  const hidden = await unpacked(
    zip([
      { name: 'a/' },
      { name: 'a/1.png', data: DATA },
      { name: 'b/deep/er/2.JPG', data: DATA, deflate: true },
      { name: 'b\\3.webp', data: DATA },
      { name: 'Bäume/4.png', data: DATA },
      { name: 'readme.txt', data: DATA },
      { name: 'a/.DS_Store', data: DATA },
      { name: '__MACOSX/a/._1.png', data: DATA },
      { name: '.git/objects/5.png', data: DATA },
    ]),
  );
  const names = ['Bäume/4.png', 'a/1.png', 'b/3.webp', 'b/deep/er/2.JPG', 'readme.txt'];
  expect(await files()).toEqual([...names.map((name) => `into/${name}`), 'some.zip'].sort());
  for (const name of names) {
    const bytes = await readFile(path.join(folder, 'into', name));
    expect([name, bytes.equals(name === 'readme.txt' ? Buffer.alloc(0) : DATA)]).toEqual([name, true]);
  }
  expect(hidden).toEqual(['.DS_Store', '__MACOSX', '.git']);
});

describe('a zip is refused', () => {
  it.each([
    ['../x.png', /leads out of its folder .*\.\.\/x\.png.*: zip the folder again$/],
    ['a/../../x.png', /leads out of its folder/],
    ['..\\x.png', /leads out of its folder/],
    ['/etc/x.png', /leads out of its folder .*absolute/],
    ['C:\\x.png', /leads out of its folder/],
  ])('with the name %s', async (name, says) => {
    expect(
      await refusal(
        zip([
          { name: 'a/1.png', data: DATA },
          { name, data: DATA },
        ]),
      ),
    ).toMatch(says);
  });

  it.each<[string, Partial<ZipEntry>, RegExp]>([
    ['a link', { mode: 0o120777, data: Buffer.from('/etc/passwd') }, /^a\/x\.png is a link: put the image/],
    ['a device', { mode: 0o020666 }, /^a\/x\.png is a link/],
    [
      'an encrypted file',
      { flags: 1, data: DATA, deflate: true },
      /^a\/x\.png is encrypted: .* without a password$/,
    ],
    ['another checksum', { data: DATA, claimed: { crc: 7 } }, /^a\/x\.png is damaged .*checksum/],
    [
      'a compressed file that is larger than it claims',
      { data: Buffer.alloc(5000), deflate: true, claimed: { bytes: 10 } },
      /^a\/x\.png is damaged/,
    ],
    ['a name that is too long', { name: `a/${'x'.repeat(300)}.png`, data: DATA }, /cannot be a file's name/],
    ['a name with a zero', { name: 'a/x\0.png', data: DATA }, /^a\/x\?\.png cannot be a file's name/],
    ['a name of two lines', { name: 'a\nb/x.png', data: DATA }, /^a\?b\/x\.png cannot be/],
  ])('with %s', async (_, entry, says) => {
    expect(await refusal(zip([{ name: 'a/x.png', ...entry }]))).toMatch(says);
  });

  it('with a name twice, or a file where a folder is', async () => {
    const twice = /is in the zip twice/;
    expect(await refusal(zip([{ name: 'a/1.png' }, { name: 'a/./1.png' }]))).toMatch(twice);
    expect(await refusal(zip([{ name: 'b.png' }, { name: 'b.png/1.png' }]))).toMatch(twice);
    expect(await refusal(zip([{ name: 'c.png/1.png' }, { name: 'c.png' }]))).toMatch(twice);
  });

  it('that unpacks to more than there is room for, before that is written', async () => {
    const bomb = zip([
      { name: 'a/1.png', data: DATA },
      { name: 'a/2.png', data: Buffer.alloc(50_000_000), deflate: true },
    ]);
    expect(bomb.length).toBeLessThan(60_000);
    expect(await refusal(bomb, { entries: 100, bytes: 5_000_000 })).toMatch(
      /^the zip unpacks to more than 5 MB, .*: take fewer or smaller images, or pack them on your machine/,
    );
    expect(await files()).toEqual(['into/a/1.png', 'some.zip']);
  });

  it('with thousands of empty files', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ name: `a/${i}.txt` }));
    expect(await refusal(zip(many))).toMatch(/^the zip has 5000 files and folders, and at most 100 are/);
    expect(await files()).toEqual(['some.zip']);
  });

  it('that is cut off, has bytes changed, or is none', async () => {
    const good = zip([
      { name: 'a/1.png', data: DATA },
      { name: 'a/2.png', data: DATA },
    ]);
    for (const at of [0, 10, 60, good.length - 1, good.length - 30]) {
      expect(await refusal(good.subarray(0, at))).toMatch(/^the zip is cut off or damaged \(its end is miss/);
    }
    const directory = good.readUInt32LE(good.length - 6);
    for (const at of [directory, good.length - 6]) {
      const changed = Buffer.from(good);
      changed[at] = 1;
      expect(await refusal(changed)).toMatch(/^the zip is cut off or damaged \(.*\): zip the folder again$/);
    }
    expect(await refusal(Buffer.from('Rar! and more'))).toMatch(/its end is missing/);
  });
});
