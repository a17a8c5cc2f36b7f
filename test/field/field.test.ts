import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Engine, evaluate, openEngine } from '@espalier/engines';
import { decodeOnnx, encodeOnnx, patchOnnx } from '@espalier/formats';
import {
  channelMap,
  cutNetwork,
  type FloatTensor,
  floatTensor,
  type Network,
  networkCost,
  networkHash,
  prunableGroups,
  sizeOf,
  withoutRule,
} from '@espalier/network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDataset } from '../../packages/engines/test/tiny-dataset.ts';
import { runOnnx } from '../../packages/formats/test/runtime.ts';
import { Random } from '../../packages/network/test/random.ts';
import { relativeDifference, run, runMasked } from '../surgery/exactness.ts';

/** What is right of a file from a public report. */
interface Right {
  /** Prunable groups: the node that makes the channels, and how many units it has. */
  readonly prunable: Readonly<Record<string, number>>;
  /** Numbers that are learnt, where sharing decides it. */
  readonly params?: number;
  /** What is judged. */
  readonly outputs: readonly string[];
  /** Nodes that surgery has no rule for. */
  readonly withoutRule?: readonly string[];
  /** Operations after what is judged. */
  readonly tail?: readonly string[];
  /** Operations of the network itself, where they say what became of the file's. */
  readonly ops?: readonly string[];
  /** Why its file is written again; else it is patched. */
  readonly anew?: string;
  /** Classes of images that it is judged on by their labels; null: it tells none. */
  readonly classes: number | null;
}

const field: Readonly<Record<string, Right>> = {
  argmax: {
    prunable: { Conv_3: 8, Conv_7: 12 },
    outputs: ['t13_0'],
    tail: ['ArgMax'],
    classes: 5,
  },
  binary: { prunable: { '/a/a.0/Conv': 8, '/b/b.0/Conv': 12 }, outputs: ['output'], classes: 2 },
  coord_cat1: { prunable: { '/a/Conv': 12, '/b/Conv': 12 }, outputs: ['output'], classes: 5 },
  d2s_CRD: { prunable: { Conv_3: 4, Conv_8: 12 }, outputs: ['t13_0'], classes: 5 },
  eca: {
    prunable: { '/f/f.2/f.2.0/Conv': 16 },
    outputs: ['output'],
    withoutRule: ['/f/f.1/c/Conv'],
    classes: 5,
  },
  g3: {
    prunable: { '/f/f.0/f.0.0/Conv': 8, '/f/f.1/f.1.0/Conv': 12, '/f/f.2/f.2.0/Conv': 12 },
    outputs: ['output'],
    classes: 3,
  },
  ifconst: {
    prunable: { Conv_3: 8, Conv_7: 12 },
    outputs: ['t13_0'],
    ops: ['Conv', 'Relu', 'Conv', 'Relu', 'GlobalAveragePool', 'Reshape', 'Gemm'],
    anew: 'Reshape "Squeeze_0" is not in the file in this form',
    classes: 5,
  },
  m3: {
    prunable: { '/f/f.0/f.0.0/Conv': 8, '/f/f.1/f.1.0/Conv': 12, '/f/f.2/f.2.0/Conv': 12 },
    outputs: ['output'],
    classes: 3,
  },
  m3_128x64: {
    prunable: { '/f/f.0/f.0.0/Conv': 8, '/f/f.1/f.1.0/Conv': 12, '/f/f.2/f.2.0/Conv': 12 },
    outputs: ['output'],
    classes: 3,
  },
  nhwcmid: {
    prunable: { Conv_4: 8, Conv_12: 12 },
    outputs: ['t18_0'],
    // The one before the first convolution, since pixels come with their channels last.
    ops: ['Transpose', 'Conv', 'Relu', 'Mul', 'Conv', 'ReduceMean', 'MatMul', 'Add'],
    anew: 'Transposes between its layers are removed',
    classes: 5,
  },
  op22: { prunable: { Conv_3: 8, Conv_7: 12 }, outputs: ['t13_0'], classes: 5 },
  pixelshuffle: {
    prunable: { '/stem/stem.0/Conv': 16, '/conv1/Conv': 8, '/conv2/Conv': 16 },
    outputs: ['output'],
    classes: 5,
  },
  pose: {
    prunable: { '/a/a.0/Conv': 16, '/b/b.0/Conv': 32, '/t/t.0/ConvTranspose': 6, '/t2/ConvTranspose': 6 },
    outputs: ['output'],
    classes: null,
  },
  siamese: {
    prunable: { '/f/f.0/f.0.0/Conv': 16, '/f/f.2/f.2.0/Conv': 32, '/f/f.5/Gemm': 10 },
    params: 5440,
    outputs: ['output'],
    classes: null,
  },
  identityshared: { prunable: { Conv_5: 8 }, outputs: ['t15_0'], classes: null },
  uint8: {
    prunable: { Conv_5: 8, Conv_9: 12 },
    outputs: ['t15_0'],
    ops: ['Cast', 'Transpose', 'Conv', 'Relu', 'Conv', 'Relu', 'GlobalAveragePool', 'Flatten', 'Gemm'],
    classes: 5,
  },
  zerobias_out: { prunable: { Conv_3: 8, Conv_6: 8 }, outputs: ['t11_0'], classes: null },
};

