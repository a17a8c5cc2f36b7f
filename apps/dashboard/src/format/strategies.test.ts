import { expect, it } from 'vitest';
import { byHand, runTitle, strategyColour, strategyWords } from './strategies.ts';

it('names a strategy, cut off where a person wrote a share for every group', () => {
  const run = { metric: 'macs', share: 0.5, seed: 0, criterion: 'l1' };
  expect(runTitle({ ...run, allocation: 'cie-proportional' })).toBe(
    'cie-proportional · l1 · 50 % MACs · seed 0',
  );
  expect(strategyWords({ ...run, allocation: 'manual(*=0.5)' })).toBe('manual(*=0.5) · l1');
  const long = `manual(${Array.from({ length: 20 }, (_, i) => `layer${i}=0.5`).join(';')})`;
  expect(strategyWords({ ...run, allocation: long })).toBe('manual(layer0=0.5;layer1=0…) · l1');
});

it('tells shares by hand from other allocations, and gives them one colour', () => {
  expect(byHand('manual(a(b)=0.5;c=0.1)')).toBe('a(b)=0.5;c=0.1');
  expect(byHand('cie')).toBe(null);
  expect(strategyColour('manual(a=0.1)')).toBe(strategyColour('manual(b=0.2)'));
  expect(strategyColour('manual(a=0.1)')).not.toBe(strategyColour('cie'));
});
