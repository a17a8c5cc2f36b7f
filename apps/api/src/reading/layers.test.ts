import { expect, it } from 'vitest';
import { architectures } from '../../../../test/generate/architectures.ts';
import { layersOf } from './layers.ts';

it('joins what costs something by what it reads from, over what costs nothing', () => {
  const network = architectures['resnet20-cifar']?.({ size: 32, width: 1, classes: 10 });
  if (!network) throw new Error('there is no such architecture');
  const layers = layersOf(network);
  const joins = layers.filter(({ op }) => op === 'Add');
  expect(joins).toHaveLength(9);
  for (const { from, macs } of joins) {
    expect(from).toHaveLength(2);
    expect(macs).toBe(0);
  }
  expect(layers.filter(({ from }) => from.length === 0).map(({ op }) => op)).toEqual(['Conv']);
  layers.forEach(({ from }, index) => {
    for (const origin of from) expect(origin).toBeLessThan(index);
  });
  // The head reads from the last sum, through an activation and a pool.
  expect(layers.at(-1)?.op).toBe('Gemm');
  expect(layers[layers.at(-1)?.from[0] ?? -1]?.op).toBe('Add');
});
