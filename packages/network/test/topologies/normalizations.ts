import { NetworkBuilder } from '../builder.ts';
import { type ExpectedGroup, group, output, type Topology } from './topology.ts';

const inexact = (how: string) =>
  `${how}, so that removing some changes the others: it is pruned only if inexact pruning is allowed`;

/** A normalisation between two convolutions. */
function between(
  name: string,
  normalise: (b: NetworkBuilder, x: string) => string,
  reason?: string,
  channelsPerUnit = 1,
): Topology {
  return {
    name,
    network() {
      const b = new NetworkBuilder(name);
      const x = b.conv(b.input([3, 5, 5]), 6, { name: 'first', bias: true });
      return b.build(b.conv(b.relu(normalise(b, x)), 4, { name: 'last' }));
    },
    groups: [
      group('first', 6 / channelsPerUnit, {
        consumers: ['last'],
        channelsPerUnit,
        ...(reason === undefined ? {} : { reason }),
      }),
      output('last', 4),
    ],
  };
}

/** Channels last, LayerNorm spelled out, two dense layers: a ConvNeXt block. */
function convNext(b: NetworkBuilder, x: string, name: string): string {
  const channels = b.channels(x);
  const last = b.transpose(b.depthwise(x, { name: `${name}.deep`, bias: true }), [0, 2, 3, 1]);
  const mean = b.op('ReduceMean', [last], { axes: [3], keepdims: 1 }, `${name}.mean`);
  const centred = b.op('Sub', [last, mean]);
  const squared = b.op('Pow', [centred, b.constant([], [2])]);
  const variance = b.op('ReduceMean', [squared], { axes: [3], keepdims: 1 }, `${name}.variance`);
  const deviation = b.op('Sqrt', [b.op('Add', [variance, b.constant([], [1e-6])])]);
  const normal = b.op('Div', [centred, deviation]);
  const scaled = b.op('Mul', [normal, b.randomConstant([channels], [0.5, 1.5])]);
  const shifted = b.op('Add', [scaled, b.randomConstant([channels])]);
  const wide = b.op('Add', [
    b.dense(shifted, 4 * channels, `${name}.wide`),
    b.randomConstant([4 * channels]),
  ]);
  const narrow = b.dense(b.op('Gelu', [wide], { approximate: 'none' }), channels, `${name}.narrow`);
  const first = b.transpose(b.op('Add', [narrow, b.randomConstant([channels])]), [0, 3, 1, 2]);
  return b.add(x, b.op('Mul', [first, b.randomConstant([channels, 1, 1])]));
}

export const normalizations: readonly Topology[] = [
  between('BatchNorm', (b, x) => b.batchNorm(x)),
  between('InstanceNorm', (b, x) =>
    b.op('InstanceNormalization', [x, b.randomConstant([6]), b.randomConstant([6])], { epsilon: 1e-5 }),
  ),
  between(
    'GroupNorm',
    (b, x) =>
      b.op(
        'GroupNormalization',
        [x, b.randomConstant([6]), b.randomConstant([6])],
        { num_groups: 3, epsilon: 1e-5 },
        'norm',
      ),
    inexact('GroupNormalization "norm" normalises over sets of its channels'),
    3,
  ),
  between(
    'LRN',
    (b, x) => b.op('LRN', [x], { size: 3, alpha: 1e-2, beta: 0.75, bias: 1 }, 'norm'),
    inexact('LRN "norm" normalises across neighbouring channels'),
  ),
  between(
    'Softmax over channels',
    (b, x) => b.op('Softmax', [x], { axis: 1 }, 'norm'),
    inexact('Softmax "norm" runs over its channels'),
  ),
  between('Softmax over pixels', (b, x) => b.op('Softmax', [x], { axis: 3 })),
  between(
    'LayerNorm over channels and pixels',
    (b, x) =>
      b.op(
        'LayerNormalization',
        [x, b.randomConstant([6, 5, 5]), b.randomConstant([6, 5, 5])],
        { axis: 1, epsilon: 1e-5 },
        'norm',
      ),
    inexact('LayerNormalization "norm" normalises over its channels'),
  ),
  {
    name: 'ConvNeXt blocks: the inner layer can go, the stream cannot',
    network() {
      const b = new NetworkBuilder('convnext');
      const stem = b.conv(b.input([3, 5, 5]), 4, { name: 'stem', bias: true });
      return b.build(b.head(convNext(b, convNext(b, stem, 'one'), 'two'), 3));
    },
    groups: convNextGroups(),
  },
];

function convNextGroups(): ExpectedGroup[] {
  return [
    group('stem', 4, {
      producers: ['stem', 'one.deep', 'one.narrow', 'two.deep', 'two.narrow'],
      consumers: ['one.wide', 'two.wide', 'head'],
      reason: inexact('ReduceMean "one.mean" reduces over its channels'),
    }),
    group('one.wide', 16, { consumers: ['one.narrow'] }),
    group('two.wide', 16, { consumers: ['two.narrow'] }),
    output('head', 3),
  ];
}
