import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import {
  channelMap,
  cutNetwork,
  floatTensor,
  type Network,
  prunableGroups,
  withConstant,
} from '@espalier/network';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isSame } from '../../../test/graph-model.ts';
import { loadLayers, runLayers, shaken, writeLayers } from '../../../test/layers-model.ts';
import { randomInputs, runOnnx } from '../../../test/runtime.ts';
import { encodeOnnx, readNetwork, writeNetwork } from '../../index.ts';
import { artifactsOf } from '../artifacts.ts';
import { readTfjs } from '../read-files.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-layers-'));
  tf.enableProdMode();
  await tf.setBackend('cpu');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;

async function expectSame(model: tf.LayersModel, shape?: readonly number[]): Promise<Network> {
  const path = await writeLayers(join(folder, String(count++)), shaken(model));
  const { network } = await readNetwork(path, shape ? { input: [{ shape }] } : {});
  const inputs = randomInputs(network, 2);
  const expected = await runLayers(model, Object.values(inputs));
  const actual = await runOnnx(encodeOnnx(network), inputs);
  expect(network.outputs.length).toBe(expected.length);
  network.outputs.forEach((name, i) => {
    const [a, own] = [expected[i], actual.get(name)];
    if (!a || !own) throw new Error(`output "${name}" is missing`);
    expect(own.dims).toEqual(a.dims);
    expect(isSame(a, own)).toBe(true);
  });
  return network;
}

const { layers } = tf;
const image = [12, 10, 3];

/** A convolution in front, so that each layer meets more than an input. */
function behind(...own: tf.layers.Layer[]): tf.LayersModel {
  const first = layers.conv2d({
    inputShape: image,
    filters: 6,
    kernelSize: 3,
    padding: 'same',
    name: 'first',
  });
  return tf.sequential({ layers: [first, ...own] });
}

const activations = [
  'elu',
  'hardSigmoid',
  'linear',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
  'mish',
] as const;

test.each([
  ['BatchNormalization', () => behind(layers.batchNormalization({}), layers.reLU({ maxValue: 6 }))],
  [
    'BatchNormalization without a scale',
    () => behind(layers.batchNormalization({ scale: false, center: false })),
  ],
  [
    'a convolution at stride 2 without a bias',
    () => behind(layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', useBias: false })),
  ],
  [
    'a dilated one',
    () => behind(layers.conv2d({ filters: 4, kernelSize: 3, dilationRate: 2, activation: 'tanh' })),
  ],
  [
    'a depthwise one',
    () => behind(layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, activation: 'relu' })),
  ],
  ['a separable one', () => behind(layers.separableConv2d({ filters: 5, kernelSize: 3, padding: 'same' }))],
  [
    'a transposed one',
    () =>
      behind(
        layers.conv2dTranspose({
          filters: 4,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
          activation: 'relu',
        }),
      ),
  ],
  [
    'a transposed one, valid',
    () => behind(layers.conv2dTranspose({ filters: 4, kernelSize: 2, strides: 3 })),
  ],
  [
    'pools',
    () =>
      behind(
        layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
        layers.averagePooling2d({ poolSize: 2 }),
      ),
  ],
  [
    'a global mean',
    () => behind(layers.globalAveragePooling2d({}), layers.dense({ units: 4, activation: 'softmax' })),
  ],
  ['the largest of all pixels', () => behind(layers.globalMaxPooling2d({}), layers.batchNormalization({}))],
  [
    'pixels laid out flat',
    () => behind(layers.flatten(), layers.dropout({ rate: 0.5 }), layers.dense({ units: 4 })),
  ],
  ['a dense layer for each pixel', () => behind(layers.dense({ units: 4, activation: 'relu' }))],
  [
    'margins added and taken away',
    () =>
      behind(
        layers.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 3],
          ],
        }),
        layers.cropping2D({
          cropping: [
            [0, 1],
            [2, 1],
          ],
        }),
      ),
  ],
  [
    'pixels made larger',
    () =>
      behind(
        layers.upSampling2d({ size: [2, 3] }),
        layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
      ),
  ],
  ['slopes', () => behind(layers.prelu({ sharedAxes: [1, 2] }), layers.leakyReLU({ alpha: 0.2 }))],
  [
    'other orders and shapes',
    () => behind(layers.permute({ dims: [3, 1, 2] }), layers.reshape({ targetShape: [-1, 10] })),
  ],
  ...activations.map(
    (name) =>
      [
        `activation ${name}`,
        () =>
          behind(
            layers.conv2d({ filters: 4, kernelSize: 1, activation: name }),
            layers.activation({ activation: name }),
          ),
      ] as const,
  ),
] as [string, () => tf.LayersModel][])('%s', async (_, model) => {
  await expectSame(model());
});

