import { readFile } from 'node:fs/promises';
import { openDataset, toInput } from '@espalier/datasets';
import { imageShape, type Preprocessing } from '@espalier/network';
import { loadOnnxRuntime } from '../../packages/engines/src/onnxruntime.ts';
import { WORK } from './packages.ts';

/** How far one output of a file is from that of the file that it was cut out of, by the norm. */
export interface OutputError {
  readonly name: string;
  readonly error: number;
}

/**
 * The outputs of ONNX files beside those of the one that they were made of, on the test split, as any user of them runs
 * them: by ONNX Runtime, an image at a time, whatever their first size was.
 *
 * @returns of each file the errors of its outputs, in the order of the base's
 * @throws where a file has other outputs, or does not run
 */
export async function outputErrors(
  base: string,
  files: readonly string[],
  folder: string,
  preprocessing: Preprocessing,
): Promise<OutputError[][]> {
  const ort = await loadOnnxRuntime();
  const open = async (file: string) =>
    ort.InferenceSession.create(await readFile(file), { logSeverityLevel: 3 });
  const dataset = await openDataset(folder, { home: WORK });
  const sessions = await Promise.all([base, ...files].map(open));
  try {
    const [reference] = sessions;
    const [input = ''] = reference?.inputNames ?? [];
    const [height, width] = preprocessing.size;
    return await errorsBeside(dataset.splits.test.n, async (i) => {
      const pixels = await dataset.pixels('test', [i], { height, width, channels: 3 });
      const shape = imageShape(1, { channels: 3, height, width }, preprocessing.layout);
      const image = new ort.Tensor('float32', toInput(pixels, 1, preprocessing), shape);
      const found = await Promise.all(sessions.map((session) => session.run({ [input]: image })));
      return found.map(
        (outputs) => new Map(reference?.outputNames.map((name) => [name, values(outputs[name], name)])),
      );
    });
  } finally {
    await Promise.all(sessions.map((session) => session.release()));
    await dataset.close();
  }
}

/**
 * @param outputsOf an image: what the outputs should be, and what others compute instead
 * @returns of each of the others the errors of its outputs, all images together; of an output that should be zero
 * throughout, the norm of what is there
 */
export async function errorsBeside(
  images: number,
  outputsOf: (image: number) => Promise<readonly ReadonlyMap<string, Float32Array>[]>,
): Promise<OutputError[][]> {
  const squares = new Map<string, number>();
  const sums: Map<string, number>[] = [];
  const add = (to: Map<string, number>, name: string, sum: number) => to.set(name, (to.get(name) ?? 0) + sum);
  for (let i = 0; i < images; i++) {
    const [should = new Map<string, Float32Array>(), ...found] = await outputsOf(i);
    for (const [name, expected] of should) {
      add(
        squares,
        name,
        sumOf(expected, (value) => value ** 2),
      );
      found.forEach((outputs, f) => {
        const own = outputs.get(name) ?? new Float32Array();
        if (own.length !== expected.length)
          throw new Error(`output "${name}" has ${own.length} values, not ${expected.length}`);
        sums[f] ??= new Map();
        add(
          sums[f],
          name,
          sumOf(own, (value, k) => (value - (expected[k] ?? 0)) ** 2),
        );
      });
    }
  }
  return sums.map((row) =>
    [...row].map(([name, sum]) => ({ name, error: Math.sqrt(sum / (squares.get(name) || 1)) })),
  );
}

function values(output: unknown, name: string): Float32Array {
  const data = typeof output === 'object' && output !== null && 'data' in output ? output.data : undefined;
  if (data instanceof Float32Array) return data;
  throw new Error(`output "${name}" is no float32`);
}

function sumOf(numbers: Float32Array, of: (value: number, index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += of(numbers[i] ?? Number.NaN, i);
  return sum;
}
