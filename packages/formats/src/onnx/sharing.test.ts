import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  channelMap,
  cutNetwork,
  type Network,
  networkCost,
  networkHash,
  prunableGroups,
} from '@espalier/network';
import { describe, expect, test } from 'vitest';
import { float32, int, ints, node, type OnnxFile, onnxFile, randomTensor } from '../../test/onnx-file.ts';
import { expectSameNetwork } from '../../test/runtime.ts';
import { decodeOnnx, encodeOnnx } from '../index.ts';

const field = (name: string) =>
  readFile(fileURLToPath(new URL(`../../test/field/${name}.onnx`, import.meta.url)));

const producers = (network: Network) =>
  prunableGroups(channelMap(network)).map((group) => group.producers.join(' '));

/** Every prunable group loses its first unit; the file that is written of it is read again. */
async function cutAndWritten(network: Network): Promise<Network> {
  const map = channelMap(network);
  const structure = prunableGroups(map).map(({ id, width }) => ({
    group: id,
    kept: Array.from({ length: width - 1 }, (_, i) => i + 1),
  }));
  const cut = cutNetwork(network, map, structure).network;
  const { network: again } = await decodeOnnx(encodeOnnx(cut), { name: 'cut.onnx' });
  expect(networkHash(again)).toBe(networkHash(cut));
  expect([...again.constants.keys()].sort()).toEqual([...network.constants.keys()].sort());
  return again;
}

const read = async (file: OnnxFile): Promise<Network> => {
  const network = await expectSameNetwork(onnxFile(file));
  await cutAndWritten(network);
  return network;
};
const zeros = (count: number) => float32([count], new Float32Array(count));
const ones = (count: number) => float32([count], new Float32Array(count).fill(1));
const pads = { pads: ints(1, 1, 1, 1) };

describe('a module that is called twice is one', () => {
  test('two branches, its tensors copied with Identity', async () => {
    const network = await expectSameNetwork(await field('siamese'));
    expect(networkCost(network).params).toBe(5440);
    expect([...network.constants.values()].reduce((sum, { data }) => sum + data.length, 0)).toBe(5440);
    expect(producers(network)).toEqual([
      '/f/f.0/f.0.0/Conv /f/f.0/f.0.0_1/Conv',
      '/f/f.2/f.2.0/Conv /f/f.2/f.2.0_1/Conv',
      '/f/f.5/Gemm /f/f.5_1/Gemm',
    ]);
    expect((await cutAndWritten(network)).constants.size).toBe(8);
  });

  test('in a row', async () => {
    const network = await expectSameNetwork(await field('identityshared'));
    expect(networkCost(network).params).toBe(224 + 576 + 45);
    expect(producers(network)).toEqual(['Conv_5 Conv_7 Conv_9']);
    expect((await cutAndWritten(network)).constants.get('w')?.dims).toEqual([7, 7, 3, 3]);
  });

  test('copies of copies; a bias of zeros goes with its weight', async () => {
    const network = await read({
      nodes: [
        node('Identity', ['w'], ['w1']),
        node('Identity', ['w1'], ['w2']),
        node('Identity', ['zeros'], ['zeros1']),
        node('Neg', ['x'], ['x1']),
        node('Conv', ['x', 'w', 'zeros'], ['a'], pads),
        node('Conv', ['x1', 'w2', 'zeros1'], ['b'], pads),
        node('Conv', ['a', 'v'], ['a1']),
        node('Conv', ['b', 'u'], ['b1']),
        node('Concat', ['a1', 'b1'], ['y'], { axis: int(1) }),
      ],
      tensors: {
        w: randomTensor(5, 4, 3, 3),
        zeros: zeros(5),
        v: randomTensor(2, 5, 1, 1),
        u: randomTensor(2, 5, 1, 1),
      },
    });
    expect([...network.constants.keys()].sort()).toEqual(['u', 'v', 'w', 'zeros']);
    expect(producers(network)).toEqual(['a b']);
  });

  test('a dense layer that is transposed each time, and its bias in an Add', async () => {
    const network = await read({
      inputs: { x: ['batch', 6], z: ['batch', 6] },
      nodes: [
        node('Transpose', ['w'], ['wt'], { perm: ints(1, 0) }),
        node('Transpose', ['w'], ['wt1'], { perm: ints(1, 0) }),
        node('MatMul', ['x', 'wt'], ['a']),
        node('Add', ['a', 'bias'], ['a1']),
        node('MatMul', ['z', 'wt1'], ['b']),
        node('Add', ['b', 'bias'], ['b1']),
        node('Sub', ['a1', 'b1'], ['d']),
        node('MatMul', ['d', 'last'], ['y']),
      ],
      tensors: { w: randomTensor(5, 6), bias: zeros(5), last: randomTensor(5, 2) },
    });
    expect(producers(network)).toEqual(['a b']);
    expect([...network.constants.keys()].sort()).toEqual(['bias', 'last', 'wt']);
    expect(networkCost(network).params).toBe(30 + 5 + 10);
  });

  test('a BatchNorm behind two convolutions; a depthwise convolution', async () => {
    const norm = { scale: ones(4), shift: randomTensor(4), mean: randomTensor(4), variance: ones(4) };
    const network = await read({
      nodes: [
        node('Conv', ['x', 'w1'], ['a']),
        node('Conv', ['x', 'w2'], ['b']),
        node('BatchNormalization', ['a', 'scale', 'shift', 'mean', 'variance'], ['a1']),
        node('BatchNormalization', ['b', 'scale', 'shift', 'mean', 'variance'], ['b1']),
        node('Conv', ['a1', 'dw'], ['a2'], { group: int(4), ...pads }),
        node('Conv', ['b1', 'dw'], ['b2'], { group: int(4), ...pads }),
        node('Concat', ['a2', 'b2'], ['c'], { axis: int(1) }),
        node('Conv', ['c', 'last'], ['y']),
      ],
      tensors: {
        ...norm,
        w1: randomTensor(4, 4, 1, 1),
        w2: randomTensor(4, 4, 1, 1),
        dw: randomTensor(4, 1, 3, 3),
        last: randomTensor(2, 8, 1, 1),
      },
    });
    expect(producers(network)).toEqual(['a b a2 b2']);
    expect(network.constants.size).toBe(8);
  });

  test('one of whose uses cannot be cut', async () => {
    const network = await read({
      nodes: [
        node('Conv', ['x', 'w'], ['a']),
        node('Conv', ['x', 'w'], ['y']),
        node('Conv', ['a', 'v'], ['z']),
      ],
      tensors: { w: randomTensor(4, 4, 1, 1), v: randomTensor(2, 4, 1, 1) },
      outputs: ['y', 'z'],
    });
    expect(producers(network)).toEqual([]);
  });
});

