import { expect, it } from 'vitest';
import { LIGHT } from './palette.ts';
import { paretoFront, type RunPoint, scatterOption } from './scatter.ts';

const run = (id: string, macs: number, top1: number, latencyMs: number | null = null): RunPoint => ({
  ...{ id, name: id, allocation: id.startsWith('c') ? 'cie' : 'uniform', params: macs },
  ...{ strategy: 'cie · l1', strategyKey: 'cie', networkHash: null, metric: 'MACS', share: 0.5 },
  ...{ macs, top1, latencyMs, predictedMs: null },
});

it('keeps the runs that none other beats', () => {
  const runs = [
    run('c1', 20, 0.9),
    run('u1', 20, 0.8),
    run('c2', 10, 0.85),
    run('u2', 15, 0.85),
    run('u3', 30, 0.95),
    run('c3', 20, 0.9),
  ];
  expect(paretoFront(runs, 'macs').map(({ id }) => id)).toEqual(['c2', 'c1', 'c3', 'u3']);
  // Without a latency there is nothing to rank.
  expect(paretoFront(runs, 'latencyMs')).toEqual([]);
  expect(paretoFront([], 'macs')).toEqual([]);
});

it('dims what is dominated, and leaves the base out where its cost is not known', () => {
  const runs = [run('c1', 20, 0.9, 1), run('u1', 20, 0.8, 2)];
  const base = { top1: 0.92, macs: 40, params: 50 };
  const series = (measure: 'macs' | 'latencyMs') =>
    // biome-ignore lint/suspicious/noExplicitAny: the option is the library's loose shape
    (scatterOption(runs, base, measure, LIGHT) as any).series;
  const opacity = series('macs')
    .slice(0, 2)
    .map((each: { data: { itemStyle: { opacity: number } }[] }) => each.data[0]?.itemStyle.opacity);
  expect(opacity).toEqual([1, 0.4]);
  expect(series('macs').at(-1)).toMatchObject({ name: 'base', data: [{ value: [40, 0.92] }] });
  expect(series('latencyMs').at(-1)).toMatchObject({ name: 'Pareto front' });
});
