import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import { png } from '../../../test/generate/png.ts';
import { RESNET20 } from './espalier.ts';

/** The first half of a model file. */
export async function truncatedModel(folder: string): Promise<string> {
  const bytes = await readFile(RESNET20);
  return written(folder, 'truncated.onnx', bytes.subarray(0, bytes.length / 2));
}

export function randomBytes(folder: string): Promise<string> {
  let state = 1;
  const bytes = Uint8Array.from({ length: 4096 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
  return written(folder, 'random.onnx', bytes);
}

/** ResNet-20 with its first weight replaced by NaN. */
export async function modelWithNaN(folder: string): Promise<string> {
  const bytes = await readFile(RESNET20);
  const { network } = await readNetwork(RESNET20);
  const first = network.nodes.find(({ op }) => op === 'Conv');
  const weight = network.constants.get(first?.inputs[1] ?? '')?.data;
  if (!weight) throw new Error('the first convolution has no weight');
  const at = bytes.indexOf(Buffer.from(weight.buffer, weight.byteOffset, weight.byteLength));
  if (at < 0) throw new Error('the weight is not in the file as it is');
  bytes.writeFloatLE(Number.NaN, at);
  await writeFile(path.join(folder, 'nan.onnx.json'), await readFile(`${RESNET20}.json`));
  return written(folder, 'nan.onnx', bytes);
}

async function written(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
}

/** A folder of grey-in-colour pictures, `perClass` for each of `classes` classes. */
export async function pictureFolder(
  folder: string,
  classes: number,
  perClass: number,
  side = 32,
): Promise<string> {
  const root = path.join(folder, `pictures-${classes}`);
  for (let c = 0; c < classes; c++) {
    await mkdir(path.join(root, `class-${c}`), { recursive: true });
    for (let i = 0; i < perClass; i++) {
      const shade = (c * 37 + i * 11) % 256;
      await writeFile(
        path.join(root, `class-${c}`, `${i}.png`),
        png(side, side, new Uint8Array(side * side * 3).fill(shade)),
      );
    }
  }
  return root;
}
