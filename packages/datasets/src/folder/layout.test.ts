import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import type { ValAs } from '../dataset.ts';
import { type Layout, readLayout } from './layout.ts';

let root: string;

beforeEach(() => {
  root = join(temporaryFolder(), 'leaves');
  mkdirSync(root);
});

/** Empty files: nobody reads them yet. */
function put(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
}

async function read(valAs?: ValAs): Promise<{ layout: Layout; notes: string[]; options: string[] }> {
  const notes: string[] = [];
  const options: string[] = [];
  const onNote = (note: string, option?: string) => {
    notes.push(note);
    if (option) options.push(option);
  };
  const layout = await readLayout(root, { valAs, onNote });
  expect(notes.join()).not.toContain('\n');
  return { layout, notes, options };
}

async function refusal(valAs?: ValAs): Promise<string> {
  const error: unknown = await read(valAs).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message.replaceAll(root, 'ROOT');
}

const PARTS = { train: ['train/a/1.png', 'train/b/1.png'], test: ['test/a/2.png', 'test/b/2.png'] };

describe('splits', () => {
  it.each(['search', 'val', 'valid', 'validation', 'dev', 'Val', 'VALIDATION'])(
    '%s/ is the search split',
    async (name) => {
      put(...PARTS.train, ...PARTS.test, `${name}/a/3.png`, `${name}/b/3.png`);
      const { layout, notes } = await read();
      expect(layout).toEqual({
        classes: ['a', 'b'],
        train: [['train/a/1.png'], ['train/b/1.png']],
        search: [[`${name}/a/3.png`], [`${name}/b/3.png`]],
        test: [['test/a/2.png'], ['test/b/2.png']],
        held: null,
      });
      expect(notes).toEqual([]);
    },
  );

  it('may be called Train and Testing', async () => {
    put('Training/a/1.png', 'Training/b/1.png', 'Testing/a/1.png', 'Testing/b/1.png');
    const { layout } = await read();
    expect([layout.train[0], layout.test?.[0]]).toEqual([['Training/a/1.png'], ['Testing/a/1.png']]);
  });

  const val = [['valid/a/3.png'], ['valid/b/3.png']];
  it.each([
    [
      undefined,
      { search: null, test: val, held: null },
      'it is the test split, and a tenth of each class of train/ the search split',
    ],
    ['test', { search: null, test: val, held: null }, 'it is the test split'],
    [
      'search',
      { search: val, test: null, held: null },
      'it is the search split, and a tenth of each class of train/ the test split: ',
    ],
    ['both', { search: null, test: null, held: val }, 'half of each of its classes is the search split'],
  ] as const)('without test/, valid/ as %s', async (valAs, expected, says) => {
    put(...PARTS.train, 'valid/a/3.png', 'valid/b/3.png');
    const { layout, notes, options } = await read(valAs);
    expect(layout).toMatchObject(expected);
    expect(notes).toEqual([expect.stringContaining(`leaves has valid/ and no test/: ${says}`)]);
    expect(options).toEqual(['valAs']);
  });

  it('are not to be chosen where there is a test split, or no val/', async () => {
    put(...PARTS.train, ...PARTS.test, 'val/a/3.png', 'val/b/3.png');
    expect(await refusal('search')).toBe('ROOT has test/: there is nothing to choose');
    root = join(root, 'train');
    expect(await refusal('search')).toBe('ROOT has no splits of its own');
  });

  it('come all out of train/ where that is alone', async () => {
    put(...PARTS.train);
    const { layout, notes } = await read();
    expect(layout).toMatchObject({ classes: ['a', 'b'], search: null, test: null });
    expect(notes).toEqual([expect.stringContaining('leaves has train/ only: a tenth')]);
  });

  it('say nothing without class folders: train/ with pictures to be named in test/', async () => {
    put(...PARTS.train, 'test/7.png', 'test/8.jpg');
    const { layout, notes } = await read();
    expect(layout.test).toBeNull();
    expect(notes).toContain('leaves: left out: 2 images outside of class folders (test/7.png, test/8.jpg)');
  });

  it('need class folders in train/', async () => {
    put('train/1.png', ...PARTS.test);
    expect(await refusal()).toBe(
      'ROOT/train has no images in class folders: it needs one folder for each class',
    );
  });

  it('need a train/', async () => {
    put('val/a/1.png', ...PARTS.test);
    expect(await refusal()).toMatch(/^ROOT has val\/ with class folders in it, but no train\/: give both/);
  });

  it('are not guessed where train/ lies among classes', async () => {
    put('train/steam/1.png', 'bus/1.png');
    expect(await refusal()).toMatch(
      /^ROOT has train\/ with class folders in it, but no test\/ and no val\/: /,
    );
  });

  it('may be classes of that name', async () => {
    put('train/1.png', 'bus/1.png');
    expect((await read()).layout.classes).toEqual(['bus', 'train']);
  });

  it('may lack a class that is in train/, and says so', async () => {
    put(...PARTS.train, 'test/b/1.png');
    const { layout, notes } = await read();
    expect(layout.test).toEqual([[], ['test/b/1.png']]);
    expect(notes).toEqual(['leaves: test/ has no images of a']);
  });
});