const read = async (name: string) => {
  const url = new URL(`../../packages/formats/test/field/${name}.onnx`, import.meta.url);
  const bytes = await readFile(fileURLToPath(url));
  return { bytes, ...(await decodeOnnx(bytes, { name })) };
};

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

describe.each(Object.entries(field))('%s', (name, right) => {
  it('is read as it should be', async () => {
    const { network } = await read(name);
    const groups = prunableGroups(channelMap(network));
    expect(Object.fromEntries(groups.map(({ id, width }) => [id, width]))).toEqual(right.prunable);
    expect(network.outputs).toEqual(right.outputs);
    expect(withoutRule(network).map((node) => node.name)).toEqual(right.withoutRule ?? []);
    expect(network.tail?.nodes.map(({ opaque, op }) => opaque?.op ?? op)).toEqual(right.tail);
    if (right.params !== undefined) expect(networkCost(network).params).toBe(right.params);
    if (right.ops) expect(network.nodes.map(({ op }) => op)).toEqual(right.ops);
  });

  it('computes what its file computes, and what is written of it is the same network', async () => {
    const { bytes, network } = await read(name);
    const written = encodeOnnx(network);
    const again = (await decodeOnnx(written, { name })).network;
    expect(networkHash(again)).toBe(networkHash(network));
    const inputs = pixels(network, 1);
    expect(
      relativeDifference(byName(await runOnnx(written, inputs)), byName(await runOnnx(bytes, inputs))),
    ).toBeLessThan(1e-5);
  });

  it('computes without units what it computes with them zeroed', async () => {
    const { network } = await read(name);
    const map = channelMap(network);
    const structure = prunableGroups(map).map(({ id, width }) => {
      return { group: id, kept: Array.from({ length: Math.ceil(width / 2) }, (_, i) => i) };
    });
    const cut = cutNetwork(network, map, structure).network;
    if (structure.length > 0) expect(networkCost(cut).params).toBeLessThan(networkCost(network).params);
    const inputs = pixels(network, 2);
    const expected = await runMasked(engine, network, map, structure, inputs);
    expect(relativeDifference(await run(engine, cut, inputs), expected)).toBeLessThan(1e-4);
    const again = (await decodeOnnx(encodeOnnx(cut), { name })).network;
    expect(networkHash(again)).toBe(networkHash(cut));
  });

  it('is written as the file that it was, with smaller tensors, as far as that can be', async () => {
    const { bytes, network } = await read(name);
    const map = channelMap(network);
    const structure = prunableGroups(map).map(({ id, width }) => {
      return { group: id, kept: Array.from({ length: Math.ceil(width / 2) }, (_, i) => i) };
    });
    const cut = cutNetwork(network, map, structure).network;
    const patching = patchOnnx(bytes, { name }, cut);
    if (right.anew !== undefined) {
      await expect(patching).rejects.toThrow(right.anew);
      return;
    }
    const { bytes: patched } = await patching;
    expect(patched.length).toBeLessThan(bytes.length);
    const inputs = pixels(network, 1);
    const [own, expected] = [await runOnnx(patched, inputs), await runOnnx(encodeOnnx(cut), inputs)];
    expect(relativeDifference(byName(own), byName(expected))).toBeLessThan(1e-4);
  });

  it.runIf(right.classes !== null)('is judged on images', async () => {
    const { network } = await read(name);
    const classes = Array.from({ length: right.classes ?? 0 }, (_, i) => `class ${i}`);
    const quality = await evaluate(engine, network, tinyDataset({ classes, image: null, n: 8 }), 'test');
    expect(quality.n).toBe(8);
    expect(Number.isFinite(quality.loss)).toBe(true);
  });
});

/** Pixels for every input, whole numbers where it takes such ones. */
function pixels(network: Network, batch: number): Record<string, FloatTensor> {
  const random = new Random(5);
  return Object.fromEntries(
    network.inputs.map(({ name, shape, type }) => {
      const dims = shape.map((extent) => (extent === -1 ? batch : extent));
      const values = Float32Array.from({ length: sizeOf(dims) }, () =>
        type === 'uint8' ? random.integer(0, 255) : random.between(-1, 1),
      );
      return [name, floatTensor(dims, values)];
    }),
  );
}

function byName(outputs: ReadonlyMap<string, FloatTensor>): Record<string, FloatTensor> {
  return Object.fromEntries(outputs);
}
