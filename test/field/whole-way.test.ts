import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Engine, openEngine, parseRecipe, train, trainingSample } from '@espalier/engines';
import { decodeOnnx } from '@espalier/formats';
import { channelMap, cutNetwork, type Network, networkHash, prunableGroups } from '@espalier/network';
import { repair, sample } from '@espalier/pruning';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDataset } from '../../packages/engines/test/tiny-dataset.ts';
import { ranked } from '../../packages/pruning/test/ranked.ts';

let engine: Engine;
let home: string;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
  home = await mkdtemp(path.join(tmpdir(), 'espalier-field-'));
});
afterAll(async () => {
  await engine.dispose();
  await rm(home, { recursive: true, force: true });
});

const read = async (name: string): Promise<Network> => {
  const url = new URL(`../../packages/formats/test/field/${name}.onnx`, import.meta.url);
  return (await decodeOnnx(await readFile(fileURLToPath(url)), { name })).network;
};

const images = (classes: number) =>
  tinyDataset({
    classes: Array.from({ length: classes }, (_, i) => `class ${i}`),
    image: null,
    n: 24,
  });

/** Networks of each kind: a decision at the end, bytes, channels last, blocks of channels, an operation without a rule. */
const kinds = [
  ['argmax', 5],
  ['binary', 2],
  ['eca', 5],
  ['nhwcmid', 5],
  ['pixelshuffle', 5],
  ['uint8', 5],
] as const;

describe.each(kinds)('%s', (name, classes) => {
  it('is sampled as planned as it is one by one', async () => {
    const network = await read(name);
    const request = {
      ...ranked(network),
      ...{ allowInexact: false, dataset: images(classes), engine, grid: [0.25, 0.5], samples: 10, seed: 0 },
    };
    const naive = await sample({ ...request, home: path.join(home, `${name}-naive`), naive: true });
    const planned = await sample({ ...request, home: path.join(home, name), tuning: { processes: 1 } });
    expect(planned.run.hits).toEqual(naive.run.hits);
    planned.run.loss?.flat().forEach((loss, i) => {
      expect(loss).toBeCloseTo(naive.run.loss?.flat()[i] ?? Number.NaN, 3);
    });
  });

  it('is repaired', async () => {
    const base = await read(name);
    const map = channelMap(base);
    const structure = prunableGroups(map).map(({ id, width }) => {
      return { group: id, kept: Array.from({ length: Math.ceil(width * 0.7) }, (_, i) => i) };
    });
    const { network: cut } = cutNetwork(base, map, structure);
    const shown = trainingSample(base, images(classes), { images: 24, seed: 0 });
    const request = {
      ...{ base, map, structure, cut, seed: 1, engine },
      images: {
        count: 24,
        async *batches(size: number) {
          for await (const { input } of shown.batches(size)) yield input;
        },
      },
    };
    const { layers, network } = await repair(request);
    expect(layers.length).toBeGreaterThan(0);
    for (const { before, after } of layers) expect(after).toBeLessThan(before);
    expect(networkHash(network)).not.toBe(networkHash(cut));
    expect(network.tail).toEqual(base.tail);
  });

  it.skipIf(name === 'eca')('is trained', async () => {
    const network = await read(name);
    const recipe = parseRecipe({
      ...{ epochs: 4, batch: 8, learningRate: 0.05 },
      augmentation: { crop: 0, flip: false },
    });
    const trained = await train(engine, { network, dataset: images(classes), recipe, seed: 0 });
    expect(trained.epochs.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    expect(networkHash(trained.network)).not.toBe(networkHash(network));
    expect(trained.network.tail).toEqual(network.tail);
  });
});

it('weights in front of an operation without a rule are not trained, which is said', async () => {
  const network = await read('eca');
  const recipe = parseRecipe({ epochs: 1, batch: 8, learningRate: 0.05 });
  await expect(train(engine, { network, dataset: images(5), recipe, seed: 0 })).rejects.toThrow(
    'Conv "/f/f.1/c/Conv" has no gradient, so layers before it cannot be trained: leave the training out, and use repair, which needs none',
  );
});
