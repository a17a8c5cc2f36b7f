import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { openDataset } from '../open.ts';
import { notPacked, packDataset } from '../packed/pack.ts';

let root: string;
let home: string;
let notes: string[];

beforeEach(async () => {
  const folder = temporaryFolder();
  root = join(folder, 'street');
  home = join(folder, 'home');
  notes = [];
});

async function paint(path: string, shade: number, size = { width: 8, height: 4 }): Promise<void> {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  await sharp({ create: { ...size, channels: 3, background: { r: shade, g: 10, b: 200 } } }).toFile(
    join(root, path),
  );
}

function write(path: string, text: string): void {
  writeFileSync(join(root, path), text);
}

async function mask(path: string, values: readonly number[], width = 8, height = 4): Promise<void> {
  const data = Uint8Array.from({ length: width * height }, (_, i) => values[i % values.length] ?? 0);
  await sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toFile(join(root, path));
}

const open = () => openDataset(root, { home, onNote: (note) => notes.push(note) });

async function refusal(): Promise<string> {
  const error: unknown = await labels().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).message).not.toContain('\n');
  return (error as InputError).message.replaceAll(root, 'ROOT');
}

/** Of all images, by their names. */
async function labels() {
  const dataset = await open();
  try {
    const facts = await Promise.all(
      (['train', 'search', 'test'] as const).map((split) =>
        dataset.facts(
          split,
          Array.from({ length: dataset.splits[split].n }, (_, i) => i),
        ),
      ),
    );
    return Object.fromEntries(facts.flat().map(({ name, label }) => [name, label]));
  } finally {
    await dataset.close();
  }
}

const hash = async () => {
  const dataset = await open();
  await dataset.close();
  return dataset.hash;
};

describe('a table of labels', () => {
  beforeEach(async () => {
    for (const name of ['1', '2', '3']) await paint(`${name}.jpg`, Number(name));
  });

  it.each([
    [
      'names between semicolons',
      'image,labels\n1.jpg,tree; dog\n3.jpg,\n2.jpg,"car;dog"\n',
      ['car', 'dog', 'tree'],
      [[1, 2], [0, 1], []],
    ],
    [
      'a column for each class',
      '\uFEFFfilename, tree, dog\n1.jpg,1,0\n2.jpg,1,1\n3.jpg,0,0\n',
      ['tree', 'dog'],
      [[0], [0, 1], []],
    ],
  ] as const)('says the classes of each image: %s', async (_, table, classes, [first, second, third]) => {
    write('labels.csv', table);
    expect(await labels()).toEqual({ '1.jpg': first, '2.jpg': second, '3.jpg': third });
    const dataset = await open();
    expect(dataset.annotated).toEqual({ form: 'several', classes });
    // One class each is what nobody said.
    expect(dataset.classes).toEqual([]);
    await dataset.close();
    expect(notes.join()).not.toContain('left out');
  });

  it('lies in the folder of a part, too', async () => {
    for (const part of ['train', 'test']) {
      for (const name of ['1', '2']) await paint(`${part}/${name}.png`, Number(name));
      write(`${part}/_classes.csv`, `filename,a,b\n1.png,1,0\n2.png,0,${part === 'train' ? 1 : 0}\n`);
    }
    // What is at the top is beside the parts.
    expect(await labels()).toEqual({
      ...{ 'train/1.png': [0], 'train/2.png': [1], 'test/1.png': [0], 'test/2.png': [] },
    });
  });

  it('decides the hash', async () => {
    write('labels.csv', 'image,labels\n1.jpg,a\n2.jpg,b\n3.jpg,a;b\n');
    const before = await hash();
    write('labels.csv', 'image,labels\n3.jpg,b;a\n1.jpg,a\n2.jpg,b\n');
    expect(await hash()).toBe(before);
    write('labels.csv', 'image,labels\n1.jpg,a\n2.jpg,b\n3.jpg,a\n');
    expect(await hash()).not.toBe(before);
  });

  it.each([
    ['image,labels\n1.jpg,a\n2.jpg,b\n', 'labels.csv has no line for 3.jpg: give each image one'],
    ['image,labels\n1.jpg,a\n4.jpg,b\n', 'labels.csv, line 3: there is no image 4.jpg'],
    ['image,labels\n1.jpg,a\n1.jpg,b\n', 'labels.csv, line 3: 1.jpg is there twice'],
    ['image,labels\n1.jpg,a\n2.jpg,a\n3.jpg,a\n', 'labels.csv has fewer than two classes: give all of them'],
    ['image,a,b\n1.jpg,1,0\n2.jpg,0,yes\n3.jpg,0,0\n', 'labels.csv, line 3: "yes" of b is not 1 or 0'],
    ['image,a,a\n', 'labels.csv: two classes have the same name, or one has none'],
    ['image\n1.jpg\n', 'labels.csv: give the image in the first column and its classes in the second'],
    ['image,labels\n1.jpg,"a\n', 'labels.csv: Quote Not Closed'],
    ['image,defect\n1.jpg,1\n2.jpg,0\n3.jpg,0\n', 'labels.csv: defect is 1 or 0: give the names'],
  ])('is refused by line: %j', async (table, says) => {
    write('labels.csv', table);
    expect(await refusal()).toContain(says);
  });

  it('is not packed: that is another data set', async () => {
    write('labels.csv', 'image,labels\n1.jpg,a\n2.jpg,b\n3.jpg,a;b\n');
    const [dataset, file] = [await open(), join(home, 'street.espalier-data')];
    await packDataset(dataset, file, {});
    expect(notPacked(dataset)).toBe(
      'the classes of street are not packed: in the file its images have no labels',
    );
    const packed = await openDataset(file, { home });
    expect(packed.hash).not.toBe(dataset.hash);
    expect(packed.annotated).toBeUndefined();
    expect(await packed.facts('test', [0])).toEqual([{ name: 'test/0', width: 8, height: 4, label: null }]);
    await packed.close();
    await dataset.close();
  });
});

