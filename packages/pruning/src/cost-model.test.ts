import { seededRandom } from '@espalier/datasets';
import { COST_METRICS, cutNetwork, networkCost } from '@espalier/network';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { architectures } from '../../../test/generate/architectures.ts';
import { syntheticProfile } from '../../latency/test/synthetic-profile.ts';
import { ranked } from '../test/ranked.ts';
import { pricesOf } from './cost-model.ts';
import { keptUnits } from './criteria/index.ts';

const ENGINE = { name: 'onnxruntime', version: '1', description: 'a test', threads: 1 } as const;

/** Residual streams, channel shuffle after a split, grouped and depthwise convolutions, dense concatenation. */
const names = ['resnet20-cifar', 'shufflenet-v2', 'resnext50', 'mobilenet-v3-small', 'densenet121'];

describe.each(names)('%s', (name) => {
  const network = architectures[name]?.({ size: 64, width: 0.25, classes: 10 });
  if (!network) throw new Error(`there is no architecture ${name}`);
  const { map, rankings, cost } = ranked(network, 'random');

  test('the formula gives the cost of the network that is cut', () => {
    const shares = fc.array(fc.double({ min: 0, max: 0.9, noNaN: true }), {
      minLength: rankings.length,
      maxLength: rankings.length,
    });
    fc.assert(
      fc.property(shares, (removed) => {
        const widths = rankings.map(
          ({ group }, g) => group.width - Math.floor((removed[g] ?? 0) * group.width),
        );
        const structure = rankings.map((ranking, g) => ({
          group: ranking.group.id,
          kept: keptUnits(ranking, widths[g] ?? 1),
        }));
        expect(cost.cost(widths)).toEqual(networkCost(cutNetwork(network, map, structure).network));
      }),
      { numRuns: 5 },
    );
  });

  test('around a structure that moves on it is the same to the last bit', () => {
    const timed = ranked(network, 'random', 0, syntheticProfile(network, ENGINE)).cost;
    const random = seededRandom(3);
    const drawn = (width: number) => 1 + Math.floor(random() * width);
    let widths = rankings.map((ranking) => drawn(ranking.group.width));
    const cursors = COST_METRICS.map((metric) => ({ metric, cursor: pricesOf(timed, metric).from(widths) }));
    for (const [g, { group }] of [...rankings.entries(), ...rankings.entries()]) {
      for (const { metric, cursor } of cursors) {
        const along = cursor.along(g);
        for (const width of [1, drawn(group.width), group.width]) {
          expect(along(width)).toBe(timed.cost(widths.with(g, width))[metric]);
        }
      }
      const next = drawn(group.width);
      widths = widths.with(g, next);
      for (const { cursor } of cursors) cursor.move(g, next);
    }
  });

  // Pairs of 120 groups, on machines that may be busy.
  test('what groups save adds up where nothing depends on both', { timeout: 60_000 }, () => {
    const { cost } = ranked(network, 'random', 0, syntheticProfile(network, ENGINE));
    const whole = rankings.map(({ group }) => group.width);
    const half = (widths: readonly number[], g: number) => widths.with(g, Math.ceil((widths[g] ?? 1) / 2));
    const left = (widths: readonly number[]) => cost.cost(widths);
    let apart = 0;
    for (const g of rankings.keys()) {
      for (const h of rankings.keys()) {
        if (g === h || cost.touches?.(g, h)) continue;
        apart++;
        const [both, one, other] = [
          left(half(half(whole, g), h)),
          left(half(whole, g)),
          left(half(whole, h)),
        ];
        for (const metric of ['params', 'macs', 'latency'] as const) {
          const sum = (one[metric] ?? 0) + (other[metric] ?? 0) - (left(whole)[metric] ?? 0);
          expect(both[metric] ?? 0).toBeCloseTo(sum, 9);
        }
      }
    }
    expect(apart).toBeGreaterThan(0);
  });
});
