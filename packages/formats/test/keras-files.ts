import type * as tf from '@tensorflow/tfjs';
import h5wasm, { type Group } from 'h5wasm';
import { snakeCase } from '../src/keras/weights.ts';
import { zipOf } from './zip.ts';

type Json = Record<string, unknown>;

/** How Keras writes a model: the version that its configuration is of, and the file. */
export interface KerasForm {
  readonly version: 2 | 3;
  readonly file: '.h5' | '.keras';
}

export const kerasForms: readonly KerasForm[] = [2, 3].flatMap((version) =>
  (['.h5', '.keras'] as const).map((file) => ({ version: version as 2 | 3, file })),
);

/**
 * A file of Keras with the configuration and the weights of a model, put together after the description of the format:
 * no Keras has written it.
 *
 * @param change of the configuration, before it is written
 */
export async function kerasFile(
  model: tf.LayersModel,
  { version, file }: KerasForm,
  change: (config: Json) => void = () => {},
): Promise<Buffer> {
  const { config, weights, number } = await kerasParts(model, version);
  change(config);
  if (file === '.keras') return kerasZip(config, weights, number);
  return await hdf5((root) => {
    root.create_attribute('model_config', JSON.stringify(config));
    root.create_attribute('keras_version', number);
    named(root.create_group('model_weights'), model, version);
  });
}

/** What is in a `.keras` archive. */
export async function kerasParts(model: tf.LayersModel, version: 2 | 3) {
  const own = model.toJSON(null, false) as unknown as Json;
  const given = {
    class_name: own.class_name === 'Model' ? 'Functional' : own.class_name,
    config: own.config,
  };
  const config: Json = structuredClone(version === 2 ? given : modern(given));
  const weights = await hdf5((root) => counted(root, model));
  return { config, weights, number: version === 2 ? '2.15.0' : '3.8.0' };
}

export function kerasZip(config: object, weights: Uint8Array, number: string): Buffer {
  const text = (value: unknown) => Buffer.from(JSON.stringify(value));
  return zipOf([
    { name: 'metadata.json', bytes: text({ keras_version: number, date_saved: '2026-01-01@00:00:00' }) },
    { name: 'config.json', bytes: text(config) },
    { name: 'model.weights.h5', bytes: weights },
  ]);
}

let count = 0;

export async function hdf5(write: (root: Group) => void): Promise<Buffer> {
  const { FS } = await h5wasm.ready;
  const name = `test${count++}.h5`;
  const file = new h5wasm.File(name, 'w');
  write(file);
  file.flush();
  file.close();
  const bytes = Buffer.from(FS.readFile(name) as Uint8Array);
  FS.unlink(name);
  return bytes;
}

export function floats(group: Group, name: string, data: ArrayLike<number>, shape: readonly number[]): void {
  group.create_dataset({ name, data: Float32Array.from(data), shape: [...shape], dtype: '<f' });
}

/** Of an `.h5` file: weights by the names of their layers. */
function named(home: Group, model: tf.LayersModel, version: 2 | 3): void {
  home.create_attribute(
    'layer_names',
    model.layers.map(({ name }) => name),
  );
  for (const layer of model.layers) {
    const group = home.create_group(layer.name);
    const weights = layer.weights.map((weight) => {
      const own = weight.originalName.replace(/_\d+$/, '');
      const kind =
        version === 3
          ? own.replace(
              'depthwise_kernel',
              layer.getClassName() === 'DepthwiseConv2D' ? 'kernel' : 'depthwise_kernel',
            )
          : own;
      return { name: version === 2 ? `${kind}:0` : `model/${kind}`, tensor: weight.read() };
    });
    if (weights.length === 0) continue;
    group.create_attribute(
      'weight_names',
      weights.map(({ name }) => name),
    );
    for (const { name, tensor } of weights) {
      const steps = name.split('/');
      const last = steps.pop() ?? '';
      let at = group;
      for (const step of steps)
        at = at.keys().includes(step) ? (at.get(step) as Group) : at.create_group(step);
      floats(at, last, tensor.dataSync(), tensor.shape);
    }
  }
}

/** Of a `.keras` archive: weights by number, in groups by the class of a layer and its number. */
function counted(home: Group, model: tf.LayersModel): void {
  const layers = home.create_group('layers');
  const counts = new Map<string, number>();
  for (const layer of model.layers) {
    const inner = 'layers' in layer ? (layer as unknown as tf.LayersModel) : undefined;
    const className = inner
      ? layer.getClassName() === 'Model'
        ? 'Functional'
        : layer.getClassName()
      : layer.getClassName();
    const stem = snakeCase(className);
    const number = counts.get(stem) ?? 0;
    counts.set(stem, number + 1);
    const group = layers.create_group(number === 0 ? stem : `${stem}_${number}`);
    if (inner) counted(group, inner);
    else {
      const vars = group.create_group('vars');
      layer.weights.forEach((weight, i) => {
        const tensor = weight.read();
        floats(vars, String(i), tensor.dataSync(), tensor.shape);
      });
    }
  }
}

/** What Keras 2 writes, as Keras 3 does. */
function modern(layer: Json): Json {
  const { class_name, config, name, inbound_nodes } = layer as {
    class_name: string;
    config: Json;
    name?: string;
    inbound_nodes?: unknown;
  };
  const { batch_input_shape, layers, ...rest } = config as Json & { layers?: Json[] };
  const own: Json = {
    ...Object.fromEntries(
      Object.entries(rest).map(([key, value]) => [
        key,
        isSetting(value) ? { module: 'keras', registered_name: null, ...value } : value,
      ]),
    ),
    ...('dtype' in rest
      ? {
          dtype: {
            module: 'keras',
            class_name: 'DTypePolicy',
            config: { name: 'float32' },
            registered_name: null,
          },
        }
      : {}),
    ...(class_name === 'InputLayer' && batch_input_shape ? { batch_shape: batch_input_shape } : {}),
  };
  if (layers) {
    const [first] = layers;
    const shape = (first?.config as Json | undefined)?.batch_input_shape;
    const input = {
      class_name: 'InputLayer',
      config: { name: 'input_layer', batch_input_shape: shape, dtype: 'float32' },
    };
    const isChain = class_name === 'Sequential' && first?.class_name !== 'InputLayer';
    own.layers = [...(isChain ? [input] : []), ...layers].map(modern);
  }
  return {
    module: 'keras.layers',
    class_name: class_name === 'Model' ? 'Functional' : class_name,
    config: own,
    registered_name: class_name,
    build_config: { input_shape: [null, 1] },
    ...(name === undefined ? {} : { name }),
    ...(Array.isArray(inbound_nodes) ? { inbound_nodes: inbound_nodes.map(modernCall) } : {}),
  };
}

function isSetting(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && 'class_name' in value && 'config' in value;
}

function modernCall(node: readonly (readonly unknown[])[]): Json {
  const tensors = node.map(([layer, call, output]) => ({
    class_name: '__keras_tensor__',
    config: { shape: [null], dtype: 'float32', keras_history: [layer, call, output] },
  }));
  return { args: tensors.length === 1 ? tensors : [tensors], kwargs: {} };
}
