import { InputError } from '@espalier/errors';
import { describe, expect, test } from 'vitest';
import type { Attributes, Network, Node } from './network.ts';
import { inferShapes } from './shapes.ts';
import { floatTensor, type Shape, sizeOf } from './tensor.ts';

/** One node over inputs of the given shapes; shapes after the first are those of constants. */
function networkOf(op: string, [x = [], ...others]: readonly Shape[], attributes: Attributes = {}): Network {
  const names = others.map((_, i) => `constant${i}`);
  const node: Node = { name: 'node', op, inputs: ['x', ...names], outputs: ['y'], attributes };
  const constants = others.map(
    (dims, i) => [names[i] ?? '', floatTensor(dims, new Float32Array(sizeOf(dims)))] as const,
  );
  return {
    name: 'one node',
    inputs: [{ name: 'x', shape: x }],
    outputs: ['y'],
    nodes: [node],
    constants: new Map(constants),
  };
}

const window = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1 };
const pooling = { kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 0, 0], ceil_mode: 0 };

describe('shapes that follow from others', () => {
  test.each<[string, readonly Shape[], Attributes, Shape]>([
    [
      'Conv',
      [
        [-1, 4, 7, 9],
        [6, 2, 3, 1],
      ],
      { ...window, strides: [2, 1], pads: [1, 0, 1, 2], dilations: [2, 1], group: 2 },
      [5, 6, 3, 11],
    ],
    [
      'ConvTranspose',
      [
        [-1, 4, 3, 5],
        [4, 3, 2, 3],
      ],
      { ...window, strides: [2, 2], pads: [0, 1, 0, 1], group: 2, output_padding: [1, 0] },
      [5, 6, 7, 9],
    ],
    ['MaxPool', [[-1, 4, 8, 7]], pooling, [5, 4, 3, 3]],
    ['MaxPool', [[-1, 4, 8, 7]], { ...pooling, ceil_mode: 1 }, [5, 4, 4, 3]],
    // The last window would start in the padding.
    [
      'AveragePool',
      [[-1, 4, 4, 4]],
      { ...pooling, kernel_shape: [1, 1], strides: [3, 3], pads: [0, 0, 3, 3], ceil_mode: 1 },
      [5, 4, 2, 2],
    ],
    ['GlobalAveragePool', [[-1, 4, 8, 7]], {}, [5, 4, 1, 1]],
    [
      'Gemm',
      [
        [-1, 8],
        [3, 8],
      ],
      { transB: 1, alpha: 1, beta: 1 },
      [5, 3],
    ],
    [
      'MatMul',
      [
        [-1, 2, 8],
        [8, 3],
      ],
      {},
      [5, 2, 3],
    ],
    ['Reshape', [[-1, 4, 2, 3]], { shape: [-1, 6] }, [20, 6]],
    ['Flatten', [[-1, 4, 2, 3]], { axis: 1 }, [5, 24]],
    ['Transpose', [[-1, 4, 2, 3]], { perm: [0, 2, 3, 1] }, [5, 2, 3, 4]],
    [
      'Concat',
      [
        [1, 4, 2],
        [1, 3, 2],
      ],
      { axis: 1 },
      [1, 7, 2],
    ],
    ['Gather', [[-1, 4, 2]], { axis: 1, indices: [3, 3, 0, 1, 2] }, [5, 5, 2]],
    ['Slice', [[-1, 4, 7]], { axes: [2, 1], starts: [1, 2], ends: [7, 4], steps: [2, 1] }, [5, 2, 3]],
    ['Pad', [[-1, 4, 7]], { pads: [0, 1, 2, 0, 3, -4], mode: 'constant', value: 0 }, [5, 8, 5]],
    ['ReduceMean', [[-1, 4, 7]], { axes: [2], keepdims: 0 }, [5, 4]],
    ['ReduceMax', [[-1, 4, 7]], { axes: [1], keepdims: 1 }, [5, 1, 7]],
    [
      'Add',
      [
        [-1, 4, 7],
        [4, 1],
      ],
      {},
      [5, 4, 7],
    ],
    [
      'Resize',
      [[-1, 4, 10, 3]],
      {
        mode: 'nearest',
        scales: [1, 1, 0.7, 2],
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      },
      [5, 4, 7, 6],
    ],
  ])('%s of %j', (op, inputs, attributes, expected) => {
    expect(inferShapes(networkOf(op, inputs, attributes), 5).get('y')).toEqual(expected);
  });

  test('an input without a -1 does not follow the batch', () => {
    expect(inferShapes(networkOf('Relu', [[2, 3]]), 5).get('y')).toEqual([2, 3]);
  });
});

