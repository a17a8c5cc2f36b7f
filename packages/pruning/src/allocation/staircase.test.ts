import { seededRandom } from '@espalier/datasets';
import { describe, expect, it, test } from 'vitest';
import { pricesOf } from '../cost-model.ts';
import type { Ranking } from '../criteria/index.ts';
import { predictedDamage } from './damage.ts';
import { allocationNames, checkReachable, findAllocation } from './index.ts';
import { type AllocationProblem, largestSaving, saving, usefulLadders, widthLadder } from './problem.ts';
import { fastest, worthwhile } from './staircase.ts';
import { resolveTarget } from './target.ts';

type Random = () => number;
type Widths = ArrayLike<number>;

/** A chain of layers: each takes what its inputs and outputs take in blocks, and more where a block is not full. */
function staircase(random: Random, wholes: readonly number[]): (widths: Widths) => number {
  const layers = Array.from({ length: wholes.length + 1 }, () => ({
    block: 2 + Math.floor(random() * 3),
    rate: 0.01 + random(),
    penalty: 2 * random(),
  }));
  return (widths) => {
    let sum = 0.3;
    for (const [i, { block, rate, penalty }] of layers.entries()) {
      const [inputs, outputs] = [widths[i - 1] ?? 3, widths[i] ?? 5];
      const blocks = (n: number) => Math.ceil(n / block);
      // A layer that meets a broken block leaves the fast path: one more unit makes it faster.
      const isSlow = inputs % block !== 0 || outputs % block !== 0;
      sum += rate * blocks(inputs) * blocks(outputs) * (isSlow ? 1 + penalty : 1);
    }
    return sum;
  };
}

/** Any time at all for any structure. */
function arbitrary(random: Random): (widths: Widths) => number {
  const known = new Map<string, number>();
  return (widths) => {
    const key = Array.from(widths).join();
    const time = known.get(key) ?? 0.2 + random();
    known.set(key, time);
    return time;
  };
}

function posed(random: Random, kind: 'staircase' | 'arbitrary', align = 1): AllocationProblem {
  const wholes = Array.from({ length: 3 }, () => 4 + Math.floor(random() * 5));
  const time = kind === 'staircase' ? staircase(random, wholes) : arbitrary(random);
  const rankings = wholes.map((width, g): Ranking => {
    const order = Array.from({ length: width }, (_, unit) => unit);
    const scores = Float64Array.from(order, () => 1 + random());
    return { group: { id: `g${g}`, firstUnit: 0, width } as Ranking['group'], scores, order };
  });
  const costOf = (widths: Widths) => ({ macs: 1, params: 1, latency: time(widths) });
  const cost = { base: costOf(wholes), cost: costOf };
  const ladders = wholes.map((width, g) => widthLadder(width, `g${g}`, { align }));
  const all = every(ladders);
  const least = Math.min(...all.map(time));
  const largest = 1 - least / cost.base.latency;
  const target = { metric: 'latency', share: Math.max(1e-6, largest * (0.2 + 0.75 * random())) } as const;
  return {
    ...{ rankings, cost, target, seed: 3, ladders: usefulLadders({ cost, target }, ladders) },
    samples: wholes.map((width) => {
      const [power, height] = [0.5 + 2 * random(), 0.2 + random()];
      return Array.from({ length: width - 1 }, (_, i) => {
        const drop = height * ((i + 1) / width) ** power;
        return { removed: i + 1, drop, loss: 2 * drop };
      });
    }),
  };
}

function every(ladders: readonly (readonly number[])[]): number[][] {
  return ladders.reduce<number[][]>(
    (all, ladder) => all.flatMap((widths) => ladder.map((width) => [...widths, width])),
    [[]],
  );
}

const pricesBy = (time: (widths: readonly number[]) => number) =>
  pricesOf({ cost: (widths) => ({ macs: 1, params: 1, latency: time(Array.from(widths)) }) }, 'latency');

const whole = ({ rankings }: AllocationProblem) =>
  rankings.map(({ group }) => widthLadder(group.width, group.id, {}));

function damageOf(problem: AllocationProblem, widths: readonly number[], what: 'drop' | 'loss'): number {
  const damage = predictedDamage(problem, '', (sample) => sample[what]);
  return widths.reduce(
    (sum, width, g) => sum + (damage[g]?.[(problem.rankings[g]?.group.width ?? 0) - width] ?? 0),
    0,
  );
}

const names = [...allocationNames, 'manual(*=0.3;g1=0.5)'];
const kinds = ['staircase', 'arbitrary'] as const;

