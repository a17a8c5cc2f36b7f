import { seededRandom } from '@espalier/datasets';
import type { CostMetric } from '@espalier/network';
import { describe, expect, test } from 'vitest';
import { architectures } from '../../../../test/generate/architectures.ts';
import { syntheticProfile } from '../../../latency/test/synthetic-profile.ts';
import { ranked } from '../../test/ranked.ts';
import { unitsRemoved } from '../grid.ts';
import { Explorer } from './explorer.ts';
import { allocationNames, findAllocation } from './index.ts';
import { largestSaving, usefulLadders, widthLadder } from './problem.ts';

const network = architectures['resnet20-cifar']?.();
if (!network) throw new Error('there is no architecture resnet20-cifar');
const engine = { name: 'onnxruntime', version: '1', description: 'a test', threads: 1 } as const;
const { rankings, cost } = ranked(network, 'l1', 0, syntheticProfile(network, engine));
const random = seededRandom(2);
const samples = rankings.map(({ group }) => {
  const [power, height] = [0.5 + 3 * random(), 0.1 + random()];
  return [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((ratio) => {
    const drop = Math.round(500 * height * ratio ** power) / 500;
    return { removed: unitsRemoved(ratio, group.width), drop, loss: 3 * height * ratio ** (power + 1) };
  });
});
const limits = { align: 'auto' } as const;
const names = [...allocationNames, 'manual(*=0.3;*conv1*=0.5)'];

describe.each<CostMetric>(['macs', 'params', 'latency'])('targets of %s', (metric) => {
  const explorer = new Explorer({ rankings, cost }, { limits, samples, seed: 3 });
  const ladders = usefulLadders(
    { cost, target: { metric, share: 0 } },
    rankings.map(({ group }) => widthLadder(group.width, group.id, limits)),
  );

  test.each(names)('%s: one after the other, in any order, as each by itself', (name) => {
    const largest = largestSaving({ rankings, cost, ladders, target: { metric, share: 0 } });
    expect(explorer.largest(metric)).toBe(largest);
    // Those that keep nothing but what they found take seconds.
    for (const part of name.startsWith('least') ? [0.6] : [0.9, 0.2, 0.6, 0.61, 0.2, 0.95]) {
      const target = { metric, share: part * largest };
      const alone = findAllocation(name).allocate({ rankings, cost, target, ladders, samples, seed: 3 });
      expect(explorer.find(name, target)).toEqual(alone);
    }
    expect(() => explorer.find(name, { metric, share: (1 + largest) / 2 })).toThrow('cannot be reached');
  });
});

test('the predicted drop is the sum of those of the groups, and unknown beyond what was sampled', () => {
  const explorer = new Explorer({ rankings, cost }, { limits: {}, samples, seed: 0 });
  const whole = rankings.map(({ group }) => group.width);
  expect(explorer.predictedDrop(whole)).toBe(0);
  const [first, second] = [samples[0]?.[4], samples[1]?.[8]];
  if (!first || !second) throw new Error('there are fewer samples');
  const widths = whole.with(0, (whole[0] ?? 0) - first.removed).with(1, (whole[1] ?? 0) - second.removed);
  expect(explorer.predictedDrop(widths)).toBeCloseTo(first.drop + second.drop, 12);
  expect(explorer.predictedDrop(whole.with(1, 1))).toBeNull();
});
