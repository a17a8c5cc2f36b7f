import { expect, it } from 'vitest';
import { compressionParams, compressionVariables, readBudgets, readCompressionView } from './view.ts';

it('is all in the address, both ways', () => {
  for (const address of [
    '',
    'metric=latency',
    'budgets=0.3%2C1',
    'metric=bytes&project=proj_1&dataset=data_1&all=1',
  ]) {
    const view = readCompressionView(Object.fromEntries(new URLSearchParams(address)));
    expect(compressionParams(view).toString()).toBe(address);
  }
});

it('takes budgets in points, in any order, and asks for fractions', () => {
  expect(readBudgets('5, 0.3 1;1')).toEqual([0.3, 1, 5]);
  const view = readCompressionView({ budgets: '0.3,7', metric: 'params' });
  expect(compressionVariables(view)).toEqual({ metric: 'PARAMS', budgets: [0.003, 0.07], filter: {} });
});

it('goes by its own budgets where an address has none that are good', () => {
  for (const budgets of ['', 'much', '-1', '101', '1,2,3,4,5,6,7,8,9,10,11']) {
    expect(readBudgets(budgets)).toBe(null);
    expect(readCompressionView({ budgets }).budgets).toEqual([0.5, 1, 2, 5]);
  }
});
