import { expect, test } from 'vitest';
import { int64, ints, node, onnxFile } from '../../test/onnx-file.ts';
import { expectSameNetwork } from '../../test/runtime.ts';

const shuffle = (split: number[], perm: number[], back: number[]) =>
  onnxFile({
    inputs: { x: ['batch', 12, 3, 3] },
    nodes: [
      node('Reshape', ['x', 'split'], ['s'], {}, 'first'),
      node('Transpose', ['s'], ['t'], { perm: ints(...perm) }, 'second'),
      node('Reshape', ['t', 'back'], ['y'], {}, 'third'),
    ],
    tensors: { split: int64(split), back: int64(back) },
  });

test.each([
  ['three groups', [-1, 3, 4, 3, 3], [0, 2, 1, 3, 4]],
  ['three axes of channels', [0, 2, 3, 2, 3, 3], [0, 3, 1, 2, 4, 5]],
])('a shuffle of %s is one Gather', async (_title, split, perm) => {
  const network = await expectSameNetwork(shuffle(split, perm, [-1, 12, 3, 3]));
  expect(network.nodes).toHaveLength(1);
  expect(network.nodes[0]).toMatchObject({ name: 'third', op: 'Gather', inputs: ['x'], outputs: ['y'] });
});

test('a shuffle of three groups of four', async () => {
  const network = await expectSameNetwork(shuffle([-1, 3, 4, 3, 3], [0, 2, 1, 3, 4], [-1, 12, 3, 3]));
  const indices = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11];
  expect(network.nodes[0]?.attributes).toEqual({ axis: 1, indices });
});

test.each([
  ['moves pixels too', [-1, 3, 4, 3, 3], [0, 2, 1, 4, 3], [-1, 12, 3, 3]],
  ['ends in another shape', [-1, 3, 4, 3, 3], [0, 2, 1, 3, 4], [-1, 12, 9]],
  ['splits the pixels', [-1, 12, 3, 3, 1], [0, 1, 3, 2, 4], [-1, 12, 3, 3]],
])('what %s is none', async (_title, split, perm, back) => {
  const network = await expectSameNetwork(shuffle(split, perm, back));
  expect(network.nodes.map(({ op }) => op)).toContain('Transpose');
});

test('a shuffle whose inside is read elsewhere stays as it is', async () => {
  const network = await expectSameNetwork(
    onnxFile({
      nodes: [
        node('Reshape', ['x', 'split'], ['s']),
        node('Transpose', ['s'], ['t'], { perm: ints(0, 2, 1, 3, 4) }),
        node('Reshape', ['t', 'back'], ['y']),
        node('Relu', ['t'], ['z']),
      ],
      outputs: ['y', 'z'],
      tensors: { split: int64([-1, 2, 2, 6, 6]), back: int64([-1, 4, 6, 6]) },
    }),
  );
  expect(network.nodes.map(({ op }) => op)).toEqual(['Reshape', 'Transpose', 'Reshape', 'Relu']);
});