describe('what does not fit is an error that names the node', () => {
  test.each<[string, readonly Shape[], Attributes, string]>([
    [
      'Conv',
      [
        [-1, 4, 7],
        [6, 4, 3],
      ],
      window,
      'only two-dimensional convolutions',
    ],
    [
      'Conv',
      [
        [-1, 4, 7, 7],
        [6, 3, 3, 3],
      ],
      window,
      'input [5,4,7,7] does not fit weight [6,3,3,3] with 1 group(s)',
    ],
    [
      'Conv',
      [
        [-1, 4, 2, 7],
        [6, 4, 3, 3],
      ],
      window,
      'its window does not fit',
    ],
    [
      'ConvTranspose',
      [
        [-1, 4, 2, 7],
        [3, 4, 3, 3],
      ],
      { ...window, output_padding: [0, 0] },
      'does not fit weight',
    ],
    ['MaxPool', [[-1, 4, 7]], pooling, 'only two-dimensional pooling'],
    ['MaxPool', [[-1, 4, 2, 2]], pooling, 'its window does not fit'],
    [
      'Gemm',
      [
        [-1, 8],
        [8, 3],
      ],
      { transB: 1, alpha: 1, beta: 1 },
      'does not fit weight [8,3] (transposed)',
    ],
    [
      'MatMul',
      [
        [-1, 8],
        [3, 8],
      ],
      {},
      'cannot be multiplied',
    ],
    ['Reshape', [[-1, 4, 2]], { shape: [-1, 7] }, '[5,4,2] cannot become [-1,7]'],
    ['Reshape', [[2, 4]], { shape: [4] }, '[2,4] cannot become [4]'],
    [
      'Concat',
      [
        [1, 4, 2],
        [1, 3, 3],
      ],
      { axis: 1 },
      'cannot be joined along axis 1',
    ],
    ['Gather', [[-1, 4]], { axis: 1, indices: [4] }, 'index 4 lies outside of axis 1'],
    ['Split', [[-1, 4]], { axis: 1, split: [3, 2] }, 'sizes [3,2] do not add up'],
    ['Pad', [[-1, 4]], { pads: [0, 1], mode: 'constant', value: 0 }, '2 pads do not fit'],
    [
      'Mul',
      [
        [-1, 4, 7],
        [3, 1],
      ],
      {},
      'cannot be broadcast together',
    ],
    ['BatchNormalization', [[-1, 4], [3], [3], [3], [3]], { epsilon: 0 }, 'does not fit 3 scales'],
  ])('%s of %j', (op, inputs, attributes, message) => {
    const network = networkOf(op, inputs, attributes);
    expect(() => inferShapes(network, 5)).toThrow(`${op} "node": `);
    expect(() => inferShapes(network, 5)).toThrow(message);
    expect(() => inferShapes(network, 5)).toThrow(InputError);
  });

  test('a value that nothing computes', () => {
    const network = networkOf('Relu', [[2, 3]]);
    expect(() => inferShapes({ ...network, inputs: [] })).toThrow(
      'Relu "node" reads "x", which nothing before it',
    );
  });

  test('an operation that is not supported', () => {
    expect(() => inferShapes(networkOf('Loop', [[2, 3]]))).toThrow(
      'operation Loop of node "node" is not supported',
    );
  });
});
