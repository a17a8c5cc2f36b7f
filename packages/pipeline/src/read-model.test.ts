import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { networkHash } from '@espalier/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { png } from '../../../test/generate/png.ts';
import { ints, node, onnxFile, randomTensor } from '../../formats/test/onnx-file.ts';
import { readModel } from './read-model.ts';

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'espalier-read-model-'));
  file = path.join(folder, 'open.onnx');
  const bytes = onnxFile({
    inputs: { x: ['n', 3, 'height', 'width'] },
    nodes: [node('Conv', ['x', 'w'], ['y'], { pads: ints(1, 1, 1, 1) })],
    tensors: { w: randomTensor(4, 3, 3, 3) },
  });
  await writeFile(file, bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Without labels, of these sizes. */
async function pictures(name: string, sizes: readonly (readonly [width: number, height: number])[]) {
  const spec = path.join(folder, name);
  for (const split of ['train', 'test']) {
    await mkdir(path.join(spec, split), { recursive: true });
    for (const [i, [width, height]] of sizes.entries()) {
      const pixels = new Uint8Array(width * height * 3).fill(40 * i);
      await writeFile(path.join(spec, split, `${i}.png`), png(width, height, pixels));
    }
  }
  return { data: { spec, name: null, hashOfContent: false }, place: { home: path.join(folder, 'home') } };
}

it('takes the size of the images where a file leaves it open and nothing says one', async () => {
  const images = await pictures('alike', [
    [12, 10],
    [12, 10],
  ]);
  const warnings: string[] = [];
  const network = await readModel({ file }, { warning: (text) => warnings.push(text) }, images);
  expect(network.inputs[0]?.shape).toEqual([-1, 3, 10, 12]);
  expect(warnings).toEqual([
    "the file leaves its size open: using the images' 10 x 12 pixels (height x width)",
  ]);
  const said = await readModel({ file, input: [{ shape: [1, 3, 10, 12] }] }, {});
  expect(networkHash(said)).toBe(networkHash(network));
});

it('what is said counts, whatever the images are', async () => {
  const images = await pictures('other', [[12, 10]]);
  const network = await readModel({ file, input: [{ shape: [1, 3, 8, 8] }] }, {}, images);
  expect(network.inputs[0]?.shape).toEqual([-1, 3, 8, 8]);
});

it('images that differ in size say none, and neither do none', async () => {
  const images = await pictures('mixed', [
    [12, 10],
    [9, 10],
  ]);
  for (const each of [images, null]) {
    await expect(readModel({ file }, {}, each)).rejects.toThrow('give the size to use');
  }
});
