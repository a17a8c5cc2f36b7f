import { NetworkBuilder } from '../builder.ts';
import { group, output, type Topology } from './topology.ts';

export const chains: readonly Topology[] = [
  {
    name: 'a plain chain',
    network() {
      const b = new NetworkBuilder('chain');
      let x = b.relu(b.batchNorm(b.conv(b.input([3, 8, 8]), 6, { name: 'first' })));
      x = b.pool('MaxPool', x, 2, 2);
      x = b.op('LeakyRelu', [b.conv(x, 5, { name: 'second', bias: true })], { alpha: 0.1 });
      return b.build(b.head(b.pool('AveragePool', x, 3, 1, 1), 4));
    },
    groups: [
      group('first', 6, { consumers: ['second'] }),
      group('second', 5, { consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'sigmoid behind the filters: a removed filter is not a zeroed one',
    network() {
      const b = new NetworkBuilder('sigmoid');
      const x = b.op('Sigmoid', [b.conv(b.input([3, 5, 5]), 6, { name: 'first', bias: true })]);
      return b.build(b.conv(x, 4, { name: 'last', kernel: 1 }));
    },
    groups: [group('first', 6, { consumers: ['last'] }), output('last', 4)],
  },
  {
    name: 'PRelu with a slope for each channel',
    network() {
      const b = new NetworkBuilder('prelu');
      const slope = b.randomConstant([6, 1, 1]);
      const x = b.op('PRelu', [b.conv(b.input([3, 5, 5]), 6, { name: 'first' }), slope]);
      return b.build(b.head(x, 4));
    },
    groups: [group('first', 6, { consumers: ['head'] }), output('head', 4)],
  },
  {
    name: 'a group of one channel',
    network() {
      const b = new NetworkBuilder('single');
      const x = b.conv(b.input([3, 5, 5]), 1, { name: 'first' });
      return b.build(b.conv(x, 4, { name: 'last' }));
    },
    groups: [
      group('first', 1, { consumers: ['last'], reason: 'it has only one channel' }),
      output('last', 4),
    ],
  },
  {
    name: 'an output in the middle',
    network() {
      const b = new NetworkBuilder('two outputs');
      const features = b.relu(b.conv(b.input([3, 5, 5]), 6, { name: 'features' }));
      const x = b.relu(b.conv(features, 5, { name: 'inner' }));
      return b.build(features, b.head(x, 4));
    },
    groups: [
      group('features', 6, { consumers: ['inner'], reason: 'its channels are outputs of the network' }),
      group('inner', 5, { consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'pixels scaled: ConvTranspose and Resize',
    network() {
      const b = new NetworkBuilder('upsampling');
      let x = b.conv(b.input([3, 4, 4]), 6, { name: 'down' });
      x = b.relu(b.convTranspose(x, 5, { name: 'up' }));
      const scaling = { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
      x = b.op('Resize', [x], { mode: 'nearest', scales: [1, 1, 2, 2], ...scaling });
      return b.build(b.conv(x, 4, { name: 'last' }));
    },
    groups: [
      group('down', 6, { consumers: ['up'] }),
      group('up', 5, { consumers: ['last'] }),
      output('last', 4),
    ],
  },
  {
    name: 'a grouped ConvTranspose',
    network() {
      const b = new NetworkBuilder('grouped upsampling');
      const x = b.conv(b.input([3, 4, 4]), 6, { name: 'down' });
      return b.build(b.head(b.convTranspose(x, 4, { name: 'up', group: 2 }), 4));
    },
    // Inputs of both conv-groups go together, 3 apart; filters of both are in one place of the weight.
    groups: [
      group('down', 3, { channelsPerUnit: 2, consumers: ['up'] }),
      group('up', 2, { consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'a depthwise ConvTranspose',
    network() {
      const b = new NetworkBuilder('depthwise upsampling');
      const x = b.conv(b.input([3, 4, 4]), 6, { name: 'down' });
      return b.build(b.head(b.relu(b.convTranspose(x, 6, { name: 'up', group: 6 })), 4));
    },
    groups: [group('down', 6, { producers: ['down', 'up'], consumers: ['head'] }), output('head', 4)],
  },
  {
    name: 'a depthwise ConvTranspose with two filters a channel',
    network() {
      const b = new NetworkBuilder('multiplied upsampling');
      const x = b.conv(b.input([3, 4, 4]), 5, { name: 'down' });
      return b.build(b.head(b.convTranspose(x, 10, { name: 'up', group: 5 }), 4));
    },
    groups: [group('down', 5, { producers: ['down', 'up'], consumers: ['head'] }), output('head', 4)],
  },
  ...['DCR', 'CRD'].map((mode) => ({
    name: `blocks of channels become pixels: DepthToSpace in mode ${mode}`,
    network() {
      const b = new NetworkBuilder('pixel shuffle');
      const x = b.relu(b.conv(b.input([3, 4, 4]), 12, { name: 'blocks' }));
      const y = b.op('DepthToSpace', [x], { blocksize: 2, mode });
      return b.build(b.conv(y, 4, { name: 'last' }));
    },
    groups: [group('blocks', 3, { channelsPerUnit: 4, consumers: ['last'] }), output('last', 4)],
  })),
  {
    name: 'pixels become channels: SpaceToDepth',
    network() {
      const b = new NetworkBuilder('focus');
      const x = b.relu(b.conv(b.input([3, 4, 4]), 6, { name: 'first' }));
      return b.build(b.conv(b.op('SpaceToDepth', [x], { blocksize: 2 }), 4, { name: 'last' }));
    },
    groups: [group('first', 6, { consumers: ['last'] }), output('last', 4)],
  },
  {
    name: 'rows of a dense layer become images: a generator',
    network() {
      const b = new NetworkBuilder('generator');
      const rows = b.gemm(b.input([9]), 24, { name: 'rows' });
      const x = b.relu(b.reshape(rows, [-1, 4, 2, 3]));
      return b.build(b.convTranspose(x, 5, { name: 'up' }));
    },
    groups: [group('rows', 4, { channelsPerUnit: 6, consumers: ['up'] }), output('up', 5)],
  },
  {
    name: 'values chosen by a mask',
    network() {
      const b = new NetworkBuilder('chosen');
      const x = b.conv(b.input([3, 4, 4]), 6, { name: 'first' });
      const chosen = b.op('Where', [b.randomMask([6, 1, 1]), x, b.randomConstant([1, 6, 1, 1])]);
      return b.build(b.conv(chosen, 4, { name: 'last' }));
    },
    groups: [group('first', 6, { consumers: ['last'] }), output('last', 4)],
  },
  {
    name: 'channels that nothing reads',
    network() {
      const b = new NetworkBuilder('half read');
      const x = b.relu(b.conv(b.input([3, 5, 5]), 6, { name: 'first' }));
      return b.build(b.conv(b.slice(x, [1], [[0, 4]]), 4, { name: 'last' }));
    },
    groups: [group('first', 6, { consumers: ['last'] }), output('last', 4)],
  },
];
