import { NetworkBuilder } from '../builder.ts';
import { group, output, type Topology } from './topology.ts';

/** Changes of shape and of the order of axes. */
export const reshapes: readonly Topology[] = [
  {
    name: 'Flatten into a dense layer',
    network() {
      const b = new NetworkBuilder('flatten');
      const x = b.relu(b.conv(b.input([3, 4, 5]), 6, { name: 'first' }));
      const hidden = b.relu(b.gemm(b.flatten(x), 7, { name: 'hidden' }));
      return b.build(b.gemm(hidden, 4, { name: 'head', transB: 0, bias: false }));
    },
    groups: [
      group('first', 6, { consumers: ['hidden'] }),
      group('hidden', 7, { consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'Reshape into a dense layer',
    network() {
      const b = new NetworkBuilder('reshape');
      const x = b.relu(b.conv(b.input([3, 4, 5]), 6, { name: 'first' }));
      return b.build(b.gemm(b.reshape(x, [-1, 120]), 4, { name: 'head' }));
    },
    groups: [group('first', 6, { consumers: ['head'] }), output('head', 4)],
  },
  {
    name: 'channels last, then flattened: a channel is every sixth feature',
    network() {
      const b = new NetworkBuilder('channels last');
      const x = b.relu(b.conv(b.input([3, 4, 5]), 6, { name: 'first' }));
      return b.build(b.gemm(b.flatten(b.transpose(x, [0, 2, 3, 1])), 4, { name: 'head' }));
    },
    groups: [group('first', 6, { consumers: ['head'] }), output('head', 4)],
  },
  {
    name: 'pixels merged with the batch: a dense layer over [n * h * w, c]',
    network() {
      const b = new NetworkBuilder('merged batch');
      const x = b.relu(b.conv(b.input([3, 4, 5]), 6, { name: 'first' }));
      const rows = b.reshape(b.transpose(x, [0, 2, 3, 1]), [-1, 6]);
      const y = b.relu(b.gemm(rows, 7, { name: 'dense' }));
      const back = b.transpose(b.reshape(y, [-1, 4, 5, 7]), [0, 3, 1, 2]);
      return b.build(b.head(back, 4));
    },
    groups: [
      group('first', 6, { consumers: ['dense'] }),
      group('dense', 7, { consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'axes of length one come and go',
    network() {
      const b = new NetworkBuilder('ones');
      const x = b.relu(b.conv(b.input([3, 4, 4]), 6, { name: 'first' }));
      const pooled = b.reshape(b.op('GlobalMaxPool', [x]), [-1, 1, 6]);
      const y = b.relu(b.dense(pooled, 5, 'dense'));
      return b.build(b.conv(b.reshape(y, [-1, 5, 1, 1]), 4, { name: 'last', kernel: 1 }));
    },
    groups: [
      group('first', 6, { consumers: ['dense'] }),
      group('dense', 5, { consumers: ['last'] }),
      output('last', 4),
    ],
  },
  {
    name: 'a channel axis split in two',
    network() {
      const b = new NetworkBuilder('split axis');
      const x = b.relu(b.conv(b.input([3, 4, 4]), 6, { name: 'first' }));
      const parts = b.reshape(x, [-1, 2, 3, 16]);
      const mean = b.op('ReduceMean', [parts], { axes: [2, 3], keepdims: 0 });
      return b.build(b.gemm(mean, 4, { name: 'head' }));
    },
    groups: [
      group('first', 6, { reason: 'Reshape "reshape1" splits or merges the channel axis' }),
      output('head', 4),
    ],
  },
  {
    name: 'channels merged with the batch: every channel an image of its own',
    network() {
      const b = new NetworkBuilder('channel images');
      const x = b.relu(b.conv(b.input([3, 4, 4]), 6, { name: 'first' }));
      const images = b.reshape(x, [-1, 1, 4, 4]);
      const y = b.relu(b.conv(images, 5, { name: 'each' }));
      const mean = b.op('ReduceMean', [b.reshape(y, [-1, 6, 5, 16])], { axes: [1, 3], keepdims: 0 });
      return b.build(b.gemm(mean, 4, { name: 'head' }));
    },
    groups: [
      group('first', 6, { reason: 'Conv "each" works along the axis that holds its channels' }),
      group('each', 5, { consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'a convolution over transposed axes: its channels are rows of pixels',
    network() {
      const b = new NetworkBuilder('transposed');
      const x = b.relu(b.conv(b.input([3, 4, 5]), 6, { name: 'first' }));
      const y = b.relu(b.conv(b.transpose(x, [0, 2, 1, 3]), 7, { name: 'rows' }));
      return b.build(b.head(y, 4));
    },
    groups: [
      group('first', 6, { reason: 'Conv "rows" works along the axis that holds its channels' }),
      group('rows', 7, { consumers: ['head'] }),
      output('head', 4),
    ],
  },
];
