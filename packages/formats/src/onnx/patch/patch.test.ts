import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  asStored,
  channelMap,
  cutNetwork,
  fromFloat16,
  type Network,
  networkHash,
  prunableGroups,
  toFloat16,
} from '@espalier/network';
import { describe, expect, test } from 'vitest';
import {
  DataType,
  float32,
  int,
  int64,
  ints,
  node,
  type OnnxFile,
  onnxFile,
  randomTensor,
  tensor,
  text,
} from '../../../test/onnx-file.ts';
import { randomInputs, runOnnx } from '../../../test/runtime.ts';
import { missingModels, modelsFolder, sharedModels } from '../../../test/shared-models.ts';
import { decodeOnnx, encodeOnnx, patchOnnx } from '../../index.ts';
import { type ModelProto, ModelProtoSchema } from '../generated/onnx_pb.ts';

const origin = { name: 'net.onnx' };

/** Of each group the units that leave other numbers in each: every third goes, and the last. */
function cut(network: Network): Network {
  const map = channelMap(network);
  const structure = prunableGroups(map).map(({ id, width }, g) => ({
    group: id,
    kept: Array.from({ length: width }, (_, i) => i).filter(
      (i) => width < 3 || (i !== width - 1 && (i + g) % 3 !== 0),
    ),
  }));
  return cutNetwork(network, map, structure).network;
}

/** The file of a network that was cut out of this one, which computes what the cut network does. */
async function patched(bytes: Uint8Array, change: (network: Network) => Network = cut, batches = [1, 2]) {
  const { network } = await decodeOnnx(bytes, origin);
  const left = change(network);
  expect(networkHash(left)).not.toBe(networkHash(network));
  const { bytes: written, notes } = await patchOnnx(bytes, origin, left);
  expect(written.length).toBeLessThan(bytes.length);
  for (const batch of batches) await expectSameOutputs(written, encodeOnnx(asStored(left)), network, batch);
  return { notes, bytes: written, model: fromBinary(ModelProtoSchema, written), left };
}

async function expectSameOutputs(
  a: Uint8Array,
  b: Uint8Array,
  network: Network,
  batch: number,
): Promise<void> {
  const inputs = randomInputs(network, batch);
  const [own, expected] = [await runOnnx(a, inputs), await runOnnx(b, inputs)];
  for (const [name, { dims, data }] of expected) {
    expect(own.get(name)?.dims).toEqual(dims);
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    const values = own.get(name)?.data ?? [];
    data.forEach((value, i) => {
      expect(Math.abs(value - (values[i] ?? Number.NaN)) / largest).toBeLessThan(1e-4);
    });
  }
}

const file = (nodes: OnnxFile['nodes'], rest: Partial<OnnxFile> = {}) =>
  patched(onnxFile({ nodes, ...rest }));
const shapeOf = ({ graph }: ModelProto, name: string) =>
  graph?.initializer.find((each) => each.name === name)?.dims.map(Number);
const opsOf = ({ graph }: ModelProto) => graph?.node.map(({ opType }) => opType);
const attributeOf = ({ graph }: ModelProto, op: string, name: string) =>
  graph?.node.find(({ opType }) => opType === op)?.attribute.find((each) => each.name === name);

const pads = { pads: ints(1, 1, 1, 1) };
const conv = (x: string, w: string, y: string, attributes = {}) => node('Conv', [x, w], [y], attributes);

