import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import { networkHash } from '@espalier/network';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { tinyDataset } from '../../test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../test/tiny-networks.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import { type TrainingRequest, train } from './train.ts';

const dataset = tinyDataset({ n: 21 });
const network = { ...tinyResNet(), metadata: tinyMetadata() };
const quick = (changes: object = {}): Recipe =>
  parseRecipe({ epochs: 3, batch: 5, learningRate: 0.02, ...changes });

let engine: Engine;
let folder: string;

beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});

afterAll(() => engine.dispose());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-train-'));
  return () => rm(folder, { recursive: true, force: true });
});

function run(changes: Partial<TrainingRequest> = {}) {
  return train(engine, { network, dataset, recipe: quick(), seed: 0, ...changes });
}

it('learns its images, and reports every epoch', async () => {
  const recipe = quick({
    epochs: 40,
    augmentation: { crop: 0, flip: false },
    schedule: { kind: 'constant' },
  });
  const { epochs, network: trained, steps } = await run({ recipe });
  expect(steps).toBe(160);
  expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(epochs.at(-1)?.loss).toBeLessThan(0.3 * (epochs[0]?.loss ?? 0));
  // The tiny set's splits are the same images.
  expect(epochs.at(-1)?.top1).toBeGreaterThan(0.9);
  expect(epochs[0]).toMatchObject({ seconds: expect.any(Number), imagesPerSecond: expect.any(Number) });
  expect(networkHash(trained)).not.toBe(networkHash(network));
});

it('ends in the same weights for the same seed, in others for another', async () => {
  const [a, b, c] = [await run(), await run(), await run({ seed: 1 })];
  expect(networkHash(b.network)).toBe(networkHash(a.network));
  expect(b.epochs.map(({ loss }) => loss)).toEqual(a.epochs.map(({ loss }) => loss));
  expect(networkHash(c.network)).not.toBe(networkHash(a.network));
});

it.each([
  { stopAt: 1, from: [] },
  // The epoch was being scored: its last step is done again.
  { stopAt: 4, from: [2] },
  { stopAt: 6, from: [6] },
  { stopAt: 11, from: [10] },
])('stopped in step $stopAt it goes on to the same end', async ({ stopAt, from }) => {
  const recipe = quick({ averaging: 0.8, clipNorm: 1 });
  const undisturbed = await run({ recipe });
  const controller = new AbortController();
  let steps = 0;
  const stopped = run({
    recipe,
    checkpoint: { folder, every: 2 },
    signal: controller.signal,
    onProgress: () => ++steps === stopAt && controller.abort(new Error('stopped')),
  });
  await expect(stopped).rejects.toThrow('stopped');
  const resumed: number[] = [];
  const finished = await run({
    recipe,
    checkpoint: { folder, every: 2 },
    onResume: (step) => resumed.push(step),
  });
  expect(resumed).toEqual(from);
  expect(networkHash(finished.network)).toBe(networkHash(undisturbed.network));
  const plain = ({ epochs }: typeof finished) =>
    epochs.map(({ epoch, loss, top1 }) => ({ epoch, loss, top1 }));
  expect(plain(finished)).toEqual(plain(undisturbed));
});

it('a checkpoint of another recipe is not taken up', async () => {
  await run({ checkpoint: { folder, every: 2 } });
  const resumed: number[] = [];
  await run({
    recipe: quick({ epochs: 2 }),
    checkpoint: { folder, every: 2 },
    onResume: (step) => resumed.push(step),
  });
  expect(resumed).toEqual([]);
});

it.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 7)],
  ['changed in one byte', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([1])])],
  ['no checkpoint at all', () => Buffer.from('nonsense')],
])('a checkpoint that is %s is refused by name', async (_, damage) => {
  await run({ checkpoint: { folder, every: 2 } });
  const [name = ''] = await readdir(folder);
  const file = join(folder, name);
  await writeFile(file, damage(await readFile(file)));
  const again = run({ checkpoint: { folder, every: 2 } });
  await expect(again).rejects.toThrow(InputError);
  await expect(run({ checkpoint: { folder, every: 2 } })).rejects.toThrow(`${name} is damaged`);
});

it('a loss that is not finite stops with epoch, step and remedy', async () => {
  // Beyond what a recipe may say, so that it happens soon.
  const recipe = { ...quick({ warmup: 0 }), learningRate: 1e30 };
  await expect(run({ recipe })).rejects.toThrow(
    /^the loss is (NaN|Infinity) in epoch \d+, step \d+: training diverges at learning rate \S+; try/,
  );
});

it('a recipe may measure BatchNorm anew at the end', async () => {
  const [plain, anew] = [await run(), await run({ recipe: quick({ recalibration: 20 }) })];
  const [norm] = network.nodes.filter(({ op }) => op === 'BatchNormalization');
  const [, scale = '', , mean = ''] = norm?.inputs ?? [];
  expect(anew.network.constants.get(scale)).toEqual(plain.network.constants.get(scale));
  expect(anew.network.constants.get(mean)).not.toEqual(plain.network.constants.get(mean));
});

it('with steps the last report is of part of an epoch', async () => {
  const { epochs, steps } = await run({ recipe: quick({ steps: 6 }) });
  expect(steps).toBe(6);
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 1.5]);
});

it('takes all images at once where they are fewer than a batch', async () => {
  const { steps } = await run({ recipe: quick({ batch: 128, epochs: 2 }) });
  expect(steps).toBe(2);
});

it('a recipe that distils needs a teacher, and learns from it', async () => {
  const recipe = quick({ distillation: { temperature: 2, weight: 0.9 } });
  await expect(run({ recipe })).rejects.toThrow(/there is no teacher/);
  const [taught, other] = [
    await run({ recipe, teacher: network }),
    await run({ recipe, teacher: { ...tinyResNet({ seed: 9 }), metadata: tinyMetadata() } }),
  ];
  expect(networkHash(taught.network)).not.toBe(networkHash(other.network));
});