describe('what independent layers share ties nothing', () => {
  test('a bias of zeros that a simplifier merged', async () => {
    const network = await expectSameNetwork(await field('zerobias_out'));
    expect(producers(network)).toEqual(['Conv_3', 'Conv_6']);
    expect(networkCost(network).params).toBe(216 + 576 + 64 + 3 * 8);
    await cutAndWritten(network);
  });

  const convs = [node('Conv', ['x', 'w1'], ['a']), node('Conv', ['x', 'w2'], ['b'])];
  const last = [node('Concat', ['a1', 'b1'], ['c'], { axis: int(1) }), node('Conv', ['c', 'last'], ['y'])];
  const weights = {
    w1: randomTensor(4, 4, 1, 1),
    w2: randomTensor(4, 4, 1, 1),
    last: randomTensor(2, 8, 1, 1),
  };
  test.each<[string, (x: string) => ReturnType<typeof node>, OnnxFile['tensors']]>([
    ['an operand of Add', (x) => node('Add', [x, 'c1'], [`${x}1`]), { c1: randomTensor(1, 4, 1, 1) }],
    [
      'a fresh BatchNorm, its mean its shift',
      (x) => node('BatchNormalization', [x, 'ones', 'zeros', 'zeros', 'ones'], [`${x}1`]),
      { ones: ones(4), zeros: zeros(4) },
    ],
    [
      'a blur',
      (x) => node('Conv', [x, 'blur'], [`${x}1`], { group: int(4), ...pads }),
      {
        blur: float32(
          [4, 1, 3, 3],
          Array.from({ length: 36 }, (_, i) => i % 9),
        ),
      },
    ],
    [
      'a slope as PReLU begins',
      (x) => node('PRelu', [x, 'slope'], [`${x}1`]),
      { slope: float32([4, 1, 1], [0.25, 0.25, 0.25, 0.25]) },
    ],
  ])('%s', async (_, between, tensors = {}) => {
    const network = await read({
      nodes: [...convs, between('a'), between('b'), ...last],
      tensors: { ...weights, ...tensors },
    });
    expect(producers(network).map((names) => names.split(' ')[0])).toEqual(['a', 'b']);
  });

  test('shifts that training has kept equal, since their layers are added up', async () => {
    const norm = (x: string, i: number, shift: string) =>
      node('BatchNormalization', [x, `scale${i}`, shift, `mean${i}`, `variance${i}`], [`${x}1`]);
    const own = (i: number) => ({
      [`scale${i}`]: randomTensor(4),
      [`mean${i}`]: randomTensor(4),
      [`variance${i}`]: float32([4], [1, 2, 3, 4]),
    });
    const network = await read({
      nodes: [
        node('Identity', ['shift1'], ['shift2']),
        ...convs,
        norm('a', 1, 'shift1'),
        norm('b', 2, 'shift2'),
        node('Add', ['a1', 'b1'], ['c']),
        node('Conv', ['c', 'narrow'], ['y']),
      ],
      tensors: {
        ...weights,
        ...own(1),
        ...own(2),
        shift1: randomTensor(4),
        narrow: randomTensor(2, 4, 1, 1),
      },
    });
    expect(network.constants.has('shift2')).toBe(true);
  });

  test('a mask over pixels stays one tensor', async () => {
    const masked = (x: string) => node('Mul', [x, 'mask'], [`${x}1`]);
    const network = await read({
      nodes: [...convs, masked('a'), masked('b'), ...last],
      tensors: { ...weights, mask: randomTensor(1, 1, 6, 6) },
    });
    expect(network.constants.size).toBe(4);
    expect(producers(network)).toEqual(['a', 'b']);
  });
});
