import { firstLineOf } from '@espalier/errors';
import type { GraphArtifacts } from '@espalier/formats';
import { type FloatTensor, type Network, type Shape, sizeOf } from '@espalier/network';
import { randomInputs } from './measure/random-inputs.ts';
import { openOnnxRuntime } from './onnxruntime.ts';
import { loadTensorFlow } from './tensorflow/load.ts';
import { openPageModel } from './tensorflow/page-model.ts';

/** Of an output, by the norm: what other orders of adding come to, and what rounding to integers does. */
const WITHIN = { exact: 1e-3, quantised: 5e-2 };

/** An output of a model of TensorFlow.js, and that of the network. */
export interface OutputDifference {
  readonly name: string;
  /** The network's. */
  readonly shape: Shape;
  /** What the model gives in its place; null: nothing. */
  readonly found: Shape | null;
  /** Norm of the difference, as a share of the norm of the network's unless that is 0; null if shapes differ. */
  readonly share: number | null;
  /** Whether that is no more than other orders of adding come to. */
  readonly agrees: boolean;
}

/**
 * Loads a model as a page does, and runs it in TensorFlow.js and the network that it holds in ONNX Runtime, on the same
 * random image.
 *
 * @param set inputs of the model alone, which have one number throughout
 * @returns for each output of the network; null if the network begins or ends inside of the model, and a page would run
 * something else
 * @throws what either of them says where it does not run
 */
export async function compareGraph(
  model: GraphArtifacts,
  network: Network,
  set: Readonly<Record<string, number>> = {},
): Promise<readonly OutputDifference[] | null> {
  const { layers } = model;
  if (layers && network.outputs.some((name) => !layers.outputs.includes(name))) return null;
  const engine = await openOnnxRuntime({}, 'checks a model');
  try {
    const { tf } = await loadTensorFlow();
    const page = await openPageModel(tf, model, network, set);
    try {
      const own = page.inputs.filter(({ name, key }) => !(name in set || key in set));
      const known = new Set(network.inputs.map(({ name }) => name));
      // One that begins at an inner value is not what a page would run.
      if (!own.every(({ name, key }) => known.has(name) || known.has(key))) return null;
      const images = randomInputs(network, 1);
      const executable = await engine.compile(network, { keepMemory: false });
      const expected = await executable.run(images);
      const found = await page.run(images, network.outputs);
      return network.outputs.map((name) => difference(name, found[name], expected[name], withinOf(model)));
    } finally {
      page.dispose();
    }
  } finally {
    await engine.dispose();
  }
}

/**
 * @returns what is wrong with the model: that it does not load or run, or another output; undefined: nothing
 */
export async function checkGraph(
  model: GraphArtifacts,
  network: Network,
  set: Readonly<Record<string, number>> = {},
): Promise<string | undefined> {
  try {
    return (await compareGraph(model, network, set))?.flatMap((each) => misfitOf(each) ?? [])[0];
  } catch (error) {
    return firstLineOf(error);
  }
}

/** In words; undefined where the output agrees. */
export function misfitOf({ name, shape, found, share, agrees }: OutputDifference): string | undefined {
  if (agrees) return undefined;
  if (!found) return `it has no output "${name}"`;
  if (share === null) return `its output "${name}" has shape [${found}], the network's [${shape}]`;
  return `its output "${name}" differs from the network's by ${share.toPrecision(2)} of it`;
}

function withinOf({ weightSpecs }: GraphArtifacts): number {
  const isRounded = weightSpecs.some(({ quantization }) => quantization && quantization.dtype !== 'float16');
  return isRounded ? WITHIN.quantised : WITHIN.exact;
}

function difference(
  name: string,
  own: FloatTensor | undefined,
  expected: FloatTensor | undefined,
  within: number,
): OutputDifference {
  const shape = expected?.dims ?? [];
  if (!own || !expected || `${own.dims}` !== `${shape}`)
    return { name, shape, found: own?.dims ?? null, share: null, agrees: false };
  let [squares, norm] = [0, 0];
  expected.data.forEach((value, i) => {
    squares += ((own.data[i] ?? Number.NaN) - value) ** 2;
    norm += value ** 2;
  });
  const [distance, length] = [Math.sqrt(squares), Math.sqrt(norm)];
  return {
    ...{ name, shape, found: own.dims },
    share: length > 0 ? distance / length : distance,
    agrees: distance <= within * length + 1e-5 * Math.sqrt(sizeOf(shape)),
  };
}
