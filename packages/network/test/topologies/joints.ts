import { NetworkBuilder } from '../builder.ts';
import { group, output, type Topology } from './topology.ts';

/** Concat, Split, Slice, Gather: channels side by side. */
export const joints: readonly Topology[] = [
  {
    name: 'a dense block',
    network() {
      const b = new NetworkBuilder('dense block');
      const stem = b.conv(b.input([3, 5, 5]), 6, { name: 'stem' });
      const one = b.conv(b.relu(b.batchNorm(stem)), 3, { name: 'one' });
      const grown = b.concat([stem, one]);
      const two = b.conv(b.relu(b.batchNorm(grown)), 3, { name: 'two' });
      return b.build(b.head(b.relu(b.batchNorm(b.concat([grown, two]))), 4));
    },
    groups: [
      group('stem', 6, { consumers: ['one', 'two', 'head'] }),
      group('one', 3, { consumers: ['two', 'head'] }),
      group('two', 3, { consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'the input of the network and a constant in a Concat',
    network() {
      const b = new NetworkBuilder('constant concat');
      const image = b.input([3, 2, 2]);
      const x = b.relu(b.conv(image, 5, { name: 'first' }));
      const y = b.relu(b.conv(b.concat([image, x]), 6, { name: 'second' }));
      const nchw = b.reshape(b.flatten(y), [-1, 6, 2, 2]);
      return b.build(b.head(b.concat([nchw, y]), 4));
    },
    groups: [
      group('first', 5, { consumers: ['second'] }),
      group('second', 6, { consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'constant channels in a Concat, added to filters and read by a convolution',
    network() {
      const b = new NetworkBuilder('constant channels');
      // Without a batch axis of its own a constant fits a batch of one only.
      const gate = b.op('ReduceMean', [b.input([3, 4, 4])], { axes: [0, 2, 3], keepdims: 1 });
      const x = b.relu(b.conv(gate, 4, { name: 'first', kernel: 1 }));
      const joined = b.concat([x, b.randomConstant([1, 2, 1, 1])]);
      const sum = b.add(joined, b.conv(x, 6, { name: 'second', kernel: 1 }));
      return b.build(b.conv(b.relu(sum), 4, { name: 'last', kernel: 1 }));
    },
    groups: [
      { ...group('first', 4, { consumers: ['second', 'last'] }), producers: ['first', 'second'] },
      group('second', 2, { consumers: ['last'] }),
      output('last', 4),
    ],
  },
  {
    name: 'a ShuffleNet v2 unit: Split, Concat, channel shuffle',
    network() {
      const b = new NetworkBuilder('shuffle unit');
      const stem = b.convBnRelu(b.input([3, 5, 5]), 8, { name: 'stem' });
      const [left = '', right = ''] = b.split(stem, [4, 4]);
      const inner = b.convBnRelu(right, 4, { name: 'inner', kernel: 1 });
      const deep = b.batchNorm(b.depthwise(inner, { name: 'deep' }));
      const branch = b.convBnRelu(deep, 4, { name: 'branch', kernel: 1 });
      const x = b.shuffle(b.concat([left, branch]), 2);
      const [first = '', second = ''] = b.split(x, [4, 4]);
      return b.build(b.concat([b.head(first, 3), b.head(second, 2, 'other')]));
    },
    groups: [
      group('stem', 8, { consumers: ['inner', 'head', 'other'] }),
      group('inner', 4, { producers: ['inner', 'deep'], consumers: ['branch'] }),
      group('branch', 4, { consumers: ['head', 'other'] }),
      output('head', 3),
      output('other', 2),
    ],
  },
  {
    name: 'Slices of channels, and every second one',
    network() {
      const b = new NetworkBuilder('slices');
      const x = b.relu(b.conv(b.input([3, 5, 5]), 6, { name: 'cut' }));
      const y = b.relu(b.conv(b.slice(x, [1], [[1, 5]]), 6, { name: 'stepped' }));
      return b.build(b.head(b.slice(y, [1], [[0, 6, 2]], 'every'), 4));
    },
    groups: [
      group('cut', 6, { consumers: ['stepped'] }),
      group('stepped', 6, {
        consumers: ['head'],
        reason: 'Slice "every" takes its channels in steps of 2',
      }),
      output('head', 4),
    ],
  },
  {
    name: 'a Gather that reverses channels, repeats one and leaves one out',
    network() {
      const b = new NetworkBuilder('gather');
      const x = b.relu(b.conv(b.input([3, 5, 5]), 6, { name: 'first' }));
      return b.build(b.head(b.gather(x, [5, 3, 3, 1, 0]), 4));
    },
    groups: [group('first', 6, { consumers: ['head'] }), output('head', 4)],
  },
  {
    name: 'halves that are multiplied with each other',
    network() {
      const b = new NetworkBuilder('gated halves');
      const x = b.conv(b.input([3, 5, 5]), 8, { name: 'both' });
      const [value = '', gate = ''] = b.split(x, [4, 4]);
      return b.build(b.head(b.op('Mul', [value, b.op('Sigmoid', [gate])]), 4));
    },
    groups: [group('both', 4, { channelsPerUnit: 2, consumers: ['head'] }), output('head', 4)],
  },
  {
    name: 'values side by side along the height',
    network() {
      const b = new NetworkBuilder('tall');
      const x = b.input([3, 4, 4]);
      const parts = ['upper', 'lower'].map((name) => b.relu(b.conv(x, 6, { name })));
      return b.build(b.gemm(b.flatten(b.concat(parts, 'tall', 2)), 4, { name: 'head' }));
    },
    groups: [group('upper', 6, { producers: ['upper', 'lower'], consumers: ['head'] }), output('head', 4)],
  },
];
