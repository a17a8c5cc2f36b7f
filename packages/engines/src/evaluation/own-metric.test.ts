import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InputError } from '@espalier/errors';
import { floatTensor } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptOf, resultOf } from './image-metric.ts';
import { findMetric, isKnownMetric } from './metrics.ts';
import { loadMetric } from './own-metric.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'espalier-metric-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function fileOf(text: string): Promise<string> {
  const file = path.join(folder, `metric${files++}.mjs`);
  await writeFile(file, text);
  return file;
}

const BRIGHT = `export const name = 'brightness';
export const direction = 'lower';
export const unit = 'ratio';
export const start = () => ({
  add: ({ y }, name, label, { width }) => ({ sum: y.data.reduce((a, b) => a + b, 0), name, label, width, dims: y.dims }),
  result: (images) => images.reduce((sum, each) => sum + each.sum, 0) / images.length,
});
`;

const geometry = {
  ...{ width: 40, height: 30, input: { width: 4, height: 3 } },
  ...{ scale: { x: 0.1, y: 0.1 }, offset: { x: 0, y: 0 } },
};
const network = { outputs: ['y'] };
const outputs = { y: floatTensor([2, 3], [1, 2, 3, 4, 5, 6]) };
const images = ['a', 'b'].map((name, label) => ({ name, label, geometry }));

describe("a metric of one's own", () => {
  it('is loaded, found by a name with the hash of its file, and judges', async () => {
    const file = await fileOf(BRIGHT);
    const metric = await loadMetric(file);
    const hash = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    expect(metric).toMatchObject({
      ...{ name: `brightness@${hash}:lower:ratio`, label: 'brightness', direction: 'lower', unit: 'ratio' },
      ...{ by: 'images', range: [null, null], unchanged: null },
    });
    expect(findMetric(metric.name)).toBe(metric);
    const judge = metric.start();
    const kept = keptOf(metric, judge, network, outputs, images);
    expect(kept).toEqual([
      { sum: 6, name: 'a', label: 0, width: 40, dims: [3] },
      { sum: 15, name: 'b', label: 1, width: 40, dims: [3] },
    ]);
    expect(resultOf(metric, judge, kept)).toBe(10.5);
  });

  it('that is changed is another one', async () => {
    const file = await fileOf(BRIGHT);
    const before = await loadMetric(file);
    await writeFile(file, BRIGHT.replace('/ images.length', '* 2'));
    const after = await loadMetric(file);
    expect(after.name).not.toBe(before.name);
    const kept = [{ sum: 6 }];
    expect([before, after].map((metric) => resultOf(metric, metric.start(), kept))).toEqual([6, 12]);
  });

  it('that was not loaded is asked for by its file', () => {
    const name = `mIoU@${'0'.repeat(64)}:higher:share`;
    expect(isKnownMetric(name)).toBe(false);
    expect(() => findMetric(name)).toThrow("mIoU is somebody's own metric: give its file as metric");
  });
});

describe('what is wrong with a file is told in one line', () => {
  it.each([
    ['no such file', null, 'cannot be read (ENOENT)'],
    ['no JavaScript', 'export const name =', 'cannot be loaded as a module'],
    ['no name', BRIGHT.replace("'brightness'", "''"), 'name: give a name of at most 40 letters'],
    ['no direction', BRIGHT.replace("'lower'", "'down'"), 'direction: say which way is better'],
    ['no unit', BRIGHT.replace("'ratio'", "'percent'"), 'unit: give share (0 to 1), nats or ratio'],
    ['no start', BRIGHT.replace('start', 'begin'), 'exports no function start'],
    ['no result', BRIGHT.replace('result:', 'value:'), 'start() answers no add() and result()'],
    ['another file', `import { iou } from './iou.mjs';\n${BRIGHT}`, 'imports another file'],
    ['another file later', `const iou = await import(\`./iou.mjs\`);\n${BRIGHT}`, 'imports another file'],
  ])('%s', async (_, text, says) => {
    const file = text === null ? path.join(folder, 'none.mjs') : await fileOf(text);
    const error = await loadMetric(file).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toContain(says);
    expect((error as InputError).message).toContain(file);
    expect((error as InputError).message).not.toContain('\n');
  });

  it.each([
    [
      'throws',
      'add: () => { throw new Error("no mask\\nat all"); }',
      'metric brightness fails of a: no mask',
    ],
    ['answers nothing', 'add: () => undefined', 'add() returns nothing for a'],
    ['answers a promise', 'add: async () => 1', 'add() returns a promise'],
    ['has no number', 'add: () => 1, result: () => NaN', 'result() is NaN of 2 images: return a number'],
  ])('add or result %s', async (_, code, says) => {
    const own = `export const name = 'brightness', direction = 'lower', unit = 'ratio';
export const start = () => ({ result: () => 1, ${code} });`;
    const metric = await loadMetric(await fileOf(own));
    const judge = metric.start();
    expect(() => resultOf(metric, judge, keptOf(metric, judge, network, outputs, images))).toThrow(says);
  });

  it('a share is from 0 to 1', async () => {
    const metric = await loadMetric(await fileOf(BRIGHT.replace("'ratio'", "'share'")));
    expect(() => resultOf(metric, metric.start(), [{ sum: 63 }])).toThrow(
      'result() is 63 of 1 images: return a share from 0 to 1',
    );
  });
});
