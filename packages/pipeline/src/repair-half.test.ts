import { compareOutputs, type Engine, openEngine } from '@espalier/engines';
import { decodeOnnx, patchOnnx } from '@espalier/formats';
import {
  channelMap,
  cutNetwork,
  fromFloat16,
  type Network,
  prunableGroups,
  sizeOf,
  toFloat16,
} from '@espalier/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tinyDataset } from '../../engines/test/tiny-dataset.ts';
import { tinyMetadata } from '../../engines/test/tiny-networks.ts';
import { DataType, int, ints, node, onnxFile, type TensorInit } from '../../formats/test/onnx-file.ts';
import { Random } from '../../network/test/random.ts';
import { repairOn } from './repair.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

const random = new Random(9);
const half = (...dims: number[]): TensorInit => ({
  dataType: DataType.FLOAT16,
  dims: dims.map(BigInt),
  rawData: new Uint8Array(Uint16Array.from(random.values(sizeOf(dims), 0.4), toFloat16).buffer),
});

/** Weights in half precision after a cast, as converters leave them. */
const file = onnxFile({
  inputs: { x: ['n', 3, 6, 6] },
  nodes: [
    ...['w', 'v', 'u'].map((name) => node('Cast', [name], [`${name}32`], { to: int(DataType.FLOAT) })),
    node('Conv', ['x', 'w32'], ['a'], { pads: ints(1, 1, 1, 1) }),
    node('Relu', ['a'], ['b']),
    node('Conv', ['b', 'v32'], ['c'], { pads: ints(1, 1, 1, 1) }),
    node('Relu', ['c'], ['d']),
    node('Conv', ['d', 'u32'], ['y']),
  ],
  tensors: { w: half(12, 3, 3, 3), v: half(16, 12, 3, 3), u: half(5, 16, 1, 1) },
});

const bits = ({ constants }: Network, name: string) => [...(constants.get(name)?.data ?? [])].map(Number);

it('a repair of a network in half precision is one, and so is what is judged and written', async () => {
  const read = await decodeOnnx(file, { name: 'half.onnx' });
  const base = { ...read.network, metadata: tinyMetadata() };
  const map = channelMap(base);
  const structure = prunableGroups(map).map(({ id, width }) => ({
    group: id,
    kept: Array.from({ length: width / 2 }, (_, unit) => 2 * unit),
  }));
  const { network: cut } = cutNetwork(base, map, structure);
  const dataset = tinyDataset({ n: 40, classes: [] });
  const place = { home: '', engine: 'onnxruntime', checkpointEvery: 1 };
  const { network, summary } = await repairOn(
    { dataset, engine },
    { base, map, structure, cut },
    { images: 30, seed: 0 },
    place,
    {},
  );
  expect(summary.layers.length).toBe(2);
  for (const name of ['v32', 'u32']) {
    expect(bits(network, name)).not.toEqual(bits(cut, name));
    expect(bits(network, name)).toEqual(bits(network, name).map((value) => fromFloat16(toFloat16(value))));
  }
  const [before, after] = [
    await compareOutputs(engine, cut, base, dataset, 'test'),
    await compareOutputs(engine, network, base, dataset, 'test'),
  ];
  expect(after.fidelity ?? 1).toBeLessThan(0.9 * (before.fidelity ?? 0));
  const { bytes } = await patchOnnx(file, { name: 'half.onnx' }, network);
  const again = await decodeOnnx(bytes, { name: 'half.onnx' });
  expect([...(again.network.stored?.values() ?? [])].every((type) => type === 'float16')).toBe(true);
  for (const name of ['w32', 'v32', 'u32']) expect(bits(again.network, name)).toEqual(bits(network, name));
});