const openSizes: [string, () => tf.layers.Layer[]][] = [
  ['larger', () => [layers.upSampling2d({ size: [2, 3] })]],
  [
    'larger by its own weights',
    () => [
      layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 }),
    ],
  ],
];

test.each(openSizes)('images of any size, made %s', async (_, own) => {
  const beginning = () =>
    layers.conv2d({ inputShape: [null, null, 3], filters: 6, kernelSize: 3, name: 'first' });
  const ending = () => layers.conv2d({ filters: 2, kernelSize: 3 });
  const open = [null, null, null, 3];
  const given = await expectSame(tf.sequential({ layers: [beginning(), ...own(), ending()] }), [1, ...image]);
  expect(given.inputs[0]?.shape).toEqual([-1, ...image]);
  const written = await expectWritten(tf.sequential({ layers: [beginning(), ...own(), ending()] }), cut, [
    1,
    ...image,
  ]);
  expect(written.inputs[0]?.shape).toEqual(open);
});

test('branches that meet, and a layer that is called twice', async () => {
  const x = tf.input({ shape: image, name: 'picture' });
  const shared = layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same', name: 'shared' });
  const stem = layers.conv2d({ filters: 3, kernelSize: 1, name: 'stem' }).apply(x) as tf.SymbolicTensor;
  const [a, b] = [shared.apply(x), shared.apply(stem)] as tf.SymbolicTensor[];
  const all = [a, b] as tf.SymbolicTensor[];
  const sum = layers.add().apply(all) as tf.SymbolicTensor;
  const rest = [
    layers.average().apply(all),
    layers.multiply().apply(all),
    layers.maximum().apply(all),
  ] as tf.SymbolicTensor[];
  const joined = layers.concatenate({ name: 'joined' }).apply([sum, ...rest]) as tf.SymbolicTensor;
  const network = await expectSame(tf.model({ inputs: x, outputs: [joined, sum] }));
  expect(network.inputs[0]?.name).toBe('picture');
  expect(network.outputs[0]).toBe('joined');
  const kernels = network.nodes.flatMap(({ op, inputs }) => (op === 'Conv' ? [inputs[1]] : []));
  expect(new Set(kernels).size).toBe(kernels.length - 1);
});

test('models within models', async () => {
  const inner = tf.sequential({
    name: 'block',
    layers: [
      layers.conv2d({ inputShape: [12, 10, 6], filters: 8, kernelSize: 3, name: 'deep' }),
      layers.batchNormalization({ name: 'norm' }),
    ],
  });
  const network = await expectSame(behind(inner, layers.globalAveragePooling2d({})));
  expect(network.nodes.map(({ name }) => name)).toContain('block/deep');
});

test('a layer that is not read is named, with what to do', async () => {
  const path = await writeLayers(join(folder, 'unread'), behind(layers.layerNormalization({ name: 'odd' })));
  await expect(readNetwork(path)).rejects.toThrow(
    /LayerNormalization "odd": this layer is not read; convert the model to a graph/,
  );
});

test('a model that is broken is refused in a line', async () => {
  const path = await writeLayers(
    join(folder, 'broken'),
    behind(layers.flatten(), layers.dense({ units: 2, name: 'last' })),
  );
  const text = await readFile(path, 'utf8');
  const refusal = async (from: string | RegExp, to: string) => {
    await writeFile(path, text.replace(from, to));
    const error = await readNetwork(path).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof InputError)) throw error ?? new Error('not refused');
    return error.message;
  };
  expect(await refusal('"last/kernel"', '"other/kernel"')).toContain(
    'weightsManifest has no weight "last/kernel"',
  );
  expect(await refusal('"padding":"same"', '"padding":"odd"')).toContain('padding "ODD" is not read');
  expect(await refusal(/"class_name":"Flatten"/, '"class_name":"Wonder"')).toContain('Wonder');
});

