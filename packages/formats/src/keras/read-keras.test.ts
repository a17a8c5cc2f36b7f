import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import type { FloatTensor, Network } from '@espalier/network';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { isSame } from '../../test/graph-model.ts';
import { floats, hdf5, type KerasForm, kerasFile, kerasForms } from '../../test/keras-files.ts';
import { runLayers, shaken, smallLayersModel } from '../../test/layers-model.ts';
import { randomInputs, runOnnx } from '../../test/runtime.ts';
import { type ZipEntry, zipOf } from '../../test/zip.ts';
import { encodeOnnx, readNetwork } from '../index.ts';
import { kerasPartsInTime } from './in-time.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-keras-'));
  tf.enableProdMode();
  await tf.setBackend('cpu');
  // Starts the thread, from its sources where they are not compiled.
  await kerasPartsInTime(new Uint8Array(1), 'none.h5').catch(() => {});
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function file(bytes: Uint8Array, ending: string): Promise<string> {
  const path = join(folder, `${count++}${ending}`);
  await writeFile(path, bytes);
  return path;
}

const { layers } = tf;

/** Two layers of one class, a branch, a layer that is called twice, and a model in the model. */
function branched(): tf.LayersModel {
  const x = tf.input({ shape: [12, 10, 3], name: 'picture' });
  const inner = tf.sequential({
    name: 'block',
    layers: [
      layers.conv2d({ inputShape: [12, 10, 5], filters: 8, kernelSize: 3, padding: 'same', name: 'deep' }),
      layers.batchNormalization({ name: 'norm' }),
    ],
  });
  const shared = layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same', name: 'shared' });
  const stem = layers
    .conv2d({ filters: 3, kernelSize: 1, name: 'stem', useBias: false })
    .apply(x) as tf.SymbolicTensor;
  const pair = [shared.apply(x), shared.apply(stem)] as tf.SymbolicTensor[];
  const sum = layers.add({ name: 'sum' }).apply(pair) as tf.SymbolicTensor;
  const planes = layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', name: 'planes' }).apply(sum);
  const deep = inner.apply(planes as tf.SymbolicTensor) as tf.SymbolicTensor;
  const joined = layers.concatenate({ name: 'joined' }).apply([sum, deep]) as tf.SymbolicTensor;
  return tf.model({ inputs: x, outputs: [joined, sum] });
}

const models: Readonly<Record<string, () => Promise<tf.LayersModel> | tf.LayersModel>> = {
  'a Sequential': smallLayersModel,
  'a functional model with another one in it': () => shaken(branched()),
  slopes: () =>
    shaken(
      tf.sequential({
        layers: [
          layers.conv2d({ inputShape: [6, 6, 3], filters: 4, kernelSize: 3, activation: 'relu6' }),
          layers.prelu({ sharedAxes: [1, 2], name: 'slopes' }),
          layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
          layers.flatten(),
          layers.dense({ units: 3, activation: 'softmax' }),
        ],
      }),
    ),
};

async function expectSame(model: tf.LayersModel, form: KerasForm): Promise<Network> {
  const { network } = await readNetwork(await file(await kerasFile(model, form), form.file));
  const inputs = randomInputs(network, 2);
  await expectOutputs(network, await runLayers(model, Object.values(inputs)), inputs);
  return network;
}

async function expectOutputs(
  network: Network,
  expected: readonly FloatTensor[],
  inputs: Record<string, FloatTensor>,
): Promise<void> {
  const actual = await runOnnx(encodeOnnx(network), inputs);
  expect(network.outputs.length).toBe(expected.length);
  network.outputs.forEach((name, i) => {
    const [a, own] = [expected[i], actual.get(name)];
    if (!a || !own) throw new Error(`output "${name}" is missing`);
    expect(own.dims).toEqual(a.dims);
    expect(isSame(a, own)).toBe(true);
  });
}

