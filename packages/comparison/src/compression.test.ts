import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparedResult } from '../test/compared-result.ts';
import { type ComparedResult, comparability } from './comparability.ts';
import {
  COMPRESSION_METRICS,
  type CompressedRun,
  type CompressionConditions,
  type CompressionMetric,
  type Costs,
  ratiosOf,
  compression as rowsOf,
} from './compression.ts';

const before: Costs = { params: 100, macs: 400, bytes: 1000, latency: 2, throughput: 500, predicted: 10 };
const after: Costs = { params: 50, macs: 100, bytes: 800, latency: 4, throughput: 1500, predicted: 4 };
type Run = CompressedRun & CompressionConditions;
const run = (id: string, edits: Partial<Run> = {}): Run => ({
  ...{ id, base: 'net', dataset: 'cifar', images: 1000, recipe: null, recalibrated: null, repaired: null },
  ...{ preprocessing: null, network: null },
  ...{ qualityMetric: 'top1', better: 'higher', outputWeights: null },
  ...{ baseValue: 0.9, value: 0.89, before: before.macs, after: after.macs },
  ...edits,
});
/** Of runs each in a batch of its own. */
const compression = (runs: readonly Run[], budgets: readonly number[], metric: CompressionMetric) =>
  rowsOf(
    runs.map((each) => ({ ...each, runs: [each] })),
    budgets,
    metric,
  ).map(({ batches, ...row }) => ({ ...row, runs: batches.map((batch): Run => batch) }));
const smaller = (macs: number) => ({ after: macs });

describe('ratios', () => {
  it('are base over pruned, and of throughput the other way round', () => {
    expect(ratiosOf({ before, after })).toEqual({
      params: 2,
      macs: 4,
      bytes: 1.25,
      latency: 0.5,
      throughput: 3,
      predicted: 2.5,
    });
  });

  it('are null where something is not known, or nothing', () => {
    const bare = { params: 0, macs: 100, bytes: null, latency: null, throughput: null, predicted: null };
    const unknown = { params: null, bytes: null, latency: null, throughput: null, predicted: null };
    expect(ratiosOf({ before, after: bare })).toEqual({ ...unknown, macs: 4 });
  });
});

