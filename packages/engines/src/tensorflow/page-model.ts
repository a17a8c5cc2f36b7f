import { type GraphArtifacts, signatureKeys } from '@espalier/formats';
import type { FloatTensor, Network } from '@espalier/network';
import type { GraphModel, io, LayersModel, Tensor } from '@tensorflow/tfjs';
import type { Tf } from './value.ts';

type Tensors = Readonly<Record<string, FloatTensor>>;

/** A model of TensorFlow.js, loaded as a page loads it. */
export interface PageModel {
  /** What goes into it, in its order: what the model itself calls it, and what its signature does. */
  readonly inputs: readonly { readonly name: string; readonly key: string }[];
  /**
   * @param outputs names of values, which of a LayersModel are its outputs
   * @returns one tensor for each of them
   */
  run(inputs: Tensors, outputs: readonly string[]): Promise<Record<string, FloatTensor>>;
  dispose(): void;
}

/**
 * @param network of the model, which says of what type its inputs are
 * @param set inputs that have one number throughout
 * @throws what TensorFlow.js says of a model that it does not load
 */
export async function openPageModel(
  tf: Tf,
  { json, weightSpecs, weightData, layers }: GraphArtifacts,
  network: Pick<Network, 'inputs'>,
  set: Readonly<Record<string, number>> = {},
): Promise<PageModel> {
  const data = new Uint8Array(weightData).buffer;
  const artifacts = {
    ...json,
    weightSpecs: [...weightSpecs],
    weightData: data,
  } as unknown as io.ModelArtifacts;
  const types = new Map(network.inputs.map(({ name, type }) => [name, type ? 'int32' : 'float32'] as const));
  const tensors = (given: Tensors): Record<string, Tensor> =>
    Object.fromEntries([
      ...Object.entries(given).map(([name, { dims, data: values }]) => [
        name,
        tf.tensor(values, [...dims], types.get(name)),
      ]),
      ...Object.entries(set).map(([name, value]) => [name, tf.scalar(value)]),
    ]);
  const handler = { load: async () => artifacts };
  if (layers) return layersModel(tf, await tf.loadLayersModel(handler), layers, tensors);
  return graphModel(tf, await tf.loadGraphModel(handler), placeholdersOf(json), tensors);
}

function placeholdersOf(json: GraphArtifacts['json']): PageModel['inputs'] {
  const { node: nodes = [] } = json.modelTopology as { node?: readonly { op: string; name: string }[] };
  const keys = signatureKeys(json);
  return nodes.flatMap(({ op, name }) =>
    op.startsWith('Placeholder') ? [{ name, key: keys.get(name) ?? name }] : [],
  );
}

function graphModel(
  tf: Tf,
  model: GraphModel,
  inputs: PageModel['inputs'],
  tensors: (given: Tensors) => Record<string, Tensor>,
): PageModel {
  return {
    inputs,
    async run(given, outputs) {
      const feeds = tensors(given);
      // In one go: names of values, whatever the signature calls them.
      const results = [await computed(model, feeds, outputs)].flat();
      const found = await valuesOf(results, outputs);
      tf.dispose([results, feeds]);
      return found;
    },
    dispose: () => model.dispose(),
  };
}

/** At once where it can be: the other way TensorFlow.js prints a line about it. */
async function computed(
  model: GraphModel,
  feeds: Record<string, Tensor>,
  outputs: readonly string[],
): Promise<Tensor | Tensor[]> {
  try {
    return model.execute(feeds, [...outputs]);
  } catch {
    return await model.executeAsync(feeds, [...outputs]);
  }
}

function layersModel(
  tf: Tf,
  model: LayersModel,
  { inputs, outputs: own }: NonNullable<GraphArtifacts['layers']>,
  tensors: (given: Tensors) => Record<string, Tensor>,
): PageModel {
  return {
    inputs: inputs.map((name) => ({ name, key: name })),
    async run(given, outputs) {
      const feeds = tensors(given);
      const [first, ...others] = inputs.map((name) => {
        const tensor = feeds[name];
        if (!tensor) throw new Error(`nothing is given for its input "${name}"`);
        return tensor;
      });
      if (!first) throw new Error('it has no input');
      const results = [model.predict(others.length === 0 ? first : [first, ...others])].flat();
      const all = await valuesOf(results, own);
      tf.dispose([results, feeds]);
      return Object.fromEntries(Object.entries(all).filter(([name]) => outputs.includes(name)));
    },
    dispose: () => model.dispose(),
  };
}

async function valuesOf(
  results: readonly Tensor[],
  names: readonly string[],
): Promise<Record<string, FloatTensor>> {
  const found: Record<string, FloatTensor> = {};
  for (const [i, tensor] of results.entries())
    found[names[i] ?? ''] = { dims: tensor.shape, data: Float32Array.from(await tensor.data()) };
  return found;
}
