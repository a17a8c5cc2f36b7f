import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import { paretoFront, type RunPoint, scatterPlot } from './scatter.ts';

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
  expect(paretoFront(runs, ({ macs }) => macs, TOP1).map(({ id }) => id)).toEqual(['c2', 'c1', 'c3', 'u3']);
  // Without a latency there is nothing to rank.
  expect(paretoFront(runs, ({ latencyMs }) => latencyMs, TOP1)).toEqual([]);
  expect(paretoFront([], () => 1, TOP1)).toEqual([]);
});

it('keeps the smallest errors where less is better', () => {
  const runs = [run('c1', 20, 0.1), run('u1', 20, 0.2), run('c2', 10, 0.3), run('u2', 15, 0.4)];
  const front = paretoFront(runs, ({ macs }) => macs, { direction: 'LOWER' });
  expect(front.map(({ id }) => id)).toEqual(['c2', 'c1']);
});

it('tells criteria of one allocation apart by their form', () => {
  const runs = [run('u1', 20, 0.9), { ...run('u2', 10, 0.8), strategy: 'uniform · random' }];
  const [, dots] = scatterPlot(runs, null, 'macs', TOP1).series;
  expect(dots?.points[0]?.shape).not.toBe(dots?.points[1]?.shape);
});

it('dims what is dominated, and leaves the base out where its cost is not known', () => {
  const runs = [run('c1', 20, 0.9, 1), run('u1', 20, 0.8, 2)];
  const base = { value: 0.92, macs: 40, params: 50 };
  const series = (measure: 'macs' | 'latencyMs') => scatterPlot(runs, base, measure, TOP1).series;
  const [front, ...rest] = series('macs');
  expect(front).toMatchObject({ name: 'Pareto front', points: [{ x: 20, y: 0.9 }] });
  expect(rest.map(({ points }) => points[0]?.faint)).toEqual([false, true, undefined]);
  expect(rest.at(-1)).toMatchObject({ name: 'base', points: [{ x: 40, y: 0.92 }] });
  expect(series('latencyMs').map(({ name }) => name)).toEqual(['Pareto front', 'cie', 'uniform']);
});
