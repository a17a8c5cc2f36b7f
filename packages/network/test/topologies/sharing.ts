import { NetworkBuilder } from '../builder.ts';
import { group, output, type Topology } from './topology.ts';

/** Constants that several nodes read. */
export const sharing: readonly Topology[] = [
  {
    name: 'one weight for two convolutions',
    network() {
      const b = new NetworkBuilder('shared weight');
      const image = b.input([3, 5, 5]);
      const [left, right] = ['left', 'right'].map((name) => b.relu(b.conv(image, 6, { name })));
      const one = b.relu(b.conv(left ?? '', 5, { name: 'one' }));
      const two = b.relu(b.conv(right ?? '', 5, { name: 'two', weight: 'one.weight' }));
      return b.build(b.head(b.concat([one, two]), 4));
    },
    groups: [
      group('left', 6, { producers: ['left', 'right'], consumers: ['one', 'two'] }),
      group('one', 5, { producers: ['one', 'two'], consumers: ['head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'one convolution applied twice in a row',
    network() {
      const b = new NetworkBuilder('recurrent');
      const x = b.relu(b.conv(b.input([3, 5, 5]), 6, { name: 'stem' }));
      const one = b.relu(b.conv(x, 6, { name: 'one' }));
      const two = b.relu(b.conv(one, 6, { name: 'two', weight: 'one.weight' }));
      return b.build(b.head(two, 4));
    },
    groups: [
      group('stem', 6, { producers: ['stem', 'one', 'two'], consumers: ['one', 'two', 'head'] }),
      output('head', 4),
    ],
  },
  {
    name: 'one weight for the input of the network first, then for filters',
    network() {
      const b = new NetworkBuilder('shared with the input');
      const image = b.input([6, 5, 5]);
      const one = b.relu(b.conv(image, 6, { name: 'one' }));
      const x = b.relu(b.conv(one, 6, { name: 'inner' }));
      const two = b.relu(b.conv(x, 6, { name: 'two', weight: 'one.weight' }));
      return b.build(b.head(b.concat([one, two]), 4));
    },
    groups: [
      group('one', 6, { producers: ['one', 'two'], consumers: ['inner', 'head'] }),
      group('inner', 6, {
        consumers: ['two'],
        reason: 'its constant "one.weight" is shared with channels that cannot be removed',
      }),
      output('head', 4),
    ],
  },
  {
    name: 'a weight that another node reads as a whole',
    network() {
      const b = new NetworkBuilder('read twice');
      const x = b.relu(b.conv(b.input([3, 5, 5]), 6, { name: 'first' }));
      const y = b.relu(b.conv(x, 5, { name: 'second', kernel: 1 }));
      const norm = b.op('ReduceMean', ['second.weight'], { axes: [0, 1, 2, 3], keepdims: 0 }, 'norm');
      return b.build(b.head(b.op('Mul', [y, norm]), 4));
    },
    groups: [
      group('first', 6, {
        consumers: ['second'],
        reason: 'its constant "second.weight" is also read by ReduceMean "norm", as a whole',
      }),
      group('second', 5, {
        consumers: ['head'],
        reason: 'its constant "second.weight" is also read by ReduceMean "norm", as a whole',
      }),
      output('head', 4),
    ],
  },
  {
    name: 'one BatchNorm for two convolutions',
    network() {
      const b = new NetworkBuilder('shared norm');
      const image = b.input([3, 5, 5]);
      const normal = b.batchNorm(b.conv(image, 6, { name: 'left' }), 'norm');
      const constants = ['scale', 'shift', 'mean', 'variance'].map((part) => `norm.${part}`);
      const right = b.conv(image, 6, { name: 'right' });
      const other = b.op('BatchNormalization', [right, ...constants], { epsilon: 1e-5 });
      return b.build(b.head(b.relu(b.concat([normal, other])), 4));
    },
    groups: [group('left', 6, { producers: ['left', 'right'], consumers: ['head'] }), output('head', 4)],
  },
];