describe('the file is the given one with smaller tensors', () => {
  test('names, versions, descriptions and what is not known to us stay', async () => {
    const given = fromBinary(
      ModelProtoSchema,
      onnxFile({
        opset: 13,
        nodes: [conv('x', 'w', 'a', pads), node('Relu', ['a'], ['b'], {}, ''), conv('b', 'v', 'y')],
        tensors: { w: randomTensor(8, 4, 3, 3), v: randomTensor(3, 8, 1, 1), unread: float32([2], [1, 2]) },
        metadata: { author: 'somebody' },
      }),
    );
    given.producerName = 'pytorch';
    given.producerVersion = '2.1';
    // Field 6 of a model, its description, is none that we read.
    given.$unknown = [{ no: 6, wireType: 2, data: new Uint8Array([5, 104, 101, 108, 108, 111]) }];
    const { model, notes } = await patched(toBinary(ModelProtoSchema, given));
    expect(notes).toEqual([]);
    expect(shapeOf(model, 'w')).toEqual([4, 4, 3, 3]);
    expect(shapeOf(model, 'v')).toEqual([3, 4, 1, 1]);
    expect(shapeOf(model, 'unread')).toEqual([2]);
    expect(model.graph?.node).toEqual(given.graph?.node);
    expect(model.graph?.input).toEqual(given.graph?.input);
    expect(model.graph?.output).toEqual(given.graph?.output);
    const { graph: _, ...own } = given;
    const { graph: __, ...rest } = model;
    expect(rest).toEqual(own);
  });

  test('a network that is as it was is the bytes that were given', async () => {
    const bytes = onnxFile({ nodes: [conv('x', 'w', 'y')], tensors: { w: randomTensor(3, 4, 1, 1) } });
    const { network } = await decodeOnnx(bytes, origin);
    expect((await patchOnnx(bytes, origin, network)).bytes).toBe(bytes);
    const metadata = {
      input: { layout: 'NCHW', channels: 'RGB', size: [6, 6], scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
      output: 'logits',
    } as const;
    const told = (await patchOnnx(bytes, origin, { ...network, metadata })).bytes;
    expect(told.subarray(0, bytes.length)).toEqual(bytes);
    expect((await decodeOnnx(told, origin)).network.metadata).toEqual(metadata);
  });

  test('what the file says of the shapes of its values and tensors goes along', async () => {
    const given = fromBinary(
      ModelProtoSchema,
      onnxFile({
        opset: 11,
        nodes: [conv('x', 'w', 'a'), conv('a', 'v', 'y')],
        tensors: { w: randomTensor(6, 4, 1, 1), v: randomTensor(3, 6, 1, 1) },
        inputs: { x: [1, 4, 6, 6], w: [6, 4, 1, 1], v: [3, 6, 1, 1] },
      }),
    );
    given.irVersion = 3n;
    const [graph, like] = [given.graph, given.graph?.input[0]];
    if (!graph || !like) throw new Error('a file without an input');
    graph.valueInfo = [{ ...like, name: 'a' }];
    const shape = (name: string, of: ModelProto) => {
      const info = [...(of.graph?.valueInfo ?? []), ...(of.graph?.input ?? [])].find(
        (each) => each.name === name,
      );
      return info?.type?.value.case === 'tensorType'
        ? info.type.value.value.shape?.dim.map(({ value }) => Number(value.value))
        : undefined;
    };
    const read = (await decodeOnnx(toBinary(ModelProtoSchema, given), origin)).network;
    const { bytes } = await patchOnnx(toBinary(ModelProtoSchema, given), origin, cut(read));
    const model = fromBinary(ModelProtoSchema, bytes);
    expect(shape('a', model)).toEqual([1, 3, 6, 6]);
    expect(shape('w', model)).toEqual([3, 4, 1, 1]);
    expect(shape('x', model)).toEqual([1, 4, 6, 6]);
  });
});

describe('weights go to where the file has them', () => {
  test('behind Transpose, Identity, Cast and Unsqueeze', async () => {
    const { model, notes } = await file(
      [
        node('Constant', [], ['first'], { value: tensor(randomTensor(9, 4, 1, 1)) }),
        conv('x', 'first', 'a'),
        node('Identity', ['scale'], ['s']),
        node('Unsqueeze', ['s', 'axes'], ['s4']),
        node('Mul', ['a', 's4'], ['b']),
        node('GlobalAveragePool', ['b'], ['p']),
        node('Flatten', ['p'], ['f']),
        node('Transpose', ['w'], ['wT'], { perm: ints(1, 0) }),
        node('MatMul', ['f', 'wT'], ['y']),
      ],
      {
        opset: 13,
        tensors: { w: randomTensor(3, 9), scale: randomTensor(9), axes: int64([0, 2, 3]) },
      },
    );
    expect(notes).toEqual([]);
    expect(shapeOf(model, 'w')).toEqual([3, 5]);
    expect(shapeOf(model, 'scale')).toEqual([5]);
    expect(opsOf(model)).toContain('Transpose');
  });

  test('one tensor that layers share by chance becomes as many as are needed', async () => {
    const zero = float32([6], new Float32Array(6));
    const { model } = await file(
      [node('Conv', ['x', 'u', 'zero'], ['a']), node('Conv', ['a', 'v', 'zero'], ['b']), conv('b', 'w', 'y')],
      {
        tensors: {
          u: randomTensor(6, 4, 1, 1),
          v: randomTensor(6, 6, 1, 1),
          w: randomTensor(2, 6, 1, 1),
          zero,
        },
      },
    );
    expect(shapeOf(model, 'u')).toEqual([3, 4, 1, 1]);
    expect(shapeOf(model, 'v')).toEqual([4, 3, 1, 1]);
    expect(
      [...(model.graph?.initializer ?? [])].filter(({ name = '' }) => name.startsWith('zero')),
    ).toHaveLength(2);
  });

  test('what the file computes is kept as computed, and that is said', async () => {
    const { model, notes } = await file(
      [node('Mul', ['v', 'g'], ['w']), conv('x', 'w', 'a'), conv('a', 'u', 'y')],
      { tensors: { v: randomTensor(6, 4, 1, 1), g: randomTensor(6, 1, 1, 1), u: randomTensor(2, 6, 1, 1) } },
    );
    expect(notes).toEqual(['1 tensor(s) that the file computed from others are stored as values, first "w"']);
    expect(opsOf(model)).toEqual(['Conv', 'Conv']);
    expect(model.graph?.initializer.map(({ name }) => name)).toEqual(['u', 'w_1']);
  });

  test('a bias that is new goes to its layer, and an addition behind a product', async () => {
    const bytes = onnxFile({
      opset: 13,
      nodes: [
        conv('x', 'u', 'a'),
        node('GlobalAveragePool', ['a'], ['p']),
        node('Flatten', ['p'], ['f']),
        node('MatMul', ['f', 'w'], ['y']),
      ],
      tensors: { u: randomTensor(12, 4, 3, 3), w: randomTensor(12, 3) },
    });
    const withBiases = (network: Network): Network => {
      const left = cut(network);
      const bias = (count: number) => ({ dims: [count], data: new Float32Array(count).fill(0.5) });
      return {
        ...left,
        constants: new Map([...left.constants, ['a/bias', bias(7)], ['y/bias', bias(3)]]),
        nodes: left.nodes.flatMap((each) => {
          if (each.name === 'a') return [{ ...each, inputs: [...each.inputs, 'a/bias'] }];
          if (each.name !== 'y') return [each];
          const sum = {
            name: 'y/Add',
            op: 'Add',
            inputs: ['y/product', 'y/bias'],
            outputs: ['y'],
            attributes: {},
          };
          return [{ ...each, outputs: ['y/product'] }, sum];
        }),
      };
    };
    const { model } = await patched(bytes, withBiases);
    expect(opsOf(model)).toEqual(['Conv', 'GlobalAveragePool', 'Flatten', 'MatMul', 'Add']);
    expect(model.graph?.node[0]?.input).toEqual(['x', 'u', 'a/bias']);
  });

  test('float16 stays float16, and the network is rounded to it', async () => {
    const half = (dims: readonly number[], values: ArrayLike<number>) => ({
      dataType: DataType.FLOAT16,
      dims: dims.map(BigInt),
      rawData: new Uint8Array(Uint16Array.from(values, toFloat16).buffer),
    });
    const values = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i));
    const bytes = onnxFile({
      nodes: [
        node('Cast', ['w'], ['w32'], { to: int(DataType.FLOAT) }),
        conv('x', 'w32', 'a'),
        node('Cast', ['v'], ['v32'], { to: int(DataType.FLOAT) }),
        conv('a', 'v32', 'y'),
      ],
      tensors: { w: half([6, 4, 1, 1], values(24)), v: half([2, 6, 1, 1], values(12)) },
    });
    const third = (network: Network): Network => {
      const left = cut(network);
      const constants = new Map(
        [...left.constants].map(([name, { dims, data }]) => [
          name,
          { dims, data: Float32Array.from([...data], (x) => Number(x) / 3) },
        ]),
      );
      return { ...left, constants };
    };
    const { model, left } = await patched(bytes, third);
    expect(left.stored?.get('w32')).toBe('float16');
    const [w] = model.graph?.initializer ?? [];
    expect(w?.dataType).toBe(DataType.FLOAT16);
    const bits = new Uint16Array((w?.rawData ?? new Uint8Array()).slice().buffer);
    const rounded = asStored(left).constants.get('w32')?.data ?? [];
    expect([...bits].map(fromFloat16)).toEqual([...rounded]);
    expect([...rounded]).not.toEqual([...(left.constants.get('w32')?.data ?? [])]);
  });
});

