import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { comparedResult as result } from '../test/compared-result.ts';
import {
  apartOf,
  bySetting,
  type ComparedResult,
  comparability,
  comparableGroups,
  type RuleName,
} from './comparability.ts';
import { asCompared, shippedResults } from './published.ts';

const other = (edits: Partial<ComparedResult>) =>
  result({ name: 'uniform', allocation: 'uniform', ...edits });

/** Judged by another program, by no decoding of ours. */
const EXTERNAL = { evaluator: 'pytorch 1', decoding: undefined };

describe('comparability', () => {
  // Each rule by a pair that differs in nothing else.
  test.each<[RuleName, 'not-comparable' | 'reservations', Partial<ComparedResult>, ComparedResult?]>([
    ['published', 'not-comparable', { published: true }],
    ['base', 'not-comparable', { base: 'another' }],
    ['preprocessing', 'not-comparable', { preprocessing: 'other' }],
    ['dataset', 'not-comparable', { dataset: 'svhn' }],
    ['images', 'not-comparable', { images: 5000 }],
    ['decoding', 'not-comparable', { decoding: 1 }],
    ['evaluator', 'not-comparable', { ...EXTERNAL, baseValue: 0.948 }],
    ['evaluator', 'not-comparable', { ...EXTERNAL, baseValue: null }],
    ['evaluator', 'reservations', { ...EXTERNAL, baseValue: 0.949 }],
    // Also where neither is the platform's.
    [
      'evaluator',
      'reservations',
      { ...EXTERNAL, baseValue: 0.951 },
      result({ ...EXTERNAL, evaluator: 'jax 2', baseValue: 0.95 }),
    ],
    ['recipe', 'not-comparable', { recipe: null }],
    ['recalibration', 'not-comparable', { recalibrated: 500 }],
    ['repair', 'not-comparable', { repaired: 2000 }],
    ['repair', 'not-comparable', { repaired: 2000 }, result({ repaired: 500 })],
    ['qualityMetric', 'not-comparable', { qualityMetric: 'fidelity' }],
    ['qualityMetric', 'not-comparable', { qualityMetric: 'fidelity' }, result({ qualityMetric: 'loss' })],
    ['outputWeights', 'not-comparable', { outputWeights: 'heat 3' }],
    ['counter', 'not-comparable', { counter: 'multiplications and additions apart' }],
    ['ground', 'not-comparable', { recipe: undefined }, result({ recipe: undefined })],
    ['ground', 'not-comparable', { base: null }, result({ base: null })],
    ['measures', 'not-comparable', { macs: null }],
    ['measures', 'not-comparable', { params: null }],
    ['measures', 'not-comparable', { value: null }],
    ['top5', 'not-comparable', { classes: 1000 }, result({ classes: 1000, top5: 0.97 })],
    ['saving', 'reservations', { savedParams: 0.7, savedMacs: 0.8 }],
    ['target', 'reservations', { metric: 'params' }],
    ['target', 'reservations', { metric: 'latency', savedLatency: 0.5, profile: 'p' }],
    [
      'profile',
      'reservations',
      { savedLatency: 0.5, profile: 'p' },
      result({ savedLatency: 0.5, profile: 'another' }),
    ],
    ['device', 'reservations', { device: 'another machine' }],
  ])('%s', (rule, verdict, edits, first = result()) => {
    const found = comparability([first, other(edits)]);
    expect(found.verdict).toBe(verdict);
    expect(found.reasons.map((reason) => reason.rule)).toEqual([rule]);
  });

  it('sees settings with more seeds than others', () => {
    const found = comparability([result(), result({ seed: 1 }), other({})]);
    expect(found).toMatchObject({ verdict: 'reservations', reasons: [{ rule: 'seeds' }] });
    expect(comparability([result(), result({ seed: 1 }), other({}), other({ seed: 1 })]).verdict).toBe(
      'comparable',
    );
    expect(comparability([result({ seed: 1 }), other({ seed: 2 })])).toMatchObject({
      verdict: 'reservations',
      reasons: [{ rule: 'seeds', text: 'some settings have other seeds than others' }],
    });
  });

  it('asks for no seeds where nothing is drawn by them', () => {
    const fixed = { drawsNothing: true };
    expect(comparability([result(), result({ seed: 1 }), other(fixed)]).verdict).toBe('comparable');
    expect(comparability([result({ seed: 1, ...fixed }), other({ seed: 2, ...fixed })]).verdict).toBe(
      'comparable',
    );
  });

  it('goes by the key of a setting, whatever else of it is told', () => {
    const limited = (edits: Partial<ComparedResult> = {}) =>
      result({ setting: 'in multiples of 8', ...edits });
    const pair = [result(), result({ seed: 1 }), limited()];
    expect(comparability(pair)).toMatchObject({ reasons: [{ rule: 'seeds' }] });
    expect([...bySetting(pair).values()].map(({ length }) => length)).toEqual([2, 1]);
    expect(comparability([...pair, limited({ seed: 1 })]).verdict).toBe('comparable');
    // The same setting and seed once more is no further seed.
    expect(comparability([...pair, limited({ seed: 1 }), limited({ seed: 1 })]).verdict).toBe('comparable');
  });

  it('asks for top-5 from 100 classes on, and not before', () => {
    expect(comparability([result({ classes: 99 }), other({ classes: 99 })]).verdict).toBe('comparable');
    expect(comparability([result({ classes: 100 }), other({ classes: 100 })]).verdict).toBe('not-comparable');
  });

  it('takes results that name no metric for those of top-1, and asks others for no top-5', () => {
    expect(comparability([result(), other({ qualityMetric: 'top1' })]).verdict).toBe('comparable');
    const many = { classes: 1000, qualityMetric: 'fidelity', top5: null };
    expect(comparability([result(many), other(many)]).verdict).toBe('comparable');
  });

  it('has nothing against strategies under equal conditions, one result, or none', () => {
    for (const results of [[result(), other({})], [result()], []]) {
      expect(comparability(results)).toEqual({ verdict: 'comparable', reasons: [] });
    }
  });

  it('tells of own results beside publications what it tells without them', () => {
    const copied = shippedResults().slice(0, 5).map(asCompared);
    const own = [result(), other({ recalibrated: 500 })];
    const alone = comparability(own).reasons;
    expect(alone.map(({ rule }) => rule)).toEqual(['recalibration']);
    const beside = comparability([...own, ...copied]);
    expect(beside.verdict).toBe('not-comparable');
    expect(beside.reasons.map(({ rule }) => rule)).toEqual(['published', 'recalibration']);
    // Copied numbers do not rank among themselves either.
    expect(comparability(copied).verdict).toBe('not-comparable');
  });

  it('takes equal savings in one measure for one operating point, and puts grave reasons first', () => {
    expect(comparability([result(), other({ savedParams: 0.8 })]).verdict).toBe('comparable');
    const found = comparability([result(), other({ device: 'x', base: 'another' })]);
    expect(found.reasons.map(({ rule }) => rule)).toEqual(['base', 'device']);
  });
});

