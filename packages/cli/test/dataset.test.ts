import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DECODING_VERSION } from '@espalier/datasets';
import { expect, it } from 'vitest';
import { pictureFolder } from './bad-input.ts';
import { espalierHere, espalierJsonHere, filesIn, RESNET20, temporaryFolder } from './espalier.ts';

it('a packed folder is that folder to every command', async () => {
  const folder = await temporaryFolder();
  const pictures = await pictureFolder(folder, 10, 12);
  const file = path.join(folder, 'pictures.espalier-data');
  const packed = await espalierJsonHere(['dataset', 'pack', pictures, '--out', file]);
  expect(packed).toMatchObject({
    file,
    image: { height: 32, width: 32, channels: 3 },
    images: { train: 100, search: 10, test: 10 },
    classes: Array.from({ length: 10 }, (_, c) => `class-${c}`),
  });
  const evaluate = ['evaluate', RESNET20, '--split', 'train', '--dataset'];
  const [byFolder, byFile] = [
    await espalierJsonHere([...evaluate, pictures]),
    await espalierJsonHere([...evaluate, file]),
  ];
  expect(byFile.provenance.dataset).toEqual({
    name: 'pictures',
    hash: packed.hash,
    decoding: DECODING_VERSION,
  });
  expect(byFolder.provenance.dataset.hash).toBe(packed.hash);
  for (const key of ['top1', 'top5', 'loss', 'n']) expect(byFile[key], key).toBe(byFolder[key]);

  // What was sampled on the folder goes for the file.
  const out = (name: string) => path.join(folder, name);
  const grid = ['--grid', '0.3,0.6', '--samples', '10'];
  await espalierJsonHere(['sweep', RESNET20, '--dataset', pictures, ...grid, '--out', out('sweep.json')]);
  const target = ['--target', 'macs=0.3', '--out', out('half.onnx')];
  const pruned = await espalierJsonHere([
    'prune',
    RESNET20,
    '--dataset',
    file,
    '--sweep',
    out('sweep.json'),
    ...target,
  ]);
  expect(pruned.provenance.dataset.hash).toBe(packed.hash);
}, 600_000);

it('brings pictures to one size', async () => {
  const folder = await temporaryFolder();
  const pictures = await pictureFolder(folder, 3, 4, 20);
  const file = path.join(folder, 'small.espalier-data');
  const { stdout, code } = await espalierHere([
    'dataset',
    'pack',
    pictures,
    '--size',
    '8x6',
    '--resize',
    '10',
    '--channels',
    '1',
    '--out',
    file,
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /: 3 classes, 8x6 grey, .*\nimages {2}train 6, search 3, test 3\nhash {4}[0-9a-f]{64}\n$/,
  );
  expect((await readFile(file)).length).toBeGreaterThan(12 * 48);
});

it('refuses in one line, and leaves what was there', async () => {
  const folder = await temporaryFolder();
  const pictures = await pictureFolder(folder, 3, 4);
  const file = path.join(folder, 'data.espalier-data');
  expect((await espalierHere(['dataset', 'pack', pictures, '--out', file])).code).toBe(0);
  const whole = await readFile(file);
  const before = await filesIn(folder);
  const refused = async (args: readonly string[], code = 1) => {
    const result = await espalierHere(args, { cwd: folder });
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(/^error: .*\n$/) });
    expect(await filesIn(folder)).toEqual(before);
    expect((await readFile(file)).equals(whole)).toBe(true);
    return result.stderr;
  };
  expect(await refused(['dataset', 'pack', file, '--out', file])).toContain('overwrite an input');
  expect(
    await refused(['dataset', 'pack', pictures, '--size', '8', '--resize', '4', '--out', file]),
  ).toContain('cannot be cropped');
  expect(await refused(['dataset', 'pack', pictures, '--resize', '4', '--out', file], 2)).toContain('--size');
  const prune = ['prune', RESNET20, '--allocation', 'uniform', '--target', 'macs=0.5'];
  expect(await refused([...prune, '--dataset', file, '--out', file])).toContain('overwrite an input');
});

it('a file that is cut off or something else is refused, and not sent', async () => {
  const folder = await temporaryFolder();
  const pictures = await pictureFolder(folder, 3, 4);
  const file = path.join(folder, 'data.espalier-data');
  await espalierHere(['dataset', 'pack', pictures, '--out', file]);
  const cut = path.join(folder, 'cut.espalier-data');
  await writeFile(cut, (await readFile(file)).subarray(0, -10));
  const env = { ESPALIER_ADDRESS: 'http://127.0.0.1:9', ESPALIER_KEY: 'esp_x' };
  for (const { args, says } of [
    { args: ['evaluate', RESNET20, '--dataset', cut], says: 'is cut off' },
    { args: ['evaluate', RESNET20, '--dataset', RESNET20], says: 'is not a packed data set' },
    { args: ['push', '--dataset', cut], says: 'is cut off' },
  ]) {
    const { code, stderr } = await espalierHere(args, { env });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(says) });
  }
});