describe('what names channels is told the new number', () => {
  const tensors = { w: randomTensor(9, 4, 1, 1), v: randomTensor(2, 9, 1, 1) };

  test('groups of a depthwise convolution', async () => {
    const { model } = await file(
      [conv('x', 'w', 'a'), conv('a', 'd', 'b', { group: int(9), ...pads }), conv('b', 'v', 'y')],
      {
        tensors: { ...tensors, d: randomTensor(9, 1, 3, 3) },
      },
    );
    expect(Number(model.graph?.node[1]?.attribute[0]?.i)).toBe(5);
  });

  test('sizes of a Split, an attribute before operation set 13 and an input behind it', async () => {
    const nodes = (split: OnnxFile['nodes'][number]) => [
      conv('x', 'w', 'a'),
      split,
      conv('b', 'u', 'd'),
      conv('c', 'v', 'e'),
      node('Add', ['d', 'e'], ['y']),
    ];
    const parts = { ...tensors, u: randomTensor(2, 3, 1, 1), v: randomTensor(2, 6, 1, 1) };
    const old = await file(nodes(node('Split', ['a'], ['b', 'c'], { axis: int(1), split: ints(3, 6) })), {
      opset: 11,
      tensors: parts,
    });
    expect(attributeOf(old.model, 'Split', 'split')?.ints.map(Number)).toEqual([2, 3]);
    const { model } = await file(nodes(node('Split', ['a', 's'], ['b', 'c'], { axis: int(1) })), {
      opset: 13,
      tensors: { ...parts, s: int64([3, 6]) },
    });
    expect(model.graph?.initializer.find(({ name }) => name === 's')?.int64Data.map(Number)).toEqual([2, 3]);
  });

  test('bounds of a Slice; the end of an axis stays the end', async () => {
    const LAST = 9_223_372_036_854_775_807n;
    const { model } = await file(
      [
        conv('x', 'w', 'a'),
        node('Slice', ['a', 'zero', 'four', 'one'], ['b']),
        node('Slice', ['a', 'four', 'last', 'one'], ['c']),
        conv('b', 'u', 'd'),
        conv('c', 'v', 'e'),
        node('Add', ['d', 'e'], ['y']),
      ],
      {
        tensors: {
          ...{ ...tensors, u: randomTensor(2, 4, 1, 1), v: randomTensor(2, 5, 1, 1) },
          ...{ zero: int64([0]), one: int64([1]), four: int64([4]) },
          last: { ...int64([0]), int64Data: [LAST] },
        },
      },
    );
    const value = (name: string) => model.graph?.initializer.find((each) => each.name === name)?.int64Data[0];
    expect(value('last')).toBe(LAST);
    expect(value('four_1') ?? value('four')).toBe(2n);
  });

  test('targets of a Reshape, put together from a shape and a constant that others read as well', async () => {
    const { model } = await file(
      [
        conv('x', 'w', 'a'),
        node('Shape', ['a'], ['s']),
        node('Gather', ['s', 'zero'], ['n'], { axis: int(0) }),
        node('Concat', ['n', 'nine', 'rest'], ['t'], { axis: int(0) }),
        node('Reshape', ['a', 't'], ['flat']),
        node('ReduceMean', ['flat'], ['m'], { axes: ints(2), keepdims: int(0) }),
        node('Concat', ['n', 'nine'], ['t2'], { axis: int(0) }),
        node('Reshape', ['m', 't2'], ['m2']),
        node('MatMul', ['m2', 'p'], ['y']),
      ],
      {
        tensors: { ...tensors, p: randomTensor(9, 3), zero: int64([0]), nine: int64([9]), rest: int64([-1]) },
      },
    );
    expect(opsOf(model)?.filter((op) => op === 'Shape')).toHaveLength(1);
    const numbers = model.graph?.initializer.flatMap(({ int64Data }) => int64Data.map(Number));
    expect(numbers).not.toContain(9);
  });

  test('sizes of a Resize', async () => {
    const bytes = onnxFile({
      nodes: [conv('x', 'w', 'a'), node('Resize', ['a', '', '', 'sizes'], ['b']), conv('b', 'v', 'y')],
      inputs: { x: [1, 4, 6, 6] },
      tensors: { ...tensors, sizes: int64([1, 9, 12, 12]) },
    });
    const { model } = await patched(bytes, cut, [1]);
    expect(model.graph?.initializer.find(({ name }) => name === 'sizes')?.int64Data.map(Number)).toEqual([
      1, 5, 12, 12,
    ]);
  });

  test.each([
    ['Expand', ['half', 's']],
    ['ConstantOfShape', ['s']],
  ])(
    'the shape of a state by %s, which stays as wide as it was where what it meets is cut',
    async (op, inputs) => {
      const { model, notes } = await file(
        [
          conv('x', 'w', 'a', pads),
          conv('x', 'u', 'g', pads),
          node('Shape', ['a'], ['s']),
          node(op, inputs, ['h']),
          node('Concat', ['a', 'h'], ['c'], { axis: int(1) }),
          node('Add', ['g', 'h'], ['m']),
          node('Concat', ['c', 'm'], ['b'], { axis: int(1) }),
          conv('b', 'v', 'y'),
        ],
        {
          tensors: {
            ...{ w: randomTensor(9, 4, 3, 3), u: randomTensor(9, 4, 3, 3), v: randomTensor(2, 27, 1, 1) },
            half: float32([], [0.5]),
          },
        },
      );
      expect(notes).toEqual([]);
      // Of the two readers one gets a state that is as wide as it was, and the other one that is cut like its sum.
      expect(opsOf(model)?.filter((each) => each === op)).toHaveLength(2);
      expect(model.graph?.initializer.filter(({ name = '' }) => name.startsWith('h/lack'))).toHaveLength(2);
    },
  );

  test('indices of a Gather', async () => {
    const { model } = await file(
      [conv('x', 'w', 'a'), node('Gather', ['a', 'order'], ['b'], { axis: int(1) }), conv('b', 'v', 'y')],
      { tensors: { ...tensors, order: int64([8, 7, 6, 5, 4, 3, 2, 1, 0]) } },
    );
    expect(opsOf(model)).toEqual(['Conv', 'Gather', 'Conv']);
  });
});

