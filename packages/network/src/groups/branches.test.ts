import { expect, test } from 'vitest';
import { NetworkBuilder } from '../../test/builder.ts';
import { branchUnits } from './branches.ts';
import { channelMap } from './index.ts';

test('each part of a split has to keep one of its units', () => {
  const b = new NetworkBuilder('split');
  const x = b.conv(b.input([3, 4, 4]), 6, { name: 'first' });
  const [left = '', right = ''] = b.split(x, [2, 4]);
  const y = b.concat([b.conv(left, 3, { name: 'left' }), b.conv(right, 3, { name: 'right' })]);
  const map = channelMap(b.build(b.head(y, 2)));
  expect([...branchUnits(map)]).toEqual([
    [
      'first',
      [
        [0, 1],
        [2, 3, 4, 5],
      ],
    ],
  ]);
});

test('the smallest set stands for those around it', () => {
  const b = new NetworkBuilder('nested');
  const x = b.conv(b.input([3, 4, 4]), 6, { name: 'first' });
  const wide = b.slice(x, [1], [[0, 5]]);
  const narrow = b.slice(wide, [1], [[1, 3]]);
  const map = channelMap(b.build(b.head(b.concat([wide, narrow]), 2)));
  expect([...branchUnits(map)]).toEqual([['first', [[1, 2]]]]);
});

test('a part is in the care of the group that has most of its units, and of none if one is there for certain', () => {
  const b = new NetworkBuilder('care');
  const image = b.input([3, 4, 4]);
  const x = b.concat([b.conv(image, 4, { name: 'a' }), b.conv(image, 6, { name: 'b' }), image]);
  // a0 a1 a2 | a3 b0 b1 | b2 b3 b4 b5, the image
  const parts = b.split(x, [3, 3, 7]).map((part) => b.conv(part, 2));
  const map = channelMap(b.build(b.head(b.concat(parts), 2)));
  expect([...branchUnits(map)]).toEqual([
    ['a', [[0, 1, 2]]],
    ['b', [[0, 1]]],
  ]);
});

test('without a split there is nothing to watch', () => {
  const b = new NetworkBuilder('chain');
  const x = b.conv(b.conv(b.input([3, 4, 4]), 6), 5);
  expect(branchUnits(channelMap(b.build(b.head(x, 2)))).size).toBe(0);
});
