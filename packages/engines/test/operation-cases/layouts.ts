import { type OperationCase, one } from './operation-case.ts';

const joinCases = [
  one('Concat', 'channels', (b) => b.concat([b.input([3, 4, 5], 'x'), b.input([2, 4, 5], 'y')])),
  one('Concat', 'channels last and not', (b) =>
    b.concat([b.conv(b.input([3, 4, 5], 'x'), 4), b.input([2, 4, 5], 'y')]),
  ),
  one('Concat', 'width, channels last', (b) => {
    const x = b.conv(b.input([3, 4, 5]), 4);
    return b.concat([x, b.relu(x)], 'joined', 3);
  }),
  one('Concat', 'three of rank 2', (b) =>
    b.concat([b.input([3], 'x'), b.input([2], 'y'), b.op('Relu', ['x'])], 'joined', 1),
  ),
  one('Concat', 'a constant beside each image', (b) =>
    b.concat([b.input([3, 4, 5]), b.randomConstant([1, 2, 4, 5])]),
  ),
  one('Concat', 'a constant beside each image, channels last', (b) =>
    b.concat([b.randomConstant([1, 2, 4, 5]), b.conv(b.input([3, 4, 5]), 3)]),
  ),
  one('Concat', 'a token before others', (b) =>
    b.concat([b.randomConstant([1, 1, 5]), b.input([3, 5])], 'joined', 1),
  ),
  one('Split', 'uneven channels', (b) => b.split(b.input([7, 3, 2]), [1, 4, 2])),
  one('Split', 'channels last', (b) => b.split(b.conv(b.input([3, 3, 2]), 6), [2, 4])),
  one('Split', 'rows', (b) => b.several('Split', [b.input([3, 6, 2])], 2, { axis: 2, split: [2, 4] })),
  one('Slice', 'channels', (b) => b.slice(b.input([6, 4, 4]), [1], [[1, 5]])),
  one('Slice', 'channels last', (b) => b.slice(b.conv(b.input([3, 4, 4]), 6), [1], [[1, 5]])),
  one('Slice', 'every second pixel', (b) =>
    b.slice(
      b.conv(b.input([3, 6, 7]), 4),
      [2, 3],
      [
        [0, 6, 2],
        [1, 7, 2],
      ],
    ),
  ),
  one('Slice', 'rank 2', (b) => b.slice(b.input([9]), [1], [[2, 9, 3]])),
  one('Gather', 'channels', (b) => b.gather(b.input([4, 3, 2]), [3, 0, 0, 2])),
  one('Gather', 'a shuffle, channels last', (b) => b.shuffle(b.conv(b.input([3, 3, 2]), 6), 2)),
  one('Gather', 'columns', (b) => b.op('Gather', [b.input([3, 4, 5])], { axis: 3, indices: [4, 3, 1] })),
];

const blockCases = [
  ...['DCR', 'CRD'].map((mode) =>
    one('DepthToSpace', mode, (b) =>
      b.op('DepthToSpace', [b.conv(b.input([3, 3, 2]), 8)], { blocksize: 2, mode }),
    ),
  ),
  one('DepthToSpace', 'blocks of 3', (b) =>
    b.op('DepthToSpace', [b.input([18, 2, 2])], { blocksize: 3, mode: 'CRD' }),
  ),
  one('SpaceToDepth', 'blocks of 2', (b) =>
    b.op('SpaceToDepth', [b.conv(b.input([3, 4, 6]), 5)], { blocksize: 2 }),
  ),
];

const ALONG_EDGES = [0, 0, 1, 2, 0, 0, 2, 1];

const padCases = [
  ...['constant', 'reflect', 'edge'].flatMap((mode) => [
    one('Pad', `${mode}, rows and columns`, (b) => b.pad(b.input([2, 4, 5]), ALONG_EDGES, { mode })),
    one('Pad', `${mode}, channels last`, (b) => b.pad(b.conv(b.input([2, 4, 5]), 3), ALONG_EDGES, { mode })),
    one('Pad', `${mode}, negative`, (b) => b.pad(b.input([2, 6, 6]), [0, 0, -1, 2, 0, 0, 1, -2], { mode })),
  ]),
  one('Pad', 'a constant other than 0', (b) => b.pad(b.input([2, 4, 5]), ALONG_EDGES, { value: -1.5 })),
  one('Pad', 'channels', (b) => b.pad(b.conv(b.input([2, 4, 5]), 3), [0, 2, 0, 0, 0, 1, 0, 0])),
  one('Pad', 'rank 2', (b) => b.pad(b.input([5]), [0, 1, 0, 2])),
];

const shapeCases = [
  one('Flatten', 'an image', (b) => b.flatten(b.input([3, 4, 5]))),
  one('Flatten', 'channels last', (b) => b.flatten(b.conv(b.input([3, 4, 5]), 4))),
  one('Flatten', 'one pixel, channels last', (b) =>
    b.flatten(b.op('GlobalAveragePool', [b.conv(b.input([3, 4, 5]), 4)])),
  ),
  one('Flatten', 'axis 2', (b) => b.op('Flatten', [b.input([3, 4, 5])], { axis: 2 })),
  one('Reshape', 'a channel shuffle', (b) =>
    b.reshape(
      b.transpose(b.reshape(b.conv(b.input([3, 4, 5]), 6), [-1, 2, 3, 4, 5]), [0, 2, 1, 3, 4]),
      [-1, 6, 4, 5],
    ),
  ),
  one('Reshape', 'pixels into the batch', (b) => b.reshape(b.input([3, 4]), [-1, 4])),
  one('Reshape', 'without a free extent', (b) =>
    b.op('Add', [b.input([6]), b.reshape(b.randomConstant([6]), [1, 6])]),
  ),
  one('Transpose', 'to NHWC', (b) => b.transpose(b.input([3, 4, 5]), [0, 2, 3, 1])),
  one('Transpose', 'to NHWC, channels last', (b) => b.transpose(b.conv(b.input([3, 4, 5]), 4), [0, 2, 3, 1])),
  one('Transpose', 'to NCHW and on', (b) => b.conv(b.transpose(b.input([4, 5, 3]), [0, 3, 1, 2]), 2)),
  one('Transpose', 'to NCHW, channels last', (b) => b.transpose(b.conv(b.input([3, 4, 5]), 4), [0, 3, 1, 2])),
  one('Transpose', 'rank 3', (b) => b.transpose(b.input([3, 4]), [0, 2, 1])),
];

export const layoutCases: readonly OperationCase[] = [
  ...blockCases,
  ...joinCases,
  ...padCases,
  ...shapeCases,
];