test('a file stays as open as it is, and runs at other sizes than it was read with', async () => {
  const bytes = onnxFile({
    opset: 13,
    inputs: { x: ['n', 4, 'h', 'w'] },
    nodes: [
      node('Conv', ['x', 'w'], ['a'], { auto_pad: text('SAME_UPPER'), strides: ints(2, 2) }),
      node('Shape', ['x'], ['s']),
      node('Slice', ['s', 'two', 'four'], ['hw']),
      node('Shape', ['a'], ['sa']),
      node('Slice', ['sa', 'zero', 'one'], ['n']),
      node('Concat', ['n', 'nine', 'hw'], ['sizes'], { axis: int(0) }),
      node('Resize', ['a', '', '', 'sizes'], ['b'], { mode: text('linear') }),
      node('Concat', ['n', 'nine', 'rest'], ['t'], { axis: int(0) }),
      node('Reshape', ['b', 't'], ['rows']),
      node('ReduceMean', ['rows'], ['m'], { axes: ints(2), keepdims: int(1) }),
      node('Unsqueeze', ['m', 'three'], ['m4']),
      node('Mul', ['b', 'm4'], ['c']),
      conv('c', 'v', 'y'),
    ],
    tensors: {
      ...{ w: randomTensor(9, 4, 3, 3), v: randomTensor(2, 9, 1, 1) },
      ...{ zero: int64([0]), one: int64([1]), two: int64([2]), four: int64([4]), three: int64([3]) },
      ...{ nine: int64([9]), rest: int64([-1]) },
    },
  });
  const at = (...size: number[]) => ({ name: 'net.onnx', input: [{ shape: [1, 4, ...size] }] });
  const { network } = await decodeOnnx(bytes, at(6, 6));
  const { bytes: written, notes } = await patchOnnx(bytes, at(6, 6), cut(network));
  expect(notes).toEqual([]);
  const model = fromBinary(ModelProtoSchema, written);
  expect(opsOf(model)).toEqual(opsOf(fromBinary(ModelProtoSchema, bytes)));
  expect(model.graph?.input).toEqual(fromBinary(ModelProtoSchema, bytes).graph?.input);
  expect(attributeOf(model, 'Conv', 'auto_pad')).toBeDefined();
  for (const size of [
    [6, 6],
    [9, 12],
    [16, 5],
  ]) {
    const there = (await decodeOnnx(bytes, at(...size))).network;
    await expectSameOutputs(written, encodeOnnx(cut(there)), there, 2);
  }
});

