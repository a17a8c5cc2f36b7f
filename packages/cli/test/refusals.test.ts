import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelWithNaN, pictureFolder, randomBytes, truncatedModel } from './bad-input.ts';
import { espalierHere, filesIn, RESNET20, temporaryFolder } from './espalier.ts';

/** Runs a command that must be refused in one line, and leave nothing behind. */
async function refusal(folder: string, args: readonly string[]): Promise<string> {
  const before = await filesIn(folder);
  const { code, stdout, stderr } = await espalierHere([...args, '--json'], { cwd: folder });
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^(warning: .*\n)?error: .*\n$/),
  });
  expect(stderr).not.toContain('unexpected');
  expect(await filesIn(folder)).toEqual(before);
  return stderr;
}

const prune = (model: string, ...rest: string[]) => [
  ...['prune', model, '--allocation', 'uniform', '--target', 'macs=0.5', '--out', 'out.onnx', ...rest],
];

describe('models that cannot be used', () => {
  it('a file that is not there', async () => {
    const folder = await temporaryFolder();
    expect(await refusal(folder, ['inspect', 'none.onnx'])).toContain('none.onnx');
    expect(await refusal(folder, prune('none.onnx'))).toContain('none.onnx');
  });

  it('a folder', async () => {
    const folder = await temporaryFolder();
    expect(await refusal(folder, ['inspect', folder])).toContain(folder);
  });

  it.each([
    ['a truncated file', truncatedModel],
    ['random bytes', randomBytes],
  ])('%s', async (_, make) => {
    const folder = await temporaryFolder();
    const file = await make(folder);
    expect(await refusal(folder, ['inspect', file])).toContain(path.basename(file));
    expect(await refusal(folder, prune(file))).toContain(path.basename(file));
  });

  it('weights that are not numbers', async () => {
    const folder = await temporaryFolder();
    const file = await modelWithNaN(folder);
    expect(await refusal(folder, ['evaluate', file, '--dataset', 'cifar10', '--limit', '10'])).toMatch(
      /not finite|NaN/,
    );
    expect(await refusal(folder, prune(file))).toMatch(/not finite|NaN/);
    const sweep = ['sweep', file, '--dataset', 'cifar10', '--grid', '0.5', '--samples', '10'];
    expect(await refusal(folder, sweep)).toMatch(/not finite|NaN/);
  });

  it('a preprocessing file that is none', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'bad.json'), '{"input": 3}');
    const copy = path.join(folder, 'copy.onnx');
    await copyFile(RESNET20, copy);
    const args = ['inspect', copy, '--preprocessing', 'bad.json'];
    expect(await refusal(folder, args)).toContain('bad.json');
  });
});

describe('data sets that do not fit', () => {
  it('another number of classes', async () => {
    const folder = await temporaryFolder();
    const pictures = await pictureFolder(folder, 3, 5);
    for (const args of [
      ['evaluate', RESNET20, '--dataset', pictures],
      ['sweep', RESNET20, '--dataset', pictures],
      prune(RESNET20, '--dataset', pictures),
    ]) {
      expect(await refusal(folder, args)).toMatch(/--dataset: .*10 classes.* 3/);
    }
  });

  it('no data set at all', async () => {
    const folder = await temporaryFolder();
    expect(await refusal(folder, ['evaluate', RESNET20, '--dataset', 'imagenet'])).toContain('imagenet');
    expect(await refusal(folder, ['evaluate', RESNET20, '--dataset', './none'])).toContain('./none');
  });

  it('more samples than there are images', async () => {
    const folder = await temporaryFolder();
    const sweep = ['sweep', RESNET20, '--dataset', 'cifar10', '--samples', '5001'];
    expect(await refusal(folder, sweep)).toMatch(/--samples: .*only 5000/);
    const cut = prune(RESNET20, '--dataset', 'cifar10', '--recalibrate', '45001');
    expect(await refusal(folder, cut)).toContain('only 45000');
  });
});