describe.each(kerasForms)('Keras $version, $file', (form) => {
  it.each(Object.keys(models))('%s', async (name) => {
    const network = await expectSame(await (models[name] ?? smallLayersModel)(), form);
    expect(network.nodes.length).toBeGreaterThan(3);
  });

  it('goes by the centres of pixels where a picture is made larger', async () => {
    const model = tf.sequential({
      layers: [layers.upSampling2d({ inputShape: [4, 5, 2], size: [2, 3], interpolation: 'bilinear' })],
    });
    const { network } = await readNetwork(await file(await kerasFile(model, form), form.file));
    const inputs = randomInputs(network, 1);
    const [x] = Object.values(inputs);
    if (!x) throw new Error('no input');
    const own = tf.image.resizeBilinear(tf.tensor4d(x.data, [1, 4, 5, 2]), [8, 15], false, true);
    await expectOutputs(network, [{ dims: own.shape, data: Float32Array.from(await own.data()) }], inputs);
  });

  it('has a hard sigmoid of its version', async () => {
    const model = tf.sequential({
      layers: [layers.activation({ inputShape: [4, 5, 2], activation: 'hardSigmoid' })],
    });
    const { network } = await readNetwork(await file(await kerasFile(model, form), form.file));
    const inputs = randomInputs(network, 1);
    const [x] = Object.values(inputs);
    if (!x) throw new Error('no input');
    const slope = form.version === 2 ? 0.2 : 1 / 6;
    const data = x.data.map((value) => Math.min(1, Math.max(0, slope * value + 0.5)));
    await expectOutputs(network, [{ dims: x.dims, data }], inputs);
  });
});

