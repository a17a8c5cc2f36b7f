import { InputError } from '@espalier/errors';
import { describe, expect, test } from 'vitest';
import { int64, node, onnxFile, randomTensor } from '../../test/onnx-file.ts';
import { decodeOnnx } from '../index.ts';
import type { Asked } from './as-asked.ts';

const conv = (x: string, w: string, y: string) => node('Conv', [x, w], [y]);
const nodes = [
  conv('x', 'w', 'a'),
  node('Relu', ['a'], ['b']),
  conv('b', 'v', 'c'),
  node('Mul', ['c', 'factor'], ['y']),
];
const tensors = { w: randomTensor(8, 4, 1, 1), v: randomTensor(3, 8, 1, 1) };
const read = async (
  asked: Asked,
  inputs: Record<string, (number | string)[]> = { x: ['n', 4, 'h', 'w'], factor: [1] },
) => (await decodeOnnx(onnxFile({ nodes, tensors, inputs }), { name: 'net.onnx', ...asked })).network;

describe('sizes', () => {
  test.each([[[1, 4, 6, 8]], [[4, 6, 8]]])('%j is what is computed with', async (shape) => {
    const { inputs } = await read({ input: [{ shape }] });
    expect(inputs[0]).toMatchObject({ name: 'x', shape: [-1, 4, 6, 8] });
  });

  test('the size of a preprocessing serves as well, and what was asked goes before it', async () => {
    expect((await read({ size: [10, 12] })).inputs[0]?.shape).toEqual([-1, 4, 10, 12]);
    const asked = await read({ size: [10, 12], input: [{ name: 'x', shape: [1, 4, 6, 8] }] });
    expect(asked.inputs[0]?.shape).toEqual([-1, 4, 6, 8]);
  });

  test.each<[string, Asked]>([
    [
      'net.onnx: input "x" leaves axes 2 ("h"), 3 ("w") open: give the size to use (--input 1x4x224x224, or a preprocessing with its size); the written file keeps it open',
      {},
    ],
    ['input "x" is n x 4 x h x w, and 6x8 has 2 axes', { input: [{ shape: [6, 8] }] }],
    ['input "x" is n x 4 x h x w: axis 1 of 1x3x6x8 must be 4', { input: [{ shape: [1, 3, 6, 8] }] }],
    [
      'there is no input or value "z": give one of those of the file, "x", "factor"',
      { input: [{ name: 'z', shape: [1] }] },
    ],
  ])('%s', async (message, asked) => {
    const error = await read(asked).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ message: expect.stringContaining(message), field: 'input' });
  });

  test('a batch size that is given is what the numbers of the file are meant for', async () => {
    const flat = onnxFile({
      nodes: [node('Reshape', ['x', 'shape'], ['y'])],
      inputs: { x: ['n', 4, 2, 2] },
      tensors: { shape: int64([1, 16]) },
    });
    const { network } = await decodeOnnx(flat, { name: 'net.onnx', input: [{ shape: [1, 4, 2, 2] }] });
    expect(network.nodes[0]?.attributes.shape).toEqual([-1, 16]);
    // Where nobody says it, they are taken so as well, and that is told.
    const taken = await decodeOnnx(flat, { name: 'net.onnx' });
    expect(taken.network.nodes[0]?.attributes.shape).toEqual([-1, 16]);
    expect(taken.warnings).toEqual([
      'its fixed sizes are read as those of one image: Reshape "y": [batch,4,2,2] cannot become [1,16]',
    ]);
  });
});

describe('a part of the file', () => {
  const size = [{ shape: [1, 4, 6, 6] }];

  test('an input that has one number throughout is a tensor', async () => {
    const { inputs, constants } = await read({ input: size, set: { factor: 0.5 } });
    expect(inputs.map(({ name }) => name)).toEqual(['x']);
    expect([...(constants.get('factor')?.data ?? [])]).toEqual([0.5]);
  });

  test('it ends in a value that is asked for', async () => {
    const { outputs, nodes: left, inputs } = await read({ input: size, output: ['b'], set: { factor: 1 } });
    expect(outputs).toEqual(['b']);
    expect(left.map(({ op }) => op)).toEqual(['Conv', 'Relu']);
    expect(inputs).toHaveLength(1);
  });

  test('it begins at a value inside, and what is in front of that is gone', async () => {
    const { inputs, nodes: left } = await read({
      input: [{ name: 'b', shape: [1, 8, 6, 6] }],
      set: { factor: 1 },
    });
    expect(inputs).toEqual([{ name: 'b', shape: [-1, 8, 6, 6] }]);
    expect(left.map(({ op }) => op)).toEqual(['Conv', 'Mul']);
  });

  test.each<[string, string, Asked]>([
    ['output', 'no node computes "z": give one of those of the file, "y"', { output: ['z'] }],
    ['set', 'there is no input "z": give one of those of the file, "x", "factor"', { set: { z: 1 } }],
  ])('%s', async (field, message, asked) => {
    await expect(read({ input: size, ...asked })).rejects.toMatchObject({
      message: expect.stringContaining(message),
      field,
    });
  });
});
