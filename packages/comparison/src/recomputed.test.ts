import { expect, it } from 'vitest';
import { comparedResult } from '../test/compared-result.ts';
import { comparability } from './comparability.ts';
import { recomputedAgrees } from './recomputed.ts';

const told = (difference: number | null, error: number | null = 0) =>
  recomputedAgrees({ recomputedDifference: difference, recomputedError: error });

it('a worker finds what was told within 0.1 point, and two standard errors of drawn images', () => {
  expect([told(0.001), told(-0.001), told(0.0011), told(-0.02)]).toEqual([true, true, false, false]);
  expect([told(0.02, 0.01), told(0.0211, 0.01)]).toEqual([true, false]);
});

it('cannot be told where nothing was recomputed, or its error is not known', () => {
  expect([told(null), told(0.5, null), recomputedAgrees({})]).toEqual([null, null, null]);
});

it('a result that a worker does not find again does not compare', () => {
  const own = comparedResult({ seed: 1 });
  const external = comparedResult({ seed: 2, evidence: 'recomputed' });
  const rules = (difference: number) => {
    const again = { ...external, recomputedDifference: difference, recomputedError: 0 };
    const { verdict, reasons } = comparability([own, again]);
    return [verdict, reasons.map(({ rule }) => rule)];
  };
  expect(rules(-0.0005)).toEqual(rules(0));
  expect(rules(0)[1]).not.toContain('recomputed');
  expect(rules(-0.02)[0]).toBe('not-comparable');
  expect(rules(-0.02)[1]).toContain('recomputed');
});

it('what was told alone compares with what was computed here with a reservation, and with its like without', () => {
  const own = comparedResult({ seed: 1 });
  const external = comparedResult({ seed: 2, evidence: 'structureVerified' });
  const rules = (...results: Parameters<typeof comparability>[0]) =>
    comparability(results).reasons.map(({ rule }) => rule);
  expect(rules(own, external)).toContain('evidence');
  expect(rules(own, { ...external, evidence: 'recomputed' })).not.toContain('evidence');
  expect(rules(external, { ...external, seed: 3 })).not.toContain('evidence');
});

it('numbers without a network compare with whatever has one with a reservation that names MACs and params', () => {
  const reported = comparedResult({ seed: 1, evidence: 'reported' });
  const reservation = (evidence: string | null) =>
    comparability([reported, comparedResult({ seed: 2, evidence })]).reasons.find(
      ({ rule }) => rule === 'evidence',
    )?.text;
  for (const evidence of [null, 'structureVerified', 'recomputed']) {
    expect(reservation(evidence)).toMatch(/MACs and params.*no network was sent/);
  }
  expect(reservation('reported')).toBeUndefined();
});
