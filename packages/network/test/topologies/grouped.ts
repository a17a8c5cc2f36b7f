import { NetworkBuilder } from '../builder.ts';
import { group, output, type Topology } from './topology.ts';

/** Grouped and depthwise convolutions. */
export const grouped: readonly Topology[] = [
  {
    name: 'a grouped convolution (ResNeXt)',
    network() {
      const b = new NetworkBuilder('grouped');
      const x = b.convBnRelu(b.input([3, 5, 5]), 8, { name: 'reduce' });
      const y = b.convBnRelu(x, 12, { name: 'grouped', group: 4 });
      return b.build(b.conv(y, 4, { name: 'expand', kernel: 1 }));
    },
    groups: [
      group('reduce', 2, { channelsPerUnit: 4, consumers: ['grouped'] }),
      group('grouped', 3, { channelsPerUnit: 4, consumers: ['expand'] }),
      output('expand', 4),
    ],
  },
  {
    name: 'grouped convolutions with different numbers of conv-groups behind each other',
    network() {
      const b = new NetworkBuilder('grouped twice');
      const x = b.convBnRelu(b.input([3, 5, 5]), 12, { name: 'one' });
      const y = b.convBnRelu(x, 12, { name: 'two', group: 2 });
      const z = b.convBnRelu(y, 12, { name: 'three', group: 3 });
      return b.build(b.conv(z, 4, { name: 'last', kernel: 1 }));
    },
    // The outputs of "two" are tied 6 apart, the inputs of "three" 4 apart: together 2 apart.
    groups: [
      group('one', 6, { channelsPerUnit: 2, consumers: ['two'] }),
      group('two', 2, { channelsPerUnit: 6, consumers: ['three'] }),
      group('three', 4, { channelsPerUnit: 3, consumers: ['last'] }),
      output('last', 4),
    ],
  },
  {
    name: 'a shuffle between grouped convolutions (ShuffleNet v1)',
    network() {
      const b = new NetworkBuilder('shuffled groups');
      const x = b.convBnRelu(b.input([3, 5, 5]), 8, { name: 'stem' });
      const y = b.convBnRelu(x, 8, { name: 'first', kernel: 1, group: 2 });
      const deep = b.batchNorm(b.depthwise(b.shuffle(y, 2), { name: 'deep' }));
      const z = b.batchNorm(b.conv(deep, 8, { name: 'second', kernel: 1, group: 2 }));
      return b.build(b.head(b.relu(b.add(z, x)), 4));
    },
    // Outputs of "first" are tied 4 apart; after the shuffle neighbours 2i, 2i + 1, and 4 apart again.
    groups: [
      group('stem', 4, {
        channelsPerUnit: 2,
        producers: ['stem', 'second'],
        consumers: ['first', 'head'],
      }),
      group('first', 2, { channelsPerUnit: 4, producers: ['first', 'deep'], consumers: ['second'] }),
      output('head', 4),
    ],
  },
  {
    name: 'a shuffle that hands every conv-group one channel of every other',
    network() {
      const b = new NetworkBuilder('dealt out');
      const x = b.conv(b.input([3, 5, 5]), 10, { name: 'first' });
      const y = b.relu(b.conv(x, 10, { name: 'dealt', kernel: 1, group: 2 }));
      return b.build(b.head(b.conv(b.shuffle(y, 2), 6, { name: 'second', group: 2 }), 4));
    },
    // Inputs of "second" are tied 5 apart: one is a channel of the first conv-group, one of the second.
    groups: [
      group('first', 5, { channelsPerUnit: 2, consumers: ['dealt'] }),
      group('dealt', 5, { channelsPerUnit: 2, consumers: ['second'] }),
      group('second', 3, { channelsPerUnit: 2, consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'a conv-group of which one channel has to stay',
    network() {
      const b = new NetworkBuilder('lame');
      const x = b.conv(b.input([4, 5, 5]), 6, { name: 'grouped', group: 2 });
      return b.build(b.slice(x, [1], [[0, 1]]), b.head(b.relu(x), 4));
    },
    groups: [
      group('grouped', 1, { consumers: ['head'], reason: 'its channels are outputs of the network' }),
      { ...group('grouped[1]', 2, { channelsPerUnit: 2, consumers: ['head'] }), producers: ['grouped'] },
      {
        ...group('grouped[2]', 1, {
          consumers: ['head'],
          reason:
            'grouped Conv "grouped" needs equally wide conv-groups, and channels of one cannot be removed',
        }),
        producers: ['grouped'],
      },
      output('head', 4),
    ],
  },
  {
    name: 'a grouped convolution over the input of the network and filters',
    network() {
      const b = new NetworkBuilder('mixed sources');
      const image = b.input([3, 5, 5]);
      const x = b.concat([image, b.conv(image, 5, { name: 'first' })]);
      return b.build(b.head(b.conv(x, 6, { name: 'grouped', group: 2 }), 4));
    },
    // Inputs are tied 4 apart: three filters to channels of the image, and the first to the last.
    groups: [
      group('first', 1, {
        channelsPerUnit: 2,
        consumers: ['grouped'],
        reason: 'its 2 channels depend on each other: none can be removed alone',
      }),
      {
        ...group('first[1]', 3, {
          consumers: ['grouped'],
          reason:
            'grouped Conv "grouped" needs equally wide conv-groups, and channels of one cannot be removed',
        }),
        producers: ['first'],
      },
      group('grouped', 3, { channelsPerUnit: 2, consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'conv-groups whose numbers share no divisor: everything hangs together',
    network() {
      const b = new NetworkBuilder('knotted');
      const x = b.conv(b.input([3, 5, 5]), 6, { name: 'one' });
      const y = b.conv(x, 6, { name: 'two', group: 2 });
      const z = b.conv(y, 6, { name: 'three', group: 3 });
      return b.build(b.head(z, 4));
    },
    groups: [
      group('one', 3, { channelsPerUnit: 2, consumers: ['two'] }),
      group('two', 1, {
        channelsPerUnit: 6,
        consumers: ['three'],
        reason: 'its 6 channels depend on each other: none can be removed alone',
      }),
      group('three', 2, { channelsPerUnit: 3, consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'a grouped convolution over a Concat: units of one group that hold unequally many filters',
    network() {
      const b = new NetworkBuilder('grouped concat');
      const image = b.input([3, 5, 5]);
      const both = b.concat([b.conv(image, 6, { name: 'a' }), b.conv(image, 6, { name: 'b' })]);
      return b.build(b.head(b.conv(b.relu(both), 6, { name: 'grouped', group: 3 }), 4));
    },
    // 12 inputs in 3 conv-groups of 4: {a0, a4, b2}, {a1, a5, b3}, {a2, b0, b4}, {a3, b1, b5}.
    groups: [
      group('a', 2, { channelsPerUnit: 2, producers: ['a', 'b'], consumers: ['grouped'] }),
      group('a[1]', 2, { channelsPerUnit: 1, producers: ['a', 'b'], consumers: ['grouped'] }),
      group('grouped', 2, { channelsPerUnit: 3, consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'a depthwise convolution (MobileNet)',
    network() {
      const b = new NetworkBuilder('depthwise');
      const x = b.convBnRelu(b.input([3, 5, 5]), 6, { name: 'expand' });
      const deep = b.relu(b.batchNorm(b.depthwise(x, { name: 'deep', bias: true })));
      return b.build(b.conv(deep, 4, { name: 'project', kernel: 1 }));
    },
    groups: [
      group('expand', 6, { producers: ['expand', 'deep'], consumers: ['project'] }),
      output('project', 4),
    ],
  },
  {
    name: 'a depthwise convolution with two filters for each channel',
    network() {
      const b = new NetworkBuilder('multiplier');
      const x = b.convBnRelu(b.input([3, 5, 5]), 5, { name: 'expand' });
      const deep = b.relu(b.batchNorm(b.depthwise(x, { name: 'deep', multiplier: 2 })));
      return b.build(b.conv(deep, 4, { name: 'project', kernel: 1 }));
    },
    groups: [
      group('expand', 5, { producers: ['expand', 'deep'], consumers: ['project'] }),
      output('project', 4),
    ],
  },
  {
    name: 'a depthwise convolution over the input of the network',
    network() {
      const b = new NetworkBuilder('depthwise first');
      const deep = b.relu(b.depthwise(b.input([3, 5, 5]), { name: 'deep', multiplier: 2 }));
      return b.build(b.conv(deep, 4, { name: 'last', kernel: 1 }));
    },
    groups: [
      group('deep', 6, {
        consumers: ['last'],
        reason: 'depthwise Conv "deep" reads channels that cannot be removed',
      }),
      output('last', 4),
    ],
  },
];
