import { firstLineOf } from '@espalier/errors';
import type { GraphArtifacts } from '@espalier/formats';
import { type FloatTensor, type Network, sizeOf } from '@espalier/network';
import type { GraphModel, Tensor } from '@tensorflow/tfjs';
import { randomInputs } from './measure/random-inputs.ts';
import { openOnnxRuntime } from './onnxruntime.ts';
import { type LoadedTensorFlow, loadTensorFlow } from './tensorflow/load.ts';

type Tensors = Readonly<Record<string, FloatTensor>>;

/** Of an output, by the norm: what other orders of adding come to, and what rounding to integers does. */
const WITHIN = { exact: 1e-3, quantised: 5e-2 };

/**
 * Loads a graph model as a page does, and runs it in TensorFlow.js and the network that it holds in ONNX Runtime, on the
 * same random image.
 *
 * @param set inputs of the model alone, which have one number throughout
 * @returns what is wrong with the model: that it does not load or run, or another output; undefined: nothing
 */
export async function checkGraph(
  model: GraphArtifacts,
  network: Network,
  set: Readonly<Record<string, number>> = {},
): Promise<string | undefined> {
  // One that begins at an inner value, or ends at one, is not what a page would run.
  if (!placeholdersOf(model, set).every((name) => network.inputs.some((input) => input.name === name)))
    return undefined;
  const engine = await openOnnxRuntime({}, 'checks a model');
  try {
    const images = wholeNumbers(network, randomInputs(network, 1));
    const executable = await engine.compile(network, { keepMemory: false });
    const expected = await executable.run(images);
    const found = await runGraph(await loadTensorFlow(), model, { network, images, set });
    const within = model.weightSpecs.some(
      ({ quantization }) => quantization && quantization.dtype !== 'float16',
    )
      ? WITHIN.quantised
      : WITHIN.exact;
    return network.outputs.flatMap((name) => misfit(name, found[name], expected[name], within) ?? [])[0];
  } catch (error) {
    return firstLineOf(error);
  } finally {
    await engine.dispose();
  }
}

function placeholdersOf({ json }: GraphArtifacts, set: Readonly<Record<string, number>>): string[] {
  const { node: nodes = [] } = json.modelTopology as { node?: readonly { op: string; name: string }[] };
  return nodes.flatMap(({ op, name }) => (op.startsWith('Placeholder') && !(name in set) ? [name] : []));
}

function wholeNumbers({ inputs }: Network, images: Tensors): Tensors {
  const types = new Map(inputs.map(({ name, type }) => [name, type]));
  return Object.fromEntries(
    Object.entries(images).map(([name, { dims, data }]) => {
      const isWhole = (types.get(name) ?? 'float32') !== 'float32';
      return [
        name,
        {
          dims,
          data: isWhole ? data.map((value) => Math.min(255, Math.abs(Math.round(value * 100)))) : data,
        },
      ];
    }),
  );
}

interface Feeds {
  readonly network: Network;
  readonly images: Tensors;
  readonly set: Readonly<Record<string, number>>;
}

async function runGraph(
  { tf }: LoadedTensorFlow,
  { json, weightSpecs, weightData }: GraphArtifacts,
  { network, images, set }: Feeds,
): Promise<Tensors> {
  const data = new Uint8Array(weightData).buffer;
  const artifacts = { ...json, weightSpecs: [...weightSpecs], weightData: data };
  const model = await tf.loadGraphModel({ load: async () => artifacts as never });
  const types = new Map(network.inputs.map(({ name, type }) => [name, type ? 'int32' : 'float32'] as const));
  const feeds = Object.fromEntries([
    ...Object.entries(images).map(([name, { dims, data: values }]) => [
      name,
      tf.tensor(values, [...dims], types.get(name)),
    ]),
    ...Object.entries(set).map(([name, value]) => [name, tf.scalar(value)]),
  ]);
  try {
    const found: Record<string, FloatTensor> = {};
    for (const name of network.outputs) {
      // Without the order of a signature: what is judged may be a value inside.
      const result = await computed(model, feeds, name);
      const [tensor] = Array.isArray(result) ? result : [result];
      if (tensor) found[name] = { dims: tensor.shape, data: Float32Array.from(await tensor.data()) };
    }
    return found;
  } finally {
    model.dispose();
  }
}

/** At once where it can be: the other way TensorFlow.js prints a line about it. */
async function computed(
  model: GraphModel,
  feeds: Record<string, Tensor>,
  name: string,
): Promise<Tensor | Tensor[]> {
  try {
    return model.execute(feeds, name);
  } catch {
    return await model.executeAsync(feeds, name);
  }
}

function misfit(
  name: string,
  own: FloatTensor | undefined,
  expected: FloatTensor | undefined,
  within: number,
): string | undefined {
  if (!own || !expected) return `it has no output "${name}"`;
  if (`${own.dims}` !== `${expected.dims}`)
    return `its output "${name}" has shape [${own.dims}], the network's [${expected.dims}]`;
  let [difference, norm] = [0, 0];
  expected.data.forEach((value, i) => {
    difference += ((own.data[i] ?? Number.NaN) - value) ** 2;
    norm += value ** 2;
  });
  if (Math.sqrt(difference) <= within * Math.sqrt(norm) + 1e-5 * Math.sqrt(sizeOf(own.dims)))
    return undefined;
  return `its output "${name}" differs from the network's by ${Math.sqrt(difference / norm).toPrecision(2)} of it`;
}
