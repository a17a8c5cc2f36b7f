import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import { LIGHT } from './palette.ts';
import { paretoFront, type RunPoint, scatterOption } from './scatter.ts';

const run = (id: string, macs: number, value: number, latencyMs: number | null = null): RunPoint => ({
  ...{ id, name: id, allocation: id.startsWith('c') ? 'cie' : 'uniform', params: macs },
  ...{ strategy: 'cie · l1', strategyKey: 'cie', networkHash: null, metric: 'MACS', share: 0.5 },
  ...{ macs, value, latencyMs, predictedMs: null },
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
  expect(paretoFront(runs, 'macs', TOP1).map(({ id }) => id)).toEqual(['c2', 'c1', 'c3', 'u3']);
  // Without a latency there is nothing to rank.
  expect(paretoFront(runs, 'latencyMs', TOP1)).toEqual([]);
  expect(paretoFront([], 'macs', TOP1)).toEqual([]);
});

it('keeps the smallest errors where less is better', () => {
  const runs = [run('c1', 20, 0.1), run('u1', 20, 0.2), run('c2', 10, 0.3), run('u2', 15, 0.4)];
  const front = paretoFront(runs, 'macs', { direction: 'LOWER' });
  expect(front.map(({ id }) => id)).toEqual(['c2', 'c1']);
});

it('tells criteria of one allocation apart by their form', () => {
  const runs = [run('u1', 20, 0.9), { ...run('u2', 10, 0.8), strategy: 'uniform · random' }];
  // biome-ignore lint/suspicious/noExplicitAny: the option is the library's loose shape
  const [{ data }] = (scatterOption(runs, null, 'macs', TOP1, LIGHT) as any).series;
  expect(data[0].symbol).not.toBe(data[1].symbol);
});

it('dims what is dominated, and leaves the base out where its cost is not known', () => {
  const runs = [run('c1', 20, 0.9, 1), run('u1', 20, 0.8, 2)];
  const base = { value: 0.92, macs: 40, params: 50 };
  const series = (measure: 'macs' | 'latencyMs') =>
    // biome-ignore lint/suspicious/noExplicitAny: the option is the library's loose shape
    (scatterOption(runs, base, measure, TOP1, LIGHT) as any).series;
  const opacity = series('macs')
    .slice(0, 2)
    .map((each: { data: { itemStyle: { opacity: number } }[] }) => each.data[0]?.itemStyle.opacity);
  expect(opacity).toEqual([1, 0.4]);
  expect(series('macs').at(-1)).toMatchObject({ name: 'base', data: [{ value: [40, 0.92] }] });
  expect(series('latencyMs').at(-1)).toMatchObject({ name: 'Pareto front' });
});