describe.each(kinds)('where time is %s', (kind) => {
  test('the largest saving is that of all structures', () => {
    const random = seededRandom(1);
    for (let i = 0; i < 25; i++) {
      const problem = posed(random, kind);
      const best = Math.max(...every(whole(problem)).map((widths) => saving(problem, widths)));
      expect(largestSaving(problem)).toBeCloseTo(best, 12);
      expect(() => checkReachable(problem)).not.toThrow();
    }
  });

  test.each(names)('%s meets every reachable target', (name) => {
    const random = seededRandom(2);
    for (let i = 0; i < 25; i++) {
      const problem = posed(random, kind);
      const { widths, achieved, cost } = findAllocation(name).allocate(problem);
      expect(achieved.latency).toBeGreaterThanOrEqual(problem.target.share - 1e-12);
      expect(cost.latency).toBe(problem.cost.cost(widths).latency);
      for (const [g, width] of widths.entries()) expect(problem.ladders[g]).toContain(width);
    }
  });

  test.each([
    ['least-drop', 'drop'],
    ['least-loss', 'loss'],
  ] as const)('%s finds the least damage of all structures', (name, what) => {
    const random = seededRandom(3);
    for (let i = 0; i < 25; i++) {
      const problem = posed(random, kind);
      const found = findAllocation(name).allocate(problem);
      const enough = every(whole(problem)).filter(
        (widths) => saving(problem, widths) >= problem.target.share,
      );
      const least = Math.min(...enough.map((widths) => damageOf(problem, widths, what)));
      expect(damageOf(problem, found.widths, what)).toBeCloseTo(least, 9);
    }
  });

  test('cie takes the smallest tolerance of all that meet the target, and gives back until nothing more fits', () => {
    const random = seededRandom(4);
    for (let i = 0; i < 25; i++) {
      const problem = posed(random, kind);
      const { widths } = findAllocation('cie').allocate(problem);
      const damage = predictedDamage(problem, 'cie');
      const wholes = problem.rankings.map(({ group }) => group.width);
      const highest = (each: readonly number[]) =>
        Math.max(...each.map((width, g) => damage[g]?.[(wholes[g] ?? 0) - width] ?? 0));
      const tolerances = damage.flatMap((row) => [...row].filter(Number.isFinite)).sort((a, b) => a - b);
      const structures = tolerances.map((tolerance) =>
        problem.ladders.map((ladder, g) =>
          ladder.findLast((width) => (damage[g]?.[(wholes[g] ?? 0) - width] ?? 0) <= tolerance),
        ),
      );
      const reaching = structures.findIndex(
        (each) => saving(problem, each as number[]) >= problem.target.share,
      );
      if (reaching >= 0) expect(highest(widths)).toBeLessThanOrEqual((tolerances[reaching] ?? 0) + 1e-12);
      for (const [g, ladder] of problem.ladders.entries()) {
        for (const wider of ladder.filter((width) => width > (widths[g] ?? 0))) {
          expect(saving(problem, widths.with(g, wider))).toBeLessThan(problem.target.share);
        }
      }
    }
  });
});

it('leaves out widths at which a wider one is as fast, and no others', () => {
  const random = seededRandom(5);
  for (let i = 0; i < 40; i++) {
    const wholes = Array.from({ length: 3 }, () => 4 + Math.floor(random() * 3));
    const time = staircase(random, wholes);
    const ladders = wholes.map((width, g) => widthLadder(width, `g${g}`, {}));
    const left = worthwhile(ladders, pricesBy(time));
    for (const [g, ladder] of ladders.entries()) {
      expect(left[g]?.[0]).toBe(ladder[0]);
      for (const width of ladder) {
        const contexts = every(ladders);
        const isBeatenBy = (wider: number) =>
          contexts.every(
            (widths) => time(widths.with(g, wider)) <= time(widths.with(g, width)) * (1 + 1e-12),
          );
        const isBeaten = ladder.some((wider) => wider > width && isBeatenBy(wider));
        expect(left[g]?.includes(width)).toBe(!isBeaten);
      }
    }
  }
});

it('finds the fastest structure of many, where each group is best by itself', () => {
  const ladders = Array.from({ length: 20 }, () => widthLadder(64, 'g', {}));
  // Down to multiples of 16, and slower below 16.
  const time = (widths: readonly number[]) =>
    widths.reduce((sum, width, g) => sum + (g + 1) * (width < 16 ? 9 : Math.ceil(width / 16)), 0);
  expect(fastest(ladders, pricesBy(time)).every((width) => width === 16)).toBe(true);
  expect(worthwhile(ladders, pricesBy(time))[3]).toEqual([64, 48, 32, 16]);
});

it('takes milliseconds that are to be left as a share of what the network takes', () => {
  const base = { macs: 1, params: 1, latency: 8 };
  expect(resolveTarget({ metric: 'latency', ms: 2 }, base)).toEqual({
    metric: 'latency',
    ms: 2,
    share: 0.75,
  });
  expect(() => resolveTarget({ metric: 'latency', ms: 8 }, base)).toThrow(
    'target latency=8ms: the profile predicts 8.00 ms for the unpruned network; give less',
  );
  expect(() => resolveTarget({ metric: 'latency', share: 0.5 }, { macs: 1, params: 1 })).toThrow(
    'espalier profile MODEL --out device.json',
  );
});
