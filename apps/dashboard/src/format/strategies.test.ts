import { expect, it } from 'vitest';
import { byHand, strategyColour } from './strategies.ts';

it('tells manual shares from other allocations, and gives them one colour', () => {
  expect(byHand('manual(a(b)=0.5;c=0.1)')).toBe('a(b)=0.5;c=0.1');
  expect(byHand('cie')).toBe(null);
  expect(strategyColour('manual(a=0.1)')).toBe(strategyColour('manual(b=0.2)'));
  expect(strategyColour('manual(a=0.1)')).not.toBe(strategyColour('cie'));
});
