import { InputError } from '@espalier/errors';
import type { CostMetric } from '@espalier/network';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { architectures } from '../../../../test/generate/architectures.ts';
import { ranked } from '../../test/ranked.ts';
import { predictedDamage } from './damage.ts';
import { allocationNames, checkReachable, findAllocation } from './index.ts';
import {
  type AllocationProblem,
  checkLimits,
  largestSaving,
  saving,
  type WidthLimits,
  widthLadder,
} from './problem.ts';
import { parseTarget } from './target.ts';

const network = architectures['resnet20-cifar']?.();
if (!network) throw new Error('there is no architecture resnet20-cifar');
const { rankings, cost } = ranked(network);
/** By hand: something of every group, unevenly. */
const names = [...allocationNames, 'manual(*=0.3;*conv1*=0.5)'];

function problem(metric: CostMetric, share: number, limits: WidthLimits = {}, seed = 1): AllocationProblem {
  return {
    rankings,
    cost,
    target: { metric, share },
    ladders: rankings.map(({ group }) => widthLadder(group.width, group.id, limits)),
    samples: rankings.map(({ group }, g) => {
      const steepness = 0.2 + ((g * 7 + seed) % 5) / 4;
      return [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((ratio) => ({
        removed: Math.floor(ratio * group.width + 1e-9),
        drop: Math.round(1000 * 0.8 * ratio ** (1 / steepness)) / 1000,
        loss: 3 * ratio ** (1.5 / steepness),
      }));
    }),
  };
}

describe.each(names)('%s', (name) => {
  const allocation = findAllocation(name);

  test('meets every reachable target on its safe side, within every limit', () => {
    const cases = fc.record({
      metric: fc.constantFrom<CostMetric>('macs', 'params'),
      share: fc.double({ min: 0.01, max: 0.95, noNaN: true }),
      align: fc.constantFrom(1, 4, 8, 'auto' as const),
      maxRatio: fc.constantFrom(0.5, 0.75, 0.9),
      minWidth: fc.constantFrom(1, 3),
      seed: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(cases, ({ metric, share, seed, ...limits }) => {
        const posed = problem(metric, share, limits, seed);
        if (largestSaving(posed) < share) {
          expect(() => allocation.allocate(posed)).toThrow(InputError);
          return;
        }
        const found = allocation.allocate(posed);
        expect(found.achieved[metric]).toBeGreaterThanOrEqual(share - 1e-12);
        expect(found.achieved[metric]).toBeCloseTo(saving(posed, found.widths), 12);
        found.widths.forEach((width, g) => {
          expect(posed.ladders[g]).toContain(width);
          const whole = rankings[g]?.group.width ?? 0;
          const step = limits.align === 'auto' ? (whole >= 32 ? 8 : 4) : limits.align;
          expect(width === whole || width % step === 0).toBe(true);
          expect(whole - width).toBeLessThanOrEqual(Math.floor(limits.maxRatio * whole + 1e-9));
        });
        expect(found.trace.length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  test('keeps excluded groups whole', () => {
    const keep = [rankings[1]?.group.id ?? ''];
    const found = allocation.allocate(problem('macs', 0.4, { keep }));
    expect(found.widths[1]).toBe(rankings[1]?.group.width);
  });

  test('says what can be reached where the target cannot', () => {
    const posed = problem('macs', 0.99, { maxRatio: 0.5 });
    const largest = Math.floor(largestSaving(posed) * 1e4) / 1e4;
    expect(() => checkReachable(posed)).toThrow(
      `the largest reachable saving is ${largest.toFixed(4)} of the macs`,
    );
    expect(() => allocation.allocate(posed)).toThrow(InputError);
  });
});

test.each(['cie', 'cie-proportional', 'greedy', 'least-loss', 'least-drop'])(
  '%s gives back until nothing more fits',
  (name) => {
    const posed = problem('macs', 0.5);
    const { widths } = findAllocation(name).allocate(posed);
    posed.ladders.forEach((ladder, g) => {
      const wider = ladder[ladder.indexOf(widths[g] ?? 0) - 1];
      if (wider === undefined) return;
      const restored = widths.map((width, i) => (i === g ? wider : width));
      expect(saving(posed, restored)).toBeLessThan(0.5);
    });
  },
);

test('cie takes the smallest tolerance that reaches the target', () => {
  const posed = problem('macs', 0.5);
  const { trace } = findAllocation('cie').allocate(posed);
  const probes = trace.filter(({ kind }) => kind === 'bisect');
  const reached = probes.filter((probe) => probe.saving >= 0.5).map(({ threshold }) => threshold);
  const missed = probes.filter((probe) => probe.saving < 0.5).map(({ threshold }) => threshold);
  expect(Math.min(...reached)).toBeGreaterThan(Math.max(...missed));
  expect(probes.length).toBeLessThan(15);
});

test('cie prunes the robust group and spares the fragile one', () => {
  const posed = problem('macs', 0.3);
  const samples = rankings.map(({ group }, g) =>
    [0.3, 0.6, 0.9].map((ratio) => ({
      removed: Math.floor(ratio * group.width + 1e-9),
      drop: g === 1 ? 0 : ratio,
      loss: 0,
    })),
  );
  const { widths } = findAllocation('cie').allocate({ ...posed, samples });
  expect((widths[1] ?? 0) / (rankings[1]?.group.width ?? 1)).toBeLessThan(0.2);
});

test.each(allocationNames)('%s meets the target where no sample shows any damage', (name) => {
  const posed = problem('macs', 0.5);
  const samples = posed.samples?.map((row) => row.map((sample) => ({ ...sample, drop: 0, loss: 0 })));
  expect(
    findAllocation(name).allocate({ ...posed, samples: samples ?? [] }).achieved.macs,
  ).toBeGreaterThanOrEqual(0.5);
});

test('greedy takes first what costs nothing, and never more than it must', () => {
  const posed = problem('macs', 0.3);
  const harmless = 4;
  const samples = rankings.map(({ group }, g) => [
    { removed: Math.floor(0.9 * group.width), drop: g === harmless ? 0 : 0.5, loss: 0 },
  ]);
  const { trace } = findAllocation('greedy').allocate({ ...posed, samples });
  const taken = trace.filter(({ kind }) => kind === 'take');
  expect(taken[0]?.threshold).toBe(0);
  expect(taken.at(-1)?.widths[harmless]).toBe(posed.ladders[harmless]?.at(-1));
  const savings = taken.map((step) => step.saving);
  expect(savings).toEqual([...savings].sort((a, b) => a - b));
});

test.each([
  ['least-loss', 'loss'],
  ['least-drop', 'drop'],
] as const)('%s goes by the %s, and damages less in all than any other', (name, by) => {
  const posed = problem('macs', 0.5);
  const other = by === 'loss' ? 'drop' : 'loss';
  const unlike = posed.samples?.map((row, g) => row.map((sample) => ({ ...sample, [other]: g % 2 })));
  const { widths } = findAllocation(name).allocate(posed);
  expect(findAllocation(name).allocate({ ...posed, samples: unlike ?? [] }).widths).toEqual(widths);
  const damage = predictedDamage(posed, name, (sample) => sample[by]);
  const sum = (all: readonly number[]) =>
    all.reduce((total, width, g) => total + (damage[g]?.[(rankings[g]?.group.width ?? 0) - width] ?? 0), 0);
  for (const rival of ['cie', 'greedy', 'uniform', 'sensitivity'])
    expect(sum(widths)).toBeLessThanOrEqual(sum(findAllocation(rival).allocate(posed).widths));
});

test('sensitivity takes ratios of the grid and nothing between', () => {
  const posed = problem('macs', 0.5);
  const { widths } = findAllocation('sensitivity').allocate(posed);
  widths.forEach((width, g) => {
    const whole = rankings[g]?.group.width ?? 0;
    const sampled = posed.samples?.[g]?.map(({ removed }) => removed) ?? [];
    expect([0, ...sampled]).toContain(whole - width);
  });
});

test('random depends on the seed and on nothing else', () => {
  const draw = (seed: number) => findAllocation('random').allocate({ ...problem('macs', 0.5), seed }).widths;
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('global takes the scores of lamp as they are', () => {
  const byLamp = { ...problem('macs', 0.5), ...ranked(network, 'lamp') };
  const { widths } = findAllocation('global').allocate(byLamp);
  // One threshold for all groups, raised score by score until enough is gone.
  const scores = byLamp.rankings.map((ranking) => [...ranking.scores]);
  const above = (threshold: number) =>
    scores.map((own, g) => Math.max(byLamp.ladders[g]?.at(-1) ?? 1, own.filter((s) => s > threshold).length));
  const thresholds = scores.flat().sort((a, b) => a - b);
  const first = thresholds.find((threshold) => saving(byLamp, above(threshold)) >= 0.5);
  expect(widths).toEqual(above(first ?? Number.NaN));
  // Scores of another criterion are divided by their group's mean: here that makes a difference.
  const others = byLamp.rankings.map((ranking) => ({ ...ranking, comparesAcrossGroups: false }));
  expect(findAllocation('global').allocate({ ...byLamp, rankings: others }).widths).not.toEqual(widths);
});

test('one ratio for all in multiples takes no step that the target does not need', () => {
  for (const share of [0.3, 0.5, 0.7]) {
    const posed = problem('macs', share);
    const ladders = posed.ladders.map(([whole = 1]) => [1, 0.75, 0.5, 0.25].map((part) => part * whole));
    const coarse = { ...posed, ladders };
    const { widths, achieved } = findAllocation('uniform').allocate(coarse);
    expect(achieved.macs).toBeGreaterThanOrEqual(share);
    const places = widths.map((width, g) => ladders[g]?.indexOf(width) ?? -1);
    // All at one ratio, or a step above it; one more group at its wider width, and the target is missed.
    expect(Math.max(...places) - Math.min(...places)).toBeLessThanOrEqual(1);
    for (const [g, place] of places.entries()) {
      if (place < Math.max(...places)) continue;
      const wider = widths.with(g, ladders[g]?.[place - 1] ?? 1);
      expect(saving(coarse, wider)).toBeLessThan(share);
    }
  }
});

test('allocations that go by samples refuse to work without them', () => {
  const { samples: _, ...posed } = problem('macs', 0.5);
  expect(() => findAllocation('cie').allocate(posed)).toThrow(/needs samples: give a data set or a sweep/);
  expect(findAllocation('uniform').allocate(posed).achieved.macs).toBeGreaterThanOrEqual(0.5);
});

test('widths by the usual steps are multiples of 8, of 4 in small groups', () => {
  expect(widthLadder(40, 'a', { align: 'auto' })).toEqual([40, 32, 24, 16, 8]);
  expect(widthLadder(31, 'a', { align: 'auto' })).toEqual([31, 28, 24, 20, 16, 12, 8, 4]);
  // What a round before has left goes on in the steps of the group as it was.
  expect(widthLadder(40, 'a', { align: 'auto' }, 24)).toEqual([24, 16, 8]);
  // Put down, it is what was put down, within the other limits; another alignment does not ask for it.
  const widths = [{ group: 'a', widths: [40, 30, 21, 3] }];
  expect(widthLadder(40, 'a', { align: 'auto', widths })).toEqual([40, 30, 21]);
  expect(widthLadder(40, 'a', { align: 'auto', widths }, 25)).toEqual([25, 21]);
  expect(widthLadder(40, 'b', { align: 'auto', widths })).toEqual([40, 32, 24, 16, 8]);
  expect(widthLadder(40, 'a', { align: 16, widths })).toEqual([40, 32, 16]);
});

test.each([
  [{ align: 0 }, 'limits.align', 'not of 0'],
  [{ minWidth: 1.5 }, 'limits.minWidth', 'not 1.5'],
  [{ maxRatio: 1 }, 'limits.maxRatio', 'between 0 and 1, not 1'],
  [{ keep: ['nowhere'] }, 'limits.keep', 'no prunable group "nowhere"; there are a, b, c, d, e and 1 more'],
])('limits %j are refused by their field', (limits, field, says) => {
  expect(() => checkLimits(limits, [...'abcdef'])).toThrow(
    expect.objectContaining({ name: 'InputError', field, message: expect.stringContaining(says) }),
  );
});

test.each(['macs', 'macs=', 'macs=0', 'macs=1', 'flops=0.5', 'macs=0.5=1', 'macs=x'])(
  'target "%s" is refused',
  (text) => {
    expect(() => parseTarget(text)).toThrow(InputError);
  },
);
