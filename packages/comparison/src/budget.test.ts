import { expect, it } from 'vitest';
import { bestUnder, type Priced } from './budget.ts';

const row = (name: string, value: number | null, macs: number | null, latencyMs: number | null = null) => ({
  ...{ name, value, macs, latencyMs, params: 100 },
  predictedMs: latencyMs === null ? null : latencyMs * 10,
});
const rows = [
  row('large', 0.93, 30e6, 2),
  row('dear', 0.91, 20e6, 1.5),
  row('cheap', 0.91, 18e6, 1.6),
  row('cheap again', 0.91, 18e6),
  row('small', 0.85, 10e6),
  row('without accuracy', null, 1e6),
  row('without cost', 0.99, null),
] satisfies Priced[];

it('finds the most accurate result within a budget, its edge included', () => {
  expect(bestUnder(rows, { metric: 'macs', most: 30e6 }, 'higher')?.name).toBe('large');
  expect(bestUnder(rows, { metric: 'macs', most: 17e6 }, 'higher')?.name).toBe('small');
  expect(bestUnder(rows, { metric: 'macs', most: 5e6 }, 'higher')).toBeNull();
});

it('takes the cheaper of equally accurate ones, and the first of equal ones', () => {
  expect(bestUnder(rows, { metric: 'macs', most: 20e6 }, 'higher')?.name).toBe('cheap');
  expect(bestUnder(rows, { metric: 'latencyMs', most: 1.7 }, 'higher')?.name).toBe('dear');
  expect(bestUnder(rows, { metric: 'predictedMs', most: 20 }, 'higher')?.name).toBe('large');
});

it('goes by the metric that was asked for, and by what is known of it', () => {
  expect(bestUnder(rows, { metric: 'params', most: 100 }, 'higher')?.name).toBe('without cost');
  expect(bestUnder(rows, { metric: 'latencyMs', most: 1 }, 'higher')).toBeNull();
});

it('takes the smallest error where less is better', () => {
  expect(bestUnder(rows, { metric: 'macs', most: 20e6 }, 'lower')?.name).toBe('small');
});