describe('class folders', () => {
  it('are walked to any depth, through links, but not in circles', async () => {
    put('a/x/y/10.png', 'a/x/y/2.png', 'a/1.png', 'b/1.PNG', 'elsewhere/deep/3.jpeg');
    symlinkSync(join(root, 'elsewhere'), join(root, 'b', 'link'));
    symlinkSync(root, join(root, 'a', 'x', 'round'));
    symlinkSync(join(root, 'a', '1.png'), join(root, 'b', '5.png'));
    const { layout } = await read();
    expect(layout.classes).toEqual(['a', 'b', 'elsewhere']);
    const [a, b] = layout.train;
    expect(a).toEqual(['a/1.png', 'a/x/y/2.png', 'a/x/y/10.png']);
    expect(b).toEqual(['b/1.PNG', 'b/5.png', 'b/link/deep/3.jpeg']);
  });

  it('are walked once, however many ways lead to a folder', async () => {
    const levels = Array.from({ length: 30 }, (_, i) => `stairs/${i}`);
    put('a/1.png', 'b/1.png', ...levels.map((level) => `${level}/1.png`));
    for (const [i, level] of levels.slice(0, -1).entries()) {
      for (const way of ['left', 'right'])
        symlinkSync(join(root, levels[i + 1] ?? ''), join(root, level, way));
    }
    symlinkSync(join(root, 'stairs/0'), join(root, 'a', 'up'));
    const { layout } = await read();
    expect(layout.train[0]).toHaveLength(31);
    expect(layout.train[layout.classes.indexOf('stairs')]).toHaveLength(30);
  });

  it('have the order of their names by code point, and composed names', async () => {
    put('Z/1.png', 'a/1.png', '\u00e9/1.png', '10/1.png', '2/1.png');
    expect((await read()).layout.classes).toEqual(['10', '2', 'Z', 'a', '\u00e9']);
    put('train/e\u0301/1.png', 'train/a/1.png', 'test/\u00e9/1.png', 'test/a/1.png');
    root = join(root, 'parts');
    put('train/e\u0301/1.png', 'train/a/1.png', 'test/\u00e9/1.png', 'test/a/1.png');
    const { layout } = await read();
    expect(layout.classes).toEqual(['a', '\u00e9']);
    expect(layout.train[1]).toEqual(['train/e\u0301/1.png']);
    expect(layout.test?.[1]).toEqual(['test/\u00e9/1.png']);
  });

  it('are not taken twice', async () => {
    put('a/1.png', '\u00e9/1.png', 'e\u0301/1.png');
    expect(await refusal()).toContain("there are two classes '\u00e9'");
  });
});

it('what is left out is counted and named in one line', async () => {
  put(...PARTS.train, ...PARTS.test, 'extra/1.png', 'readme.md', 'logo.bmp', 'train/9.jpg');
  put(
    'train/a/notes.txt',
    'train/a/x/.hidden.png',
    'train/.DS_Store',
    'test/c/nothing.txt',
    'test/a/1.xml',
    'test/a/2.xml',
  );
  mkdirSync(join(root, 'train', 'd'));
  const { notes } = await read();
  expect(notes).toEqual([
    `${basename(root)}: left out: ` +
      '5 files that are no images (readme.md, test/a/1.xml, test/a/2.xml, ...), ' +
      '2 hidden names (train/.DS_Store, train/a/x/.hidden.png), ' +
      '2 class folders without images (test/c, train/d), ' +
      '2 images outside of class folders (logo.bmp, train/9.jpg), ' +
      '1 folder beside the splits (extra)',
  ]);
});

describe('images without classes', () => {
  it('lie directly in the folder', async () => {
    put('10.png', '2.png', 'notes.txt', 'empty/readme.md');
    const { layout, notes } = await read();
    expect(layout).toEqual({
      classes: [],
      train: [['2.png', '10.png']],
      search: null,
      test: null,
      held: null,
    });
    expect(notes).toEqual(['leaves: left out: 2 files that are no images (empty/readme.md, notes.txt)']);
  });

  it('lie directly in its parts, all of them', async () => {
    put('train/1.png', 'val/2.png', 'test/3.png');
    const { layout, notes } = await read();
    expect(layout).toEqual({
      classes: [],
      train: [['train/1.png']],
      search: [['val/2.png']],
      test: [['test/3.png']],
      held: null,
    });
    expect(notes).toEqual([]);
  });

  it('lie in train/ alone, or with a val/ that is chosen', async () => {
    put('train/1.png');
    expect((await read()).notes).toEqual([
      'leaves has train/ only: a tenth is the test split, a tenth of the rest the search split',
    ]);
    put('val/2.png', 'val/3.png');
    expect((await read('both')).layout).toMatchObject({ classes: [], held: [['val/2.png', 'val/3.png']] });
    expect((await read()).notes[0]).toContain('and a tenth of train/ the search split');
  });

  it('beside class folders with images are left out', async () => {
    put('1.png', 'a/1.png', 'b/1.png');
    const { layout, notes } = await read();
    expect(layout.classes).toEqual(['a', 'b']);
    expect(notes).toEqual(['leaves: left out: 1 image outside of class folders (1.png)']);
  });

  it('of a format that cannot be read stop it', async () => {
    put('1.png', '2.heic');
    expect(await refusal()).toBe('ROOT/2.heic: .heic images cannot be read, convert them to PNG');
  });
});