/** Of each group every third unit goes. */
function cut(network: Network): Network {
  const map = channelMap(network);
  const structure = prunableGroups(map).map(({ id, width }) => ({
    group: id,
    kept: Array.from({ length: width }, (_, at) => at).filter((at) => at % 3 !== 1),
  }));
  expect(structure.length).toBeGreaterThan(0);
  return cutNetwork(network, map, structure).network;
}

/** A cut network is written as the model that it came as, which TensorFlow.js loads and runs. */
async function expectWritten(
  model: tf.LayersModel,
  change = cut,
  shape?: readonly number[],
): Promise<tf.LayersModel> {
  const path = await writeLayers(join(folder, String(count++)), shaken(model));
  const as = shape ? { input: [{ shape }] } : {};
  const left = change((await readNetwork(path, as)).network);
  const out = join(folder, String(count++), 'model.json');
  await writeNetwork(out, left, { given: { file: path, ...as } });
  const written = await loadLayers(artifactsOf(await readTfjs(out, await readFile(out, 'utf8'))));
  const inputs = randomInputs(left, 2);
  const expected = await runOnnx(encodeOnnx(left), inputs);
  const actual = await runLayers(written, Object.values(inputs));
  left.outputs.forEach((name, i) => {
    const [a, own] = [expected.get(name), actual[i]];
    if (!a || !own) throw new Error(`output "${name}" is missing`);
    expect(isSame(a, own)).toBe(true);
  });
  return written;
}

test('a Sequential is written with fewer filters and units, and the rest of its settings', async () => {
  const model = behind(
    layers.batchNormalization({ name: 'norm' }),
    layers.depthwiseConv2d({ kernelSize: 3, activation: 'relu6', name: 'planes' }),
    layers.separableConv2d({ filters: 8, kernelSize: 3, name: 'apart' }),
    layers.conv2dTranspose({ filters: 7, kernelSize: 3, strides: 2, padding: 'same', name: 'larger' }),
    layers.flatten(),
    layers.dense({ units: 9, activation: 'relu', name: 'hidden' }),
    layers.dense({ units: 3, name: 'last' }),
  );
  const written = await expectWritten(model);
  const settings = (name: string) => written.getLayer(name).getConfig();
  expect(settings('first')).toMatchObject({ filters: 4, kernelSize: [3, 3], padding: 'same' });
  expect(settings('apart')).toMatchObject({ filters: 5 });
  expect(settings('larger')).toMatchObject({ filters: 5 });
  expect(settings('hidden')).toMatchObject({ units: 6, activation: 'relu' });
  expect(settings('last')).toMatchObject({ units: 3 });
});

test('a model within a model is written with what goes into it now', async () => {
  const inner = tf.sequential({
    name: 'block',
    layers: [
      layers.conv2d({ inputShape: [12, 10, 6], filters: 8, kernelSize: 3, name: 'deep' }),
      layers.batchNormalization({ name: 'norm' }),
    ],
  });
  const written = await expectWritten(
    behind(inner, layers.globalAveragePooling2d({}), layers.dense({ units: 2 })),
  );
  const block = written.getLayer('block') as tf.Sequential;
  expect(block.inputs[0]?.shape).toEqual([null, 12, 10, 4]);
});

test('a layer without a bias gets one', async () => {
  const model = behind(
    layers.conv2d({ filters: 4, kernelSize: 3, useBias: false, activation: 'relu', name: 'plain' }),
  );
  const written = await expectWritten(model, (network) => {
    const left = cut(network);
    const node = left.nodes.find(({ name }) => name === 'plain/Conv2D');
    const added = withConstant(
      left,
      'b',
      floatTensor([4], Float32Array.of(0.1, 0.2, 0.3, 0.4)),
      node?.inputs[1] ?? '',
    );
    return {
      ...added,
      nodes: added.nodes.map((each) => (each === node ? { ...each, inputs: [...each.inputs, 'b'] } : each)),
    };
  });
  expect(written.getLayer('plain').getConfig()).toMatchObject({ useBias: true });
});
