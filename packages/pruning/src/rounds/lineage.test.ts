import { channelMap, constantOf, cutNetwork, type Network } from '@espalier/network';
import { expect, test } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { Lineage } from './lineage.ts';

/** A convolution whose even filters are added to another's, and whose odd ones are not; then a residual stream. */
function interleaved(): Network {
  const b = new NetworkBuilder('interleaved');
  const image = b.input([2, 4, 4]);
  const x = b.conv(image, 8, { name: 'both', kernel: 1 });
  const [even = '', odd = ''] = b.split(b.shuffle(x, 4), [4, 4]);
  const sum = b.add(even, b.conv(image, 4, { name: 'extra', kernel: 1 }));
  const one = b.relu(b.conv(sum, 5, { name: 'one', kernel: 1 }));
  const stream = b.relu(b.conv(odd, 5, { name: 'two', kernel: 1 }));
  return b.build(b.head(b.add(stream, b.conv(one, 5, { name: 'three', kernel: 1 })), 3));
}

test('what is left after several cuts, told by the units of the beginning', () => {
  let network = interleaved();
  const base = channelMap(network);
  expect(base.groups.map(({ id, width }) => [id, width])).toEqual([
    ['both', 4],
    ['both[1]', 4],
    ['one', 5],
    ['two', 5],
    ['head', 3],
  ]);
  const first = constantOf(network, 'both.weight').data;
  const lineage = new Lineage(base);
  const cut = (structure: Record<string, number[]>) => {
    const map = channelMap(network);
    const made = cutNetwork(
      network,
      map,
      Object.entries(structure).map(([group, kept]) => ({ group, kept })),
    );
    lineage.add(made.cuts);
    network = made.network;
  };
  // Without their first filter the even ones are the second group of the layer from then on.
  cut({ both: [1, 2, 3], two: [0, 2, 4], one: [1, 2, 3, 4] });
  const names = lineage.names(channelMap(network));
  expect(names.get('both')).toBe('both[1]');
  expect(names.get('both[1]')).toBe('both');
  // Of the even ones the last, of the odd ones the two in the middle.
  cut({ both: [1, 2], 'both[1]': [2], two: [1, 2] });
  cut({ one: [0, 3] });

  const left = new Map(lineage.left(channelMap(network)).map(({ group, kept }) => [group, kept]));
  expect(left).toEqual(
    new Map([
      ['both', [3]],
      ['both[1]', [1, 2]],
      ['one', [1, 4]],
      ['two', [2, 4]],
      ['head', [0, 1, 2]],
    ]),
  );
  // Their weights are still those of filters 6, 3 and 5.
  const weight = (filter: number) => [...first.slice(2 * filter, 2 * filter + 2)];
  expect([...constantOf(network, 'both.weight').data]).toEqual([3, 5, 6].flatMap(weight));
});
