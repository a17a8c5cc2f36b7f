import { expect, it } from 'vitest';
import { budgetWords, readBudget } from './budget.ts';

it('reads a budget in the units of its form', () => {
  expect(readBudget({ budget: 'macs', most: '20.5' })).toEqual({ metric: 'macs', most: 20.5e6 });
  expect(readBudget({ budget: 'params', most: '120' })).toEqual({ metric: 'params', most: 120e3 });
  expect(readBudget({ budget: 'latencyMs', most: '1.4' })).toEqual({ metric: 'latencyMs', most: 1.4 });
});

it('takes nothing else for one', () => {
  for (const [budget, most] of [
    ['macs', ''],
    ['macs', '0'],
    ['macs', '-3'],
    ['macs', 'many'],
    ['macs', '1e999'],
    ['toString', '3'],
  ]) {
    expect(readBudget({ budget, most }), `${budget} ${most}`).toBeNull();
  }
  expect(readBudget({ budget: ['macs'], most: '3' })).toBeNull();
  expect(readBudget({})).toBeNull();
});

it('says it in words', () => {
  expect(budgetWords({ metric: 'macs', most: 20e6 })).toBe('20.0 M MACs');
  expect(budgetWords({ metric: 'params', most: 120e3 })).toBe('120 k params');
  expect(budgetWords({ metric: 'latencyMs', most: 1.4 })).toBe('1.40 ms');
});
