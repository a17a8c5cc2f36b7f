import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openDataset } from '@espalier/datasets';
import { expect, it, onTestFinished } from 'vitest';
import { classEntries, noisyPng } from '../../../test/generate/images.ts';
import { type ZipEntry, zip } from '../../../test/generate/zip.ts';
import { type Member, startPlatform } from './platform.ts';

const CLASSES = ['ant', 'bee'];
const REST: readonly ZipEntry[] = [
  { name: 'insects/readme.txt', data: Buffer.from('not an image') },
  { name: '__MACOSX/insects/._readme.txt', data: Buffer.from('neither') },
  { name: 'insects/wasp/' },
];

it('a zip of images is shown first, and then packed as the same folder is on one’s own machine', async () => {
  const { home, member, prisma } = await platform();
  const editor = await member('editor');
  const images = classEntries('insects/', CLASSES, 20, () => [8, 6]);
  const uploadId = await uploaded(editor, zip([...images, ...REST]));

  const preview = await register(editor, { name: 'Insects', uploadId, dryRun: true });
  const splits = [
    { name: 'TRAIN', images: 32, classCounts: [16, 16] },
    { name: 'SEARCH', images: 4, classCounts: [2, 2] },
    { name: 'TEST', images: 4, classCounts: [2, 2] },
  ];
  const size = { width: 8, height: 6 };
  expect(preview).toEqual({
    ...{ ok: true, errors: [], dataset: null },
    imagesPreview: {
      ...{ classes: CLASSES, splits, smallest: size, largest: size, channels: 3, usual: null },
      notes: [
        'left out: hidden files (__MACOSX)',
        'insects: left out: 1 file that is no image (readme.txt), 1 class folder without images (wasp)',
      ],
      valIsChosen: false,
    },
  });
  expect(await prisma.dataset.count()).toBe(0);

  const made = await register(editor, { name: 'Insects', uploadId });
  expect(made).toMatchObject({ ok: true, imagesPreview: { splits } });
  expect(made.dataset).toMatchObject({ name: 'Insects', classes: CLASSES, ...size, channels: 3 });
  const folder = await laidOut(images);
  const local = await openDataset(path.join(folder, 'insects'), { home: path.join(folder, 'home') });
  onTestFinished(() => local.close());
  const packed = path.join(folder, 'packed.espalier-data');
  const download = await editor.fetch(made.dataset.downloadUrl);
  await writeFile(packed, Buffer.from(await download.arrayBuffer()));
  const same = await openDataset(packed, { home: path.join(folder, 'home') });
  onTestFinished(() => same.close());
  expect(same.hash).toBe(local.hash);
  expect(await leftIn(home)).toEqual([]);

  expect(await register(editor, { name: 'insects', uploadId, dryRun: true })).toMatchObject({
    ok: false,
    errors: [{ message: 'this name is taken: choose another one, or rename what has it', path: ['name'] }],
  });
});

it('a zip of images with a table of their labels is taken; the table is read', async () => {
  const { member } = await platform();
  const editor = await member('editor');
  const images = classEntries('', ['ant'], 12, () => [8, 6]).map((entry, i) => ({
    ...entry,
    name: `${i}.png`,
  }));
  const lines = images.map(({ name }, i) => `${name},${i % 2 ? 'ant' : 'ant;bee'}\n`);
  const preview = async (table: string) => {
    const entries = [...images, { name: 'labels.csv', data: Buffer.from(`image,labels\n${table}`) }];
    return register(editor, {
      name: 'Insects',
      uploadId: await uploaded(editor, zip(entries)),
      dryRun: true,
    });
  };
  expect(await preview(lines.join(''))).toMatchObject({ ok: true, errors: [] });
  expect(await preview(`${lines.join('')}none.png,ant\n`)).toMatchObject({
    ok: false,
    errors: [{ message: expect.stringContaining('there is no image none.png') }],
  });
});

it('images that differ in size need one, and are told which is usual', async () => {
  const { member } = await platform();
  const editor = await member('editor');
  const images = classEntries('', CLASSES, 10, (i) => [40 + i, 70 - i]);
  const uploadId = await uploaded(editor, zip(images));
  const asked = { name: 'insects', uploadId };
  const preview = await register(editor, { ...asked, dryRun: true });
  expect(preview.imagesPreview).toMatchObject({
    ...{ smallest: { width: 40, height: 70 }, largest: { width: 49, height: 61 } },
    usual: { width: 32, height: 32, resize: 32 },
  });
  expect(await register(editor, asked)).toMatchObject({
    ok: false,
    errors: [
      {
        message: 'the images differ in size (40x70 to 49x61 pixels): choose one for all of them',
        path: ['images', 'height'],
      },
    ],
  });
  for (const [settings, path, message] of [
    [{ height: 32 }, ['images', 'height'], 'height: give height and width, or neither'],
    [{ height: 32, width: 32, resize: 30 }, ['images', 'resize'], 'resize: give at least height and width'],
    [{ resize: 30 }, ['images', 'resize'], 'resize: give height and width with it'],
    [{ height: 0, width: 0 }, ['images', 'height'], 'height: '],
    [{ channels: 2 }, ['images', 'channels'], 'channels: '],
    [{ valAs: 'SEARCH' }, ['images', 'valAs'], 'insects has no splits of its own'],
  ] as const) {
    const { errors } = await register(editor, { ...asked, images: settings, dryRun: true });
    expect(errors).toEqual([{ message: expect.stringContaining(message), path }]);
  }
  const images1 = { height: 32, width: 24, resize: 32, channels: 1 };
  const { dataset } = await register(editor, { ...asked, images: images1 });
  expect(dataset).toMatchObject({ height: 32, width: 24, channels: 1, mean: [expect.any(Number)] });
});

