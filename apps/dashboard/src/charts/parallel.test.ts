import { expect, it } from 'vitest';
import { LIGHT } from './palette.ts';
import { parallelOption } from './parallel.ts';

it('has an axis each dimension and a line each run', () => {
  const option = parallelOption(
    [
      { name: 'allocation', values: ['uniform', 'cie', 'cie'] },
      { name: 'top-1', values: [0.8, 0.9, null] },
    ],
    ['#111', '#222', '#222'],
    LIGHT,
    // biome-ignore lint/suspicious/noExplicitAny: the option is the library's loose shape
  ) as any;
  expect(
    option.parallelAxis.map(({ type, data }: { type: string; data?: string[] }) => [type, data]),
  ).toEqual([
    ['category', ['cie', 'uniform']],
    ['value', undefined],
  ]);
  expect(option.series[0].data.map(({ value }: { value: unknown }) => value)).toEqual([
    ['uniform', 0.8],
    ['cie', 0.9],
    ['cie', '-'],
  ]);
});
