import { describe, expect, it, test } from 'vitest';
import { badges, type ComparedResult, comparability, type RuleName } from './comparability.ts';
import { asCompared, shippedResults } from './published.ts';

const result = (edits: Partial<ComparedResult> = {}): ComparedResult => ({
  ...{ name: 'cie', published: false, base: 'net', dataset: 'cifar', images: 10_000, recipe: 'r1' },
  ...{ recalibrated: null, allocation: 'cie', criterion: 'l1', seed: 0, metric: 'macs', share: 0.5 },
  ...{ params: 1000, macs: 2000, savedParams: 0.4, savedMacs: 0.5, top1: 0.9, top5: null, classes: 10 },
  ...{ device: 'onnxruntime on a machine' },
  ...edits,
});
const other = (edits: Partial<ComparedResult>) =>
  result({ name: 'uniform', allocation: 'uniform', ...edits });

describe('comparability', () => {
  // Each rule by a pair that differs in nothing else.
  test.each<[RuleName, 'not-comparable' | 'reservations', Partial<ComparedResult>, ComparedResult?]>([
    ['published', 'not-comparable', { published: true }],
    ['base', 'not-comparable', { base: 'another' }],
    ['dataset', 'not-comparable', { dataset: 'svhn' }],
    ['images', 'not-comparable', { images: 5000 }],
    ['recipe', 'not-comparable', { recipe: null }],
    ['recalibration', 'not-comparable', { recalibrated: 500 }],
    ['measures', 'not-comparable', { macs: null }],
    ['saving', 'reservations', { savedParams: 0.7, savedMacs: 0.8 }],
    ['target', 'reservations', { metric: 'params' }],
    ['top5', 'reservations', { classes: 1000 }, result({ classes: 1000, top5: 0.97 })],
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

it('badges say what a careful comparison has, and what it lacks', () => {
  const earned = (results: ComparedResult[]) => badges(results).map((badge) => badge.earned);
  expect(earned([])).toEqual([false, false, false]);
  const allocations = ['cie', 'uniform', 'global', 'random'];
  const results = allocations.flatMap((allocation) =>
    [0.3, 0.4, 0.5, 0.6, 0.7].flatMap((share) =>
      [0, 1, 2].map((seed) => result({ allocation, share, seed })),
    ),
  );
  expect(earned(results)).toEqual([true, true, true]);
  expect(earned(results.filter(({ seed, share }) => seed < 2 || share > 0.3))).toEqual([true, false, true]);
  expect(earned(results.filter(({ share }) => share > 0.3))).toEqual([false, true, true]);
  expect(badges(results.filter(({ allocation }) => allocation !== 'global'))[2]?.text).toBe('without global');
});
