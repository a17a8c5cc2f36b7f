import { NetworkBuilder } from '../builder.ts';
import { group, output, type Topology } from './topology.ts';

export const residuals: readonly Topology[] = [
  {
    name: 'a residual stream',
    network() {
      const b = new NetworkBuilder('residual');
      const stem = b.convBnRelu(b.input([3, 6, 6]), 6, { name: 'stem' });
      const inner = b.convBnRelu(stem, 5, { name: 'inner' });
      const x = b.relu(b.add(b.batchNorm(b.conv(inner, 6, { name: 'outer' })), stem));
      return b.build(b.head(x, 4));
    },
    groups: [
      group('stem', 6, { producers: ['stem', 'outer'], consumers: ['inner', 'head'] }),
      group('inner', 5, { consumers: ['outer'] }),
      output('head', 4),
    ],
  },
  {
    name: 'a residual stream with a 1x1 projection',
    network() {
      const b = new NetworkBuilder('projection');
      const stem = b.convBnRelu(b.input([3, 6, 6]), 6, { name: 'stem' });
      const inner = b.convBnRelu(stem, 5, { name: 'inner', stride: 2 });
      const projection = b.batchNorm(b.conv(stem, 8, { name: 'projection', kernel: 1, stride: 2 }));
      const x = b.add(b.batchNorm(b.conv(inner, 8, { name: 'outer' })), projection);
      return b.build(b.head(b.relu(x), 4));
    },
    groups: [
      group('stem', 6, { consumers: ['inner', 'projection'] }),
      group('inner', 5, { consumers: ['outer'] }),
      group('projection', 8, { producers: ['projection', 'outer'], consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'a parameter-free shortcut: every second pixel, padded with channels of zeros',
    network() {
      const b = new NetworkBuilder('option A');
      const stem = b.convBnRelu(b.input([3, 6, 6]), 4, { name: 'stem' });
      const inner = b.convBnRelu(stem, 5, { name: 'inner', stride: 2 });
      const outer = b.batchNorm(b.conv(inner, 8, { name: 'outer' }));
      const strided = b.slice(
        stem,
        [2, 3],
        [
          [0, 6, 2],
          [0, 6, 2],
        ],
      );
      const x = b.relu(b.add(outer, b.pad(strided, [0, 2, 0, 0, 0, 2, 0, 0])));
      return b.build(b.head(x, 4));
    },
    // The stream's channels 2..5 go on, its channels 0, 1, 6, 7 begin with the shortcut's zeros.
    groups: [
      group('stem', 4, { producers: ['stem', 'outer'], consumers: ['inner', 'head'] }),
      group('inner', 5, { consumers: ['outer'] }),
      group('outer', 4, { consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'a shortcut that cuts channels off (negative pads)',
    network() {
      const b = new NetworkBuilder('cropped');
      const stem = b.convBnRelu(b.input([3, 6, 6]), 8, { name: 'stem' });
      const outer = b.conv(stem, 5, { name: 'outer' });
      const x = b.relu(b.add(outer, b.pad(stem, [0, -1, 0, 0, 0, -2, 0, 0])));
      return b.build(b.head(x, 4));
    },
    groups: [
      group('stem', 3, { consumers: ['outer'] }),
      { ...group('stem[1]', 5, { consumers: ['outer', 'head'] }), producers: ['stem', 'outer'] },
      output('head', 4),
    ],
  },
  {
    name: 'the input of the network in the stream',
    network() {
      const b = new NetworkBuilder('input in the stream');
      const image = b.input([6, 5, 5]);
      const inner = b.convBnRelu(image, 5, { name: 'inner' });
      const x = b.add(b.conv(inner, 6, { name: 'outer' }), image, 'sum');
      return b.build(b.head(x, 4));
    },
    groups: [
      group('inner', 5, { consumers: ['outer'] }),
      group('outer', 6, {
        consumers: ['head'],
        reason: 'Add "sum" combines its channels with channels that cannot be removed',
      }),
      output('head', 4),
    ],
  },
  {
    name: 'layer scale and a constant bias in the stream',
    network() {
      const b = new NetworkBuilder('layer scale');
      const stem = b.conv(b.input([3, 5, 5]), 6, { name: 'stem' });
      const branch = b.op('Mul', [b.conv(stem, 6, { name: 'branch' }), b.randomConstant([1, 6, 1, 1])]);
      const x = b.add(b.randomConstant([6, 1, 1]), b.add(stem, branch));
      return b.build(b.head(b.relu(x), 4));
    },
    groups: [
      group('stem', 6, { producers: ['stem', 'branch'], consumers: ['branch', 'head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'operands of unequal rank: a vector for every channel, then a constant for every pixel',
    network() {
      const b = new NetworkBuilder('ranks');
      const x = b.conv(b.input([3, 5, 5]), 6, { name: 'first', bias: true });
      const scaled = b.op('Div', [
        b.op('Max', [x, b.constant([], [0])]),
        b.randomConstant([6, 1, 1], [1, 2]),
      ]);
      const mapped = b.op('Sub', [scaled, b.randomConstant([5, 5])]);
      return b.build(b.head(b.op('Min', [mapped, b.constant([1], [2])]), 4));
    },
    groups: [group('first', 6, { consumers: ['head'] }), output('head', 4)],
  },
];