describe('compression', () => {
  it('takes the largest ratio within each budget', () => {
    const runs = [
      run('kept', { value: 0.9, ...smaller(300) }),
      run('half', { value: 0.895, ...smaller(200) }),
      // Exactly a point, in numbers that are not exact: 0.9 - 0.89 > 0.01.
      run('quarter', { value: 0.89, ...smaller(100) }),
      run('tenth', { value: 0.5, ...smaller(40) }),
    ];
    const [row] = compression(runs, [0, 0.005, 0.01, 0.05, 1], 'macs');
    expect(row?.best.map((best) => best?.run.id)).toEqual(['kept', 'half', 'quarter', 'quarter', 'tenth']);
    expect(row?.best[1]?.drop).toBeCloseTo(0.005, 12);
  });

  it('takes equal networks for one, and not the one that happened to be timed as the fastest', () => {
    const timed = (id: string, after: number | null) => run(id, { network: 'same', before: 10, after });
    const [row] = compression([timed('none', null), timed('first', 8), timed('lucky', 5)], [0.1], 'latency');
    expect(row).toMatchObject({ networks: 1, best: [{ run: { id: 'first' } }] });
    expect(compression([run('a'), run('b')], [0.1], 'macs')[0]?.networks).toBe(2);
  });

  it('takes the earliest of equal networks in whatever order and batches they come', () => {
    const timed = (id: string, after: number) => run(id, { network: 'same', before: 10, after });
    const [a, b, c] = [timed('a', 8), timed('b', 5), timed('c', 4)];
    const batches = [
      [{ ...b, runs: [c, b, a] }],
      [
        { ...b, runs: [c] },
        { ...b, runs: [b, a] },
      ],
    ];
    for (const some of batches) {
      const [row, ...others] = rowsOf(some, [0.1], 'latency');
      expect(others).toEqual([]);
      expect(row).toMatchObject({ networks: 1, best: [{ run: { id: 'a' } }] });
    }
  });

  it('compares predicted times by one device profile only, and has no row for runs without one', () => {
    const timed = (id: string, profile: string | null, after: number) =>
      run(id, { profile, before: 10, after: profile === null ? null : after });
    const runs = [
      timed('slow', 'board', 8),
      timed('none', null, 1),
      timed('fast', 'board', 5),
      timed('other', 'phone', 2),
    ];
    const rows = compression(runs, [0.1], 'predicted');
    expect(rows.map(({ runs: own, best }) => [own.map(({ id }) => id), best[0]?.run.id])).toEqual([
      [['slow', 'fast'], 'fast'],
      [['other'], 'other'],
    ]);
    // What is counted is the same on every device.
    expect(compression(runs, [0.1], 'macs')[0]?.runs).toHaveLength(4);
  });

  it('has nothing where no run keeps to a budget, or none has the metric', () => {
    const runs = [run('a', { value: 0.8 }), run('b', { value: null }), run('c', { baseValue: null })];
    expect(compression(runs, [0.01], 'macs')[0]?.best).toEqual([null]);
    const untimed = run('d', { after: null });
    expect(compression([untimed], [1], 'latency')[0]?.best).toEqual([null]);
    expect(compression([], [0.01], 'macs')).toEqual([]);
  });

  it('of equal ratios prefers the more accurate run, then the earlier', () => {
    const runs = [run('c', { value: 0.89 }), run('b', { value: 0.895 }), run('a', { value: 0.895 })];
    expect(compression(runs, [0.05], 'macs')[0]?.best[0]?.run.id).toBe('a');
  });

  it('goes by the metric of its runs: an error that grew by no more than the budget, each metric in a row of its own', () => {
    const error = { qualityMetric: 'fidelity', better: 'lower', baseValue: 0 } as const;
    const runs = [
      run('near', { ...error, value: 0.05, ...smaller(200) }),
      run('far', { ...error, value: 0.3, ...smaller(100) }),
      run('by top-1', { value: 0.9, ...smaller(50) }),
    ];
    const rows = compression(runs, [0.1, 0.5], 'macs');
    expect(rows.map(({ best }) => best.map((one) => one?.run.id))).toEqual([
      ['near', 'far'],
      ['by top-1', 'by top-1'],
    ]);
    expect(rows[0]?.best[1]?.drop).toBeCloseTo(0.3, 12);
  });

  it('has rows apart for programs that do not score the unpruned network alike, and says so of those that do', () => {
    const by = (evaluator: string, baseValue: number) => ({ evaluator, baseValue, decoding: null });
    const runs = [
      run('ours', { decoding: 2, ...smaller(200) }),
      run('bridged', { ...by('pytorch 1', 0.9005), ...smaller(100) }),
      run('apart', { ...by('jax 1', 0.95), ...smaller(50) }),
    ];
    const rows = compression(runs, [0.1], 'macs');
    expect(rows.map(({ best, evaluators }) => [best[0]?.run.id, evaluators])).toEqual([
      ['bridged', ['pytorch 1']],
      ['apart', ['jax 1']],
    ]);
    expect(rows[0]?.reservation).toMatch(/evaluated by different programs \(Espalier, pytorch 1\)/);
    expect(rows[1]?.reservation).toBeNull();
  });

  it('takes no run of which a worker found another value than was told', () => {
    const found = (recomputedDifference: number) => ({ recomputedDifference, recomputedError: 0 });
    const runs = [
      run('agrees', { ...found(0.0005), ...smaller(200) }),
      run('does not', { ...found(-0.05), ...smaller(50) }),
    ];
    expect(compression(runs, [0.1], 'macs')[0]?.best[0]?.run.id).toBe('agrees');
  });

  it('agrees with a plain search, and mixes no runs that do not compare', () => {
    const few = (...values: (string | null)[]) => fc.constantFrom(...values);
    const arbitrary = fc.record({
      base: fc.constantFrom('net', 'other'),
      qualityMetric: fc.constantFrom('top1', 'agreement'),
      outputWeights: fc.constantFrom(null, 'heat 3'),
      recipe: few(null, 'short', 'long'),
      recalibrated: fc.constantFrom(null, 0, 500),
      repaired: fc.constantFrom(null, 0, 2000),
      images: fc.constantFrom(1000, 2000),
      value: fc.option(fc.integer({ min: 80, max: 92 }).map((points) => points / 100)),
      macs: fc.integer({ min: 1, max: 8 }),
      judged: fc.constantFrom<Partial<Run>>(
        { decoding: 1 },
        { decoding: 2 },
        { decoding: null, evaluator: 'pytorch 1', baseValue: 0.9005 },
        { decoding: null, evaluator: 'jax 1', baseValue: 0.95 },
      ),
    });
    fc.assert(
      fc.property(
        fc.array(arbitrary, { maxLength: 25 }),
        fc.integer({ min: 0, max: 10 }),
        (drawn, points) => {
          const runs = drawn.map(({ macs, judged, ...edits }, i) =>
            run(String(i).padStart(2, '0'), { ...edits, ...judged, ...smaller(macs) }),
          );
          const rows = compression(runs, [points / 100], 'macs');
          expect(rows.flatMap((row) => row.runs).length).toBe(runs.length);
          for (const { runs: some, best } of rows) {
            expect(comparability(some.map(compared)).verdict).not.toBe('not-comparable');
            // Hundredths of points: what is equal in them is equal.
            const lost = ({ baseValue, value }: Run) =>
              Math.round(((baseValue ?? 0) - (value ?? 0)) * 10_000);
            const fit = some.filter((one) => one.value !== null && lost(one) <= points * 100);
            const most = Math.min(...fit.map((one) => one.after ?? 0));
            expect(best[0]?.run.after ?? Number.POSITIVE_INFINITY).toBe(most);
          }
        },
      ),
    );
  });

  it('takes more of throughput for better, and less of everything else', () => {
    for (const metric of COMPRESSION_METRICS) {
      const runs = [
        run('less', { after: 10, profile: 'board' }),
        run('more', { profile: 'board', after: 20 }),
      ];
      const [row] = compression(runs, [0.05], metric);
      expect([metric, row?.best[0]?.run.id]).toEqual([metric, metric === 'throughput' ? 'more' : 'less']);
    }
  });
});

/** What the rules of comparability know of such a run. */
function compared({ id, base, dataset, images, ...run }: Run): ComparedResult {
  const { recipe, recalibrated, repaired, qualityMetric, outputWeights } = run;
  const { evaluator, decoding, baseValue } = run;
  return comparedResult({
    ...{ name: id, base, dataset, images, recipe, recalibrated, repaired, qualityMetric, outputWeights },
    ...{ evaluator, decoding, baseValue, device: null },
  });
}