it('val/ without test/ is what one says', async () => {
  const { member } = await platform();
  const editor = await member('editor');
  const entries = ['train/', 'val/'].flatMap((part) => classEntries(part, CLASSES, 10, () => [6, 6]));
  const uploadId = await uploaded(editor, zip(entries));
  const counts = async (valAs?: string) => {
    const images = valAs ? { valAs } : null;
    const answer = await register(editor, { name: 'insects', uploadId, dryRun: true, images });
    expect(answer.imagesPreview).toMatchObject({
      valIsChosen: true,
      notes: [expect.stringContaining('no test/')],
    });
    expect(answer.imagesPreview.notes[0]).not.toContain('--');
    return answer.imagesPreview.splits.map((split: { images: number }) => split.images);
  };
  expect(await counts()).toEqual([18, 2, 20]);
  expect(await counts('SEARCH')).toEqual([18, 20, 2]);
  expect(await counts('BOTH')).toEqual([20, 10, 10]);
});

it('a zip that cannot be used is told by the file in it, and nothing of it stays', async () => {
  const { home, member, prisma } = await platform();
  const editor = await member('editor');
  const good = classEntries('', CLASSES, 5, () => [6, 6]);
  const png = noisyPng(6, 6, 1);
  const hostile: readonly (readonly [entries: readonly ZipEntry[] | Buffer, message: string])[] = [
    [[...good, { name: '../../evil.png', data: png }], 'leads out of its folder'],
    [[...good, { name: 'ant/x.png', mode: 0o120777, data: png }], 'ant/x.png is a link'],
    [zip(good).subarray(0, -40), 'the zip is cut off or damaged'],
    [[...good, { name: 'ant/x.png', data: png.subarray(0, 20) }], 'ant/x.png cannot be read as an image'],
    [
      [...good, { name: 'ant/x.bmp', data: png }],
      'ant/x.bmp: .bmp images cannot be read, convert them to PNG',
    ],
    [classEntries('insects/', ['ant'], 5, () => [6, 6]), "has one class, 'ant'"],
    [[{ name: 'empty.txt' }], 'images in class folders: it needs one folder for each class'],
    [[...good, { name: 'cat/0.png', data: png }], "class 'cat' in data has 1 image, at least 3 are needed"],
    [
      [...good, { name: 'ant/huge.png', data: Buffer.alloc(3e8), deflate: true }],
      'the zip unpacks to more than',
    ],
  ];
  for (const [entries, message] of hostile) {
    const bytes = Buffer.isBuffer(entries) ? entries : zip(entries);
    const uploadId = await uploaded(editor, bytes);
    for (const dryRun of [true, false]) {
      const { ok, errors } = await register(editor, { name: 'data', uploadId, dryRun });
      expect([message, ok, errors]).toEqual([
        message,
        false,
        [{ message: expect.stringContaining(message), path: ['uploadId'] }],
      ]);
      expect(errors[0].message).not.toContain('/var/');
    }
  }
  expect(await prisma.dataset.count()).toBe(0);
  expect(await leftIn(home)).toEqual([]);
  const other = { name: 'data', uploadId: await uploaded(editor, Buffer.from('x'.repeat(100))) };
  expect(await register(editor, { ...other, images: { channels: 1 } })).toMatchObject({
    errors: [{ message: 'only a zip of images takes these settings', path: ['images'] }],
  });
}, 120_000);

/** With a separate home, so that what stays is seen. */
async function platform() {
  const home = await mkdtemp('/var/tmp/espalier-images-');
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return { home, ...(await startPlatform({ home })) };
}

/** Folders that something was unpacked in. */
async function leftIn(home: string): Promise<string[]> {
  return readdir(path.join(home, 'derived')).catch(() => []);
}

async function laidOut(entries: readonly ZipEntry[]): Promise<string> {
  const folder = await mkdtemp('/var/tmp/espalier-images-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const { name, data = Buffer.alloc(0) } of entries) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), data);
  }
  return folder;
}

async function uploaded(member: Member, bytes: Uint8Array): Promise<string> {
  const { data } = await member.ask(
    'mutation { createUpload(input: { fileName: "insects.zip" }) { upload { id url } } }',
  );
  const { id, url } = data.createUpload.upload;
  expect((await member.fetch(url, { method: 'PUT', body: Buffer.from(bytes) })).status).toBe(200);
  return id;
}

interface Asked {
  readonly name: string;
  readonly uploadId: string;
  readonly dryRun?: boolean;
  readonly images?: object | null;
}

async function register(member: Member, input: Asked) {
  const { data, errors } = await member.ask(
    `mutation ($input: RegisterDatasetInput!) { registerDataset(input: $input) {
      ok errors { message path }
      dataset { name classes height width channels mean downloadUrl }
      imagesPreview { classes splits { name images classCounts } smallest { width height } largest { width height }
        channels usual { width height resize } notes valIsChosen }
    } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data.registerDataset;
}
