import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparedResult } from '../test/compared-result.ts';
import { type ComparedResult, comparability } from './comparability.ts';
import { COMPRESSION_METRICS, type CompressedRun, type Costs, compression, ratiosOf } from './compression.ts';

const before: Costs = { params: 100, macs: 400, bytes: 1000, latency: 2, throughput: 500 };
const after: Costs = { params: 50, macs: 100, bytes: 800, latency: 4, throughput: 1500 };
const run = (id: string, edits: Partial<CompressedRun> = {}): CompressedRun => ({
  ...{ id, base: 'net', dataset: 'cifar', images: 1000, recipe: null, recalibrated: null, repaired: null },
  ...{ preprocessing: null, network: null },
  ...{ baseTop1: 0.9, top1: 0.89, before: before.macs, after: after.macs },
  ...edits,
});
const smaller = (macs: number) => ({ after: macs });

describe('ratios', () => {
  it('are base over pruned, and of throughput the other way round', () => {
    expect(ratiosOf({ before, after })).toEqual({
      params: 2,
      macs: 4,
      bytes: 1.25,
      latency: 0.5,
      throughput: 3,
    });
  });

  it('are null where something is not known, or nothing', () => {
    const bare = { params: 0, macs: 100, bytes: null, latency: null, throughput: null };
    const unknown = { params: null, bytes: null, latency: null, throughput: null };
    expect(ratiosOf({ before, after: bare })).toEqual({ ...unknown, macs: 4 });
  });
});

describe('compression', () => {
  it('takes the largest ratio within each budget', () => {
    const runs = [
      run('kept', { top1: 0.9, ...smaller(300) }),
      run('half', { top1: 0.895, ...smaller(200) }),
      // Exactly a point, in numbers that are not exact: 0.9 - 0.89 > 0.01.
      run('quarter', { top1: 0.89, ...smaller(100) }),
      run('tenth', { top1: 0.5, ...smaller(40) }),
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

  it('has nothing where no run keeps to a budget, or none has the metric', () => {
    const runs = [run('a', { top1: 0.8 }), run('b', { top1: null }), run('c', { baseTop1: null })];
    expect(compression(runs, [0.01], 'macs')[0]?.best).toEqual([null]);
    const untimed = run('d', { after: null });
    expect(compression([untimed], [1], 'latency')[0]?.best).toEqual([null]);
    expect(compression([], [0.01], 'macs')).toEqual([]);
  });

  it('of equal ratios prefers the more accurate run, then the earlier', () => {
    const runs = [run('c', { top1: 0.89 }), run('b', { top1: 0.895 }), run('a', { top1: 0.895 })];
    expect(compression(runs, [0.05], 'macs')[0]?.best[0]?.run.id).toBe('a');
  });

  it('agrees with a plain search, and mixes no runs that do not compare', () => {
    const few = (...values: (string | null)[]) => fc.constantFrom(...values);
    const arbitrary = fc.record({
      base: fc.constantFrom('net', 'other'),
      recipe: few(null, 'short', 'long'),
      recalibrated: fc.constantFrom(null, 0, 500),
      repaired: fc.constantFrom(null, 0, 2000),
      images: fc.constantFrom(1000, 2000),
      top1: fc.option(fc.integer({ min: 80, max: 92 }).map((points) => points / 100)),
      macs: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(
        fc.array(arbitrary, { maxLength: 25 }),
        fc.integer({ min: 0, max: 10 }),
        (drawn, points) => {
          const runs = drawn.map(({ macs, ...edits }, i) =>
            run(String(i).padStart(2, '0'), { ...edits, ...smaller(macs) }),
          );
          const rows = compression(runs, [points / 100], 'macs');
          expect(rows.flatMap((row) => row.runs).length).toBe(runs.length);
          for (const { runs: some, best } of rows) {
            expect(comparability(some.map(compared)).verdict).not.toBe('not-comparable');
            // Whole points: what is equal in them is equal.
            const fit = some.filter(({ top1 }) => top1 !== null && Math.round(90 - top1 * 100) <= points);
            const most = Math.min(...fit.map((one) => one.after ?? 0));
            expect(best[0]?.run.after ?? Number.POSITIVE_INFINITY).toBe(most);
          }
        },
      ),
    );
  });

  it('takes more of throughput for better, and less of everything else', () => {
    for (const metric of COMPRESSION_METRICS) {
      const runs = [run('less', { after: 10 }), run('more', { after: 20 })];
      const [row] = compression(runs, [0.05], metric);
      expect([metric, row?.best[0]?.run.id]).toEqual([metric, metric === 'throughput' ? 'more' : 'less']);
    }
  });
});

/** What the rules of comparability know of such a run. */
function compared({
  id,
  base,
  dataset,
  images,
  recipe,
  recalibrated,
  repaired,
}: CompressedRun): ComparedResult {
  return comparedResult({ name: id, base, dataset, images, recipe, recalibrated, repaired, device: null });
}
