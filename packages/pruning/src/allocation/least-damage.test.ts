import { seededRandom } from '@espalier/datasets';
import { type CostMetric, channelMap, type Network, prunableGroups } from '@espalier/network';
import { describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { ranked } from '../../test/ranked.ts';
import { leastDamage } from './least-damage.ts';
import { type AllocationProblem, reaches, saving, type WidthLimits, widthLadder } from './problem.ts';

type Random = () => number;
const whole = (random: Random, from: number, to: number) => from + Math.floor(random() * (to - from + 1));

/** Ascending from 0, of some shape: by steps, straight, late or early. */
function damages(random: Random, width: number): Float64Array {
  const [power, height] = [0.3 + 3 * random(), 0.1 + random()];
  const isStepped = random() < 0.3;
  let highest = 0;
  return Float64Array.from({ length: width + 1 }, (_, removed) => {
    const share = isStepped ? Math.ceil((4 * removed) / width) / 4 : removed / width;
    highest = Math.max(highest, removed === 0 ? 0 : height * share ** power * (0.8 + 0.4 * random()));
    return highest;
  });
}

const dense = (b: NetworkBuilder, x: string, out: number) => b.relu(b.gemm(x, out));

const coupled: readonly ((random: Random) => Network)[] = [
  (random) => {
    const b = new NetworkBuilder('chain');
    let x = b.input([3, 8, 8]);
    for (let i = 0; i < 4; i++) x = b.convBnRelu(x, whole(random, 4, 8), { stride: whole(random, 1, 2) });
    return b.build(b.head(x, 3));
  },
  (random) => {
    const b = new NetworkBuilder('stream');
    let x = b.convBnRelu(b.input([3, 8, 8]), 6);
    for (let i = 0; i < 3; i++) {
      const inner = b.convBnRelu(x, whole(random, 4, 7));
      x = b.relu(b.add(x, b.batchNorm(b.conv(inner, 6))));
    }
    return b.build(b.head(x, 3));
  },
  (random) => {
    const b = new NetworkBuilder('branches');
    const stem = b.convBnRelu(b.input([3, 8, 8]), whole(random, 4, 8));
    const sides = [1, 3].map((kernel) => b.convBnRelu(stem, whole(random, 3, 7), { kernel }));
    return b.build(b.head(b.convBnRelu(b.concat(sides), whole(random, 4, 8)), 3));
  },
  (random) => {
    const b = new NetworkBuilder('dense');
    let x = b.flatten(b.input([4]));
    for (let i = 0; i < 5; i++) x = dense(b, x, whole(random, 4, 6));
    return b.build(b.gemm(x, 3));
  },
];

/** Parallel layers between the same input and sum: what each of them costs is its own. */
function separate(random: Random, groups: number, widest: number): Network {
  const b = new NetworkBuilder('parallel');
  const x = b.input([3, 8, 8]);
  const sides = Array.from({ length: groups }, () => {
    const kernel = random() < 0.5 ? 1 : 3;
    return b.conv(b.relu(b.conv(x, whole(random, 3, widest), { kernel })), 4, { kernel });
  });
  return b.build(
    b.head(
      sides.reduce((sum, side) => b.add(sum, side)),
      3,
    ),
  );
}

function posed(network: Network, random: Random, limits: WidthLimits) {
  const { rankings, cost } = ranked(network);
  const metric: CostMetric = random() < 0.5 ? 'macs' : 'params';
  const damage = rankings.map(({ group }) => damages(random, group.width));
  const ladders = rankings.map(({ group }) => widthLadder(group.width, group.id, limits));
  const problem: AllocationProblem = {
    rankings,
    cost,
    target: { metric, share: 0.1 + 0.65 * random() },
    ladders,
  };
  return { problem, damage };
}

const sumOf = (damage: readonly Float64Array[], { ladders }: AllocationProblem, widths: readonly number[]) =>
  widths.reduce((sum, width, g) => sum + (damage[g]?.[(ladders[g]?.[0] ?? 0) - width] ?? Number.NaN), 0);

/** The least damage of all structures that meet the target. */
function byBruteForce(problem: AllocationProblem, damage: readonly Float64Array[]): number {
  let least = Number.POSITIVE_INFINITY;
  const visit = (widths: readonly number[], sum: number): void => {
    if (!(sum < least)) return;
    const ladder = problem.ladders[widths.length];
    if (!ladder) {
      if (reaches(problem, saving(problem, widths))) least = sum;
      return;
    }
    for (const width of ladder)
      visit([...widths, width], sum + (damage[widths.length]?.[(ladder[0] ?? 0) - width] ?? 0));
  };
  visit([], 0);
  return least;
}

describe('the least damage that meets the target', () => {
  it('is found exactly where costs add up', () => {
    let tried = 0;
    for (let seed = 0; seed < 60; seed++) {
      const random = seededRandom(seed);
      const network = separate(random, whole(random, 3, 5), 9);
      const sum = prunableGroups(channelMap(network)).find(({ producers }) => producers.length > 1)?.id ?? '';
      // The sum of the parallel layers stays as it is.
      const { problem, damage } = posed(network, random, { keep: [sum] });
      const least = byBruteForce(problem, damage);
      if (!Number.isFinite(least)) continue;
      tried++;
      const { widths } = leastDamage(problem, damage)(problem.target);
      expect(reaches(problem, saving(problem, widths))).toBe(true);
      expect(sumOf(damage, problem, widths)).toBeCloseTo(least, 12);
    }
    expect(tried).toBeGreaterThan(40);
  });

  it('is that of the grid alone where a limit leaves only few widths', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seededRandom(500 + seed);
      const network = coupled[0]?.(random) ?? separate(random, 3, 6);
      const limits = { align: 2, minWidth: 3, maxRatio: 0.6 };
      const { problem, damage } = posed(network, random, limits);
      const least = byBruteForce(problem, damage);
      if (!Number.isFinite(least)) {
        expect(() => leastDamage(problem, damage)(problem.target)).toThrow('cannot be reached');
        continue;
      }
      const { widths } = leastDamage(problem, damage)(problem.target);
      for (const [g, width] of widths.entries()) expect(problem.ladders[g]).toContain(width);
      expect(sumOf(damage, problem, widths)).toBeLessThan(1.005 * least + 1e-12);
    }
  });

  it('is found within half a percent where costs are products of widths', () => {
    const gaps: number[] = [];
    for (let seed = 0; seed < 80; seed++) {
      const random = seededRandom(1000 + seed);
      const network = coupled[seed % coupled.length]?.(random) ?? separate(random, 3, 6);
      const { problem, damage } = posed(network, random, { align: 1 });
      const least = byBruteForce(problem, damage);
      if (!Number.isFinite(least)) continue;
      const { widths } = leastDamage(problem, damage)(problem.target);
      expect(reaches(problem, saving(problem, widths))).toBe(true);
      gaps.push(sumOf(damage, problem, widths) / least - 1);
    }
    expect(gaps.length).toBeGreaterThan(60);
    expect(Math.max(...gaps)).toBeLessThan(0.005);
    expect(Math.min(...gaps)).toBeGreaterThan(-1e-9);
  });
});
