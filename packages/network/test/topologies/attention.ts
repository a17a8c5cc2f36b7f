import { NetworkBuilder } from '../builder.ts';
import { group, output, type Topology } from './topology.ts';

/** Values that are multiplied with each other. */
export const attentions: readonly Topology[] = [
  {
    name: 'squeeze-and-excite by GlobalAveragePool and 1x1 convolutions',
    network() {
      const b = new NetworkBuilder('squeeze');
      const x = b.convBnRelu(b.input([3, 5, 5]), 8, { name: 'trunk' });
      const pooled = b.op('GlobalAveragePool', [x]);
      const squeezed = b.relu(b.conv(pooled, 3, { name: 'squeeze', kernel: 1, bias: true }));
      const gate = b.op('HardSigmoid', [b.conv(squeezed, 8, { name: 'excite', kernel: 1, bias: true })], {
        alpha: 0.2,
        beta: 0.5,
      });
      return b.build(b.head(b.op('Mul', [gate, x]), 4));
    },
    groups: [
      group('trunk', 8, { producers: ['trunk', 'excite'], consumers: ['squeeze', 'head'] }),
      group('squeeze', 3, { consumers: ['excite'] }),
      output('head', 4),
    ],
  },
  {
    name: 'squeeze-and-excite by ReduceMean, dense layers and a Reshape',
    network() {
      const b = new NetworkBuilder('squeeze by mean');
      const x = b.convBnRelu(b.input([3, 5, 5]), 8, { name: 'trunk' });
      const mean = b.op('ReduceMean', [x], { axes: [2, 3], keepdims: 0 });
      const squeezed = b.relu(b.gemm(mean, 3, { name: 'squeeze' }));
      const gate = b.op('Sigmoid', [b.gemm(squeezed, 8, { name: 'excite', transB: 0 })]);
      return b.build(b.head(b.op('Mul', [x, b.reshape(gate, [-1, 8, 1, 1])]), 4));
    },
    groups: [
      group('trunk', 8, { producers: ['trunk', 'excite'], consumers: ['squeeze', 'head'] }),
      group('squeeze', 3, { consumers: ['excite'] }),
      output('head', 4),
    ],
  },
  {
    name: 'an attention map of one channel, from a convolution',
    network() {
      const b = new NetworkBuilder('spatial attention');
      const x = b.convBnRelu(b.input([3, 5, 5]), 6, { name: 'trunk' });
      const map = b.op('Sigmoid', [b.conv(x, 1, { name: 'map' })]);
      return b.build(b.head(b.op('Mul', [x, map], {}, 'attend'), 4));
    },
    groups: [
      group('trunk', 6, { consumers: ['map', 'head'] }),
      group('map', 1, { reason: 'Mul "attend" broadcasts its one channel to 6 channels' }),
      output('head', 4),
    ],
  },
  {
    name: 'an attention map over the channels (mean over them)',
    network() {
      const b = new NetworkBuilder('mean map');
      const x = b.convBnRelu(b.input([3, 5, 5]), 6, { name: 'trunk' });
      const map = b.op('Sigmoid', [b.op('ReduceMean', [x], { axes: [1], keepdims: 1 }, 'mean')]);
      return b.build(b.head(b.op('Mul', [x, map]), 4));
    },
    groups: [
      group('trunk', 6, {
        consumers: ['head'],
        reason:
          'ReduceMean "mean" reduces over its channels, so that removing some changes the others: it is pruned only if inexact pruning is allowed',
      }),
      output('head', 4),
    ],
  },
  {
    name: 'two computed values multiplied as matrices (self-attention)',
    network() {
      const b = new NetworkBuilder('self-attention');
      const x = b.conv(b.input([3, 4, 4]), 6, { name: 'stem', kernel: 1 });
      const tokens = b.transpose(b.reshape(x, [-1, 6, 16]), [0, 2, 1]);
      const [queries, keys, values] = ['queries', 'keys', 'values'].map((name) => b.dense(tokens, 5, name));
      const scores = b.op('MatMul', [queries ?? '', b.transpose(keys ?? '', [0, 2, 1])], {}, 'scores');
      const mixed = b.op('MatMul', [b.op('Softmax', [scores], { axis: 2 }), values ?? ''], {}, 'mix');
      return b.build(b.dense(b.op('ReduceMean', [mixed], { axes: [1], keepdims: 0 }), 4, 'head'));
    },
    groups: [
      group('stem', 6, { consumers: ['queries', 'keys', 'values'] }),
      ...['queries', 'keys', 'values'].map((name) =>
        group(name, 5, {
          reason: `MatMul "${name === 'values' ? 'mix' : 'scores'}" multiplies its channels with other values than a weight matrix`,
        }),
      ),
      output('head', 4),
    ],
  },
  {
    name: 'filters that are computed from the input',
    network() {
      const b = new NetworkBuilder('dynamic filters');
      const image = b.input([3, 4, 4]);
      const x = b.relu(b.conv(image, 6, { name: 'stem' }));
      const mean = b.op('ReduceMean', [image], { axes: [0, 2, 3], keepdims: 0 });
      const weight = b.op('Add', [b.randomConstant([5, 6, 1, 1]), b.reshape(mean, [1, 1, 3, 1])]);
      const filters = b.op('ReduceMean', [weight], { axes: [2], keepdims: 1 }, 'filters');
      return b.build(b.head(b.relu(b.conv(x, 5, { name: 'dynamic', kernel: 1, weight: filters })), 4));
    },
    groups: [
      group('stem', 6, { consumers: ['dynamic'], reason: 'its weight "filters" is computed' }),
      output('head', 4),
    ],
  },
];