describe('grids and targets', () => {
  it.each([
    { grid: '', says: 'empty' },
    { grid: '0.9:0.1:0.1', says: 'empty' },
    { grid: '0:0.9:0.1', says: 'ratio 0' },
    { grid: '0.5,1', says: 'ratio 1' },
    { grid: '-0.1', says: 'ratio -0.1' },
  ])('the grid "$grid"', async ({ grid, says }) => {
    const folder = await temporaryFolder();
    const args = ['sweep', RESNET20, '--dataset', 'cifar10', `--grid=${grid}`];
    expect(await refusal(folder, args)).toMatch(new RegExp(`--grid: .*${says}`));
  });

  it.each([{ target: 'macs=0' }, { target: 'macs=1' }, { target: 'macs=-0.5' }, { target: 'flops=0.5' }])(
    'the target $target',
    async ({ target }) => {
      const folder = await temporaryFolder();
      const args = ['prune', RESNET20, '--allocation', 'uniform', '--out', 'out.onnx', '--target', target];
      expect(await refusal(folder, args)).toContain(target);
    },
  );

  it('a target out of reach names the largest saving, before anything is sampled', async () => {
    const folder = await temporaryFolder();
    const largest = (text: string) => Number(/largest reachable saving is (0\.\d+)/.exec(text)?.[1]);
    const uniform = ['prune', RESNET20, '--allocation', 'uniform', '--out', 'out.onnx'];
    const byLimits = largest(
      await refusal(folder, [...uniform, '--target', 'macs=0.95', '--max-ratio', '0.5']),
    );
    expect(byLimits).toBeGreaterThan(0.5);
    expect(byLimits).toBeLessThan(0.95);
    // The samples end at 30 %, and so does what cie knows.
    const cie = ['prune', RESNET20, '--dataset', 'cifar10', '--out', 'out.onnx', '--grid', '0.1,0.3'];
    const bySamples = largest(await refusal(folder, [...cie, '--target', 'macs=0.9']));
    expect(bySamples).toBeGreaterThan(0.3);
    expect(bySamples).toBeLessThan(0.6);
    // What is named can be had.
    const { code } = await espalierHere([...uniform, '--target', `macs=${byLimits}`, '--max-ratio', '0.5'], {
      cwd: folder,
    });
    expect(code).toBe(0);
  });
});

describe('unknown names', () => {
  it.each([
    { what: 'criterion', args: prune(RESNET20, '--criterion', 'l3'), says: /--criterion: .*l3.*l1/ },
    { what: 'allocation', args: prune(RESNET20, '--allocation', 'best'), says: /--allocation: .*best.*cie/ },
    {
      what: 'engine',
      args: ['evaluate', RESNET20, '--dataset', 'cifar10', '--engine', 'torch'],
      says: /--engine: .*torch.*onnxruntime/,
    },
    {
      what: 'group',
      args: prune(RESNET20, '--keep', 'nowhere'),
      says: /--keep: .*nowhere.*; there are .* and \d+ more/,
    },
  ])('$what', async ({ args, says }) => {
    const folder = await temporaryFolder();
    expect(await refusal(folder, args)).toMatch(says);
  });

  it('a criterion that needs what the network does not have', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'sweep.json'), 'not JSON');
    const args = ['prune', RESNET20, '--sweep', 'sweep.json', '--target', 'macs=0.5', '--out', 'out.onnx'];
    expect(await refusal(folder, args)).toContain('is not JSON');
    expect(await refusal(folder, args.with(3, 'none.json'))).toContain('none.json');
  });
});

describe('outputs that cannot be written', () => {
  it('a folder that is not there, a file for a folder, a folder for a file', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'sub'));
    await writeFile(path.join(folder, 'file'), '');
    const to = (out: string) => prune(RESNET20, '--dataset', 'cifar10', '--allocation', 'cie', '--out', out);
    expect(await refusal(folder, to('none/out.onnx'))).toContain('there is no folder none');
    expect(await refusal(folder, to('sub'))).toContain('is a folder');
    expect(await refusal(folder, to('file/out.onnx'))).toContain('file');
    const sweep = ['sweep', RESNET20, '--dataset', 'cifar10', '--out', 'none/sweep.json'];
    expect(await refusal(folder, sweep)).toContain('there is no folder none');
    expect(await refusal(folder, ['demo', '--out', 'file'])).toContain('file');
  });

  it('a folder that cannot be written to', async () => {
    const folder = await temporaryFolder();
    // Not even root creates files there.
    expect(await refusal(folder, prune(RESNET20, '--out', '/proc/out.onnx'))).toContain('/proc');
  });

  it('what is read is never overwritten', async () => {
    const folder = await temporaryFolder();
    await copyFile(RESNET20, path.join(folder, 'net.onnx'));
    await symlink('net.onnx', path.join(folder, 'link.onnx'));
    expect(await refusal(folder, prune('net.onnx', '--out', './net.onnx'))).toContain('overwrite');
    expect(await refusal(folder, prune('net.onnx', '--out', 'link.onnx'))).toContain('overwrite');
  });
});

describe('a folder for data and caches that cannot be one', () => {
  it.each([
    ['evaluate', RESNET20, '--dataset', 'cifar10', '--limit', '10'],
    ['login', 'http://127.0.0.1:1', '--key', 'esp_none'],
    ['logout'],
  ])('is named by %s', async (...args) => {
    const folder = await temporaryFolder();
    const home = path.join(folder, 'a file');
    await writeFile(home, '');
    const { code, stderr } = await espalierHere(args, { cwd: folder, env: { ESPALIER_HOME: home } });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: .*a file cannot be the folder for data and caches: .* set ESPALIER_HOME .*\n$/,
    );
  });
});