describe('boxes beside images', () => {
  beforeEach(async () => {
    for (const name of ['1', '2', '3']) await paint(`${name}.jpg`, Number(name), { width: 200, height: 100 });
  });

  it('are those of YOLO, in pixels; an image without a file shows nothing', async () => {
    write('1.txt', '2 0.5 0.5 0.1 0.2\n0 0.05 0.1 0.1 0.2\n');
    write('3.txt', '\n');
    write('classes.txt', 'person\ncar\nbicycle\n');
    const found = await labels();
    expect(found['2.jpg']).toEqual([]);
    expect(found['3.jpg']).toEqual([]);
    const [middle, corner] = found['1.jpg'] as {
      class: number;
      left: number;
      top: number;
      width: number;
      height: number;
    }[];
    expect(middle?.class).toBe(2);
    expect(
      [middle?.left, middle?.top, middle?.width, middle?.height].map((value) =>
        Math.round(1e6 * (value ?? 0)),
      ),
    ).toEqual([90, 40, 20, 20].map((value) => 1e6 * value));
    expect(corner).toMatchObject({ class: 0, left: 0, top: 0 });
    const dataset = await open();
    expect(dataset.annotated).toEqual({ form: 'boxes', classes: ['person', 'car', 'bicycle'] });
    await dataset.close();
  });

  it('have names of classes beside them, which are the same in each part', async () => {
    for (const part of ['train', 'test']) {
      for (const name of ['1', '2']) {
        await paint(`${part}/${name}.png`, Number(name));
        write(`${part}/${name}.txt`, '1 0.5 0.5 0.1 0.2\n');
      }
      write(`${part}/classes.txt`, 'person\ncar\n');
    }
    const dataset = await open();
    expect(dataset.annotated).toEqual({ form: 'boxes', classes: ['person', 'car'] });
    await dataset.close();
    write('test/classes.txt', 'car\nperson\n');
    expect(await refusal()).toContain('classes.txt names other classes than');
    write('test/classes.txt', 'person\ncar\n');
    write('test/1.txt', '2 0.5 0.5 0.1 0.2\n');
    expect(await refusal()).toContain('classes.txt names 2 classes, from 0: there is none for 2');
  });

  it('decide the hash', async () => {
    const bare = await hash();
    write('1.txt', '2 0.5 0.5 0.1 0.2\n');
    const before = await hash();
    write('1.txt', '2 0.5 0.5 0.1 0.3\n');
    expect(new Set([bare, before, await hash()]).size).toBe(3);
  });

  it.each([
    ['0 0.5 0.5 0.1', 'ROOT/1.txt, line 1: 4 values: a box is its class, then centre x'],
    ['\n0 0.5 0.5 0.1 0.1 0.9', 'ROOT/1.txt, line 2: 6 values'],
    ['car 0.5 0.5 0.1 0.1', 'ROOT/1.txt, line 1: "car" is no class'],
    ['0 120 60 20 20', 'ROOT/1.txt, line 1: 120 is not from 0 to 1'],
    ['0 x 0.5 0.1 0.1', 'ROOT/1.txt, line 1: x is not from 0 to 1'],
  ])('are refused by line: %j', async (text, says) => {
    write('1.txt', text);
    expect(await refusal()).toContain(says);
  });
});

describe('masks beside images', () => {
  it.each(['jpg', 'png'])('of %s hold a class a pixel, and are no images', async (format) => {
    for (const name of ['1', '2', '3']) {
      await paint(`${name}.${format}`, Number(name));
      await mask(format === 'jpg' ? `${name}.png` : `${name}_mask.png`, [0, 1, 255, Number(name)]);
    }
    const found = await labels();
    expect(Object.keys(found).sort()).toEqual(['1', '2', '3'].map((name) => `${name}.${format}`));
    expect(found[`2.${format}`]).toEqual({
      ...{ width: 8, height: 4 },
      data: Uint8Array.from({ length: 32 }, (_, i) => [0, 1, 255, 2][i % 4] ?? 0),
    });
    const before = await hash();
    await mask(format === 'jpg' ? '1.png' : '1_mask.png', [3]);
    expect(await hash()).not.toBe(before);
  });

  it('count only if each image has one', async () => {
    for (const name of ['1', '2', '3']) await paint(`${name}.jpg`, Number(name));
    await mask('1.png', [1]);
    expect(Object.keys(await labels())).toHaveLength(4);
    expect(notes.join()).toContain('street: 1 of 3 images have a mask beside them');
  });

  it('are refused where they are none, or of another size', async () => {
    for (const name of ['1', '2', '3']) {
      await paint(`${name}.jpg`, Number(name));
      await mask(`${name}.png`, [1]);
    }
    await mask('2.png', [1], 4, 4);
    expect(await refusal()).toBe('ROOT/2.png is no mask: it has 4 x 4 pixels, its image 8 x 4');
    await paint('2.png', 7);
    expect(await refusal()).toBe('ROOT/2.png is no mask: it has colours: a mask is grey or has a palette');
  });
});

it('labels of two kinds are refused', async () => {
  for (const name of ['1', '2', '3']) await paint(`${name}.jpg`, Number(name));
  write('1.txt', '0 0.5 0.5 0.1 0.1');
  write('labels.csv', 'image,labels\n1.jpg,a\n2.jpg,b\n3.jpg,a\n');
  expect(await refusal()).toBe('street has labels of two kinds, labels.csv and 1.txt: leave one kind');
});