test('a file that does not hold the network is refused', async () => {
  const bytes = (rows: number) =>
    onnxFile({
      nodes: [conv('x', 'w', 'y', rows === 3 ? pads : {})],
      tensors: { w: randomTensor(rows, 4, 3, 3) },
    });
  const { network } = await decodeOnnx(bytes(3), origin);
  await expect(patchOnnx(bytes(2), origin, network)).rejects.toThrow(
    'reading it back would give another network',
  );
});

const shared = describe.skipIf(sharedModels.length === 0);
shared(`networks that PyTorch exported${sharedModels.length === 0 ? ` (${missingModels})` : ''}`, () => {
  test.each(sharedModels)(
    '%s stays its file',
    async (name) => {
      const bytes = await readFile(join(modelsFolder, name));
      const given = fromBinary(ModelProtoSchema, bytes);
      const { model, notes } = await patched(bytes);
      expect(notes).toEqual([]);
      expect(model.opsetImport).toEqual(given.opsetImport);
      expect(model.producerVersion).toEqual(given.producerVersion);
      expect(model.graph?.input).toEqual(given.graph?.input);
      const names = new Set(given.graph?.node.map((each) => each.name));
      expect(model.graph?.node.filter((each) => !names.has(each.name))).toEqual([]);
    },
    60_000,
  );
});