describe('comparableGroups', () => {
  it('puts together what may be compared, and nothing else', () => {
    const drawn = fc.record({
      base: fc.constantFrom('net', 'other', null),
      images: fc.constantFrom(100, 10_000),
      recipe: fc.constantFrom('r1', null, undefined),
      recalibrated: fc.constantFrom(null, 500),
      repaired: fc.constantFrom(undefined, null, 0, 2000),
      published: fc.boolean(),
      value: fc.constantFrom(0.9, null),
      qualityMetric: fc.constantFrom(undefined, 'top1', 'fidelity'),
      outputWeights: fc.constantFrom(undefined, null, 'heat 3'),
      seed: fc.nat(2),
      judged: fc.constantFrom(
        { decoding: 1, baseValue: 0.95 },
        { decoding: 2, baseValue: 0.95 },
        { ...EXTERNAL, baseValue: 0.9505 },
        { ...EXTERNAL, evaluator: 'jax 1', baseValue: 0.9495 },
        { ...EXTERNAL, evaluator: 'jax 2', baseValue: 0.9 },
        { ...EXTERNAL, evaluator: 'jax 3', baseValue: null },
      ),
    });
    fc.assert(
      fc.property(fc.array(drawn.map(edited), { maxLength: 20 }), (results) => {
        const { groups, lacking } = comparableGroups(results);
        expect([...groups.flat(), ...lacking].sort(byPlace(results))).toEqual(results);
        for (const group of groups) expect(comparability(group).verdict).not.toBe('not-comparable');
        for (const one of lacking) expect(comparability([one]).verdict).toBe('not-comparable');
        for (const [i, group] of groups.entries()) {
          for (const other of groups.slice(i + 1)) {
            expect(comparability([...group, ...other]).verdict).toBe('not-comparable');
          }
        }
      }),
    );
  });
});

function edited({ judged, ...edits }: Partial<ComparedResult> & { judged: Partial<ComparedResult> }) {
  return result({ ...edits, ...judged });
}

function byPlace(results: readonly ComparedResult[]) {
  return (a: ComparedResult, b: ComparedResult) => results.indexOf(a) - results.indexOf(b);
}

describe('savings that lie apart', () => {
  const by = (savedLatency: number, edits: Partial<ComparedResult> = {}) =>
    result({ metric: 'latency', savedLatency, profile: 'p', ...edits });

  it('of latency, by one device, whatever MACs say', () => {
    expect(apartOf(by(0.5), by(0.51, { savedMacs: 0.9 }))).toBeNull();
    expect(apartOf(by(0.5), by(0.6))).toBeCloseTo(0.1, 12);
  });

  it('of two devices are compared by MACs and params', () => {
    expect(apartOf(by(0.5), by(0.9, { profile: 'another' }))).toBeNull();
    expect(apartOf(by(0.5), by(0.5, { profile: 'another', savedMacs: 0.6, savedParams: 0.7 }))).toBeCloseTo(
      0.1,
      12,
    );
  });

  it('of the same time do not lie apart, though MACs and params do', () => {
    const other = by(0.5, { savedMacs: 0.7, savedParams: 0.8 });
    expect(comparability([by(0.5), other]).reasons.map(({ rule }) => rule)).toEqual([]);
  });
});