/** What is said of bytes that are refused. */
async function refusal(bytes: Uint8Array, ending = '.keras'): Promise<string> {
  const path = await file(bytes, ending);
  const error = await readNetwork(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw error ?? new Error('not refused');
  expect(error.message).not.toContain('\n');
  expect(error.message.startsWith(path)).toBe(true);
  return error.message.slice(path.length);
}

test('a layer that is not read is named', async () => {
  const bytes = await kerasFile(await smallLayersModel(), { version: 3, file: '.keras' }, (config) => {
    const own = config.config as { layers: { class_name: string }[] };
    const [, first] = own.layers;
    if (first) first.class_name = 'Wonder';
  });
  expect(await refusal(bytes)).toMatch(/Wonder "first": this layer is not read/);
});

test('an archive that is no such is refused in one line', async () => {
  const good = await kerasFile(await smallLayersModel(), { version: 3, file: '.keras' });
  expect(await refusal(good.subarray(0, good.length / 2))).toMatch(
    /is cut off or damaged .*save the model again/,
  );
  const entry = (name: string, text: string, more: Partial<ZipEntry> = {}): ZipEntry => ({
    ...{ name, bytes: Buffer.from(text) },
    ...more,
  });
  const config = JSON.stringify({ class_name: 'Sequential', config: { layers: [] } });
  const zip = (...entries: ZipEntry[]) => refusal(zipOf(entries));
  expect(await zip(entry('config.json', config))).toMatch(/has no model\.weights\.h5: save the model again/);
  expect(await zip(entry('other.json', config))).toMatch(/has no config\.json/);
  expect(await zip(entry('config.json', '{'), entry('model.weights.h5', ''))).toMatch(
    /config\.json is no JSON object/,
  );
  expect(await zip(entry('config.json', config), entry('model.weights.h5', 'no weights'))).toMatch(
    /model\.weights\.h5 is no HDF5 file, or damaged \(Not an HDF5 file\)/,
  );
  expect(await zip(entry('config.json', config), entry('config.json', config))).toMatch(
    /has config\.json twice/,
  );
  expect(await zip(entry('config.json', config, { checksum: 1 }))).toMatch(
    /the checksum of config\.json does not fit/,
  );
  expect(await zip(entry('config.json', config, { claims: 300e6 }))).toMatch(
    /config\.json unpacks to 300000000 bytes, and at most 256000000 are read/,
  );
  expect(await zip(entry('config.json', 'x'.repeat(1e6), { claims: 10 }))).toMatch(/is cut off or damaged/);
});

test('an HDF5 file that is no model is refused in one line', async () => {
  const good = await kerasFile(await smallLayersModel(), { version: 2, file: '.h5' });
  expect(await refusal(good.subarray(0, good.length / 2), '.h5')).toMatch(
    /is no HDF5 file, or damaged \(File has been truncated\)/,
  );
  expect(await refusal(await hdf5((root) => floats(root, 'w', [1], [1])), '.h5')).toMatch(
    /holds weights and no model: save the whole model/,
  );
  const config = JSON.stringify({
    class_name: 'Sequential',
    config: {
      layers: [{ class_name: 'Dense', config: { name: 'd', batch_input_shape: [null, 4], units: 2 } }],
    },
  });
  const written = (weights: (group: Parameters<typeof floats>[0]) => void) =>
    hdf5((root) => {
      root.create_attribute('model_config', config);
      const home = root.create_group('model_weights');
      home.create_attribute('layer_names', ['d']);
      const own = home.create_group('d');
      own.create_attribute('weight_names', ['d/kernel:0', 'd/bias:0']);
      weights(own.create_group('d'));
    });
  expect(
    await refusal(await written((group) => floats(group, 'kernel:0', new Array(8).fill(1), [4, 2])), '.h5'),
  ).toMatch(/there is no tensor "model_weights\/d\/d\/bias:0"; save the model again/);
  const whole = await written((group) => {
    group.create_dataset({ name: 'kernel:0', data: Int32Array.from([1]), shape: [1] });
  });
  expect(await refusal(whole, '.h5')).toMatch(
    /is of type <i, and float32 or float64 are read: save the model in float32/,
  );
  const outside = await written((group) => {
    group.create_external_link('/etc/passwd', 'x', 'kernel:0');
  });
  expect(await refusal(outside, '.h5')).toMatch(/there is no tensor "model_weights\/d\/d\/kernel:0"/);
});

test('numbers that are packed to next to nothing are not unpacked', async () => {
  const bytes = await hdf5((root) => {
    root.create_attribute('model_config', '{}');
    const home = root.create_group('model_weights');
    home.create_attribute('layer_names', ['d']);
    const own = home.create_group('d');
    own.create_attribute('weight_names', ['k']);
    const data = new Float32Array(1);
    // Only its first piece is there; the others stand for zeros.
    own.create_dataset({
      name: 'k',
      data,
      shape: [1],
      maxshape: [null],
      chunks: [1000],
      compression: 'gzip',
      compression_opts: 9,
    });
    (own.get('k') as unknown as { resize(shape: number[]): void }).resize([2e9]);
  });
  expect(bytes.length).toBeLessThan(1e5);
  expect(await refusal(bytes, '.h5')).toMatch(
    /has shape \[2000000000\], which is more than such a file can hold/,
  );
});

test('a file that HDF5 finds no end in is refused in a line, and the next one is read', async () => {
  const whole = await kerasFile(await smallLayersModel(), { version: 2, file: '.h5' });
  // In the heap of its long texts: how long one of them is, eight bytes before it.
  const length = Buffer.from(whole).indexOf('last/kernel:0') - 8;
  expect(whole[length]).toBe('last/kernel:0'.length);
  const endless = Uint8Array.from(whole).fill(45, length, length + 1);
  await expect(kerasPartsInTime(endless, 'net.h5', 1)).rejects.toThrow(
    new InputError('net.h5 is damaged: HDF5 could not read it within 1 s; save the model again'),
  );
  expect((await kerasPartsInTime(whole, 'net.h5')).weights.size).toBeGreaterThan(0);
});
