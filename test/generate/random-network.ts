import {
  branchUnits,
  type ChannelMap,
  type KeptUnits,
  type Network,
  prunableGroups,
} from '@espalier/network';
import fc from 'fast-check';
import { NetworkBuilder } from '../../packages/network/test/builder.ts';
import type { Random } from '../../packages/network/test/random.ts';
import { blocks } from './blocks/index.ts';
import { heads } from './heads.ts';

/** What a random network consists of; the seed decides widths, weights and everything else. */
export interface NetworkPlan {
  readonly seed: number;
  readonly blocks: readonly string[];
  readonly head: string;
  readonly extents: readonly [height: number, width: number];
  /** Whether a value in the middle is an output as well. */
  readonly outputInTheMiddle: boolean;
}

/** Shrinks towards few blocks, so that a failing network is a small one. */
export const networkPlan: fc.Arbitrary<NetworkPlan> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  blocks: fc.array(fc.constantFrom(...Object.keys(blocks)), { minLength: 1, maxLength: 5 }),
  head: fc.constantFrom(...Object.keys(heads)),
  extents: fc.tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: 9 })),
  outputInTheMiddle: fc.integer({ min: 0, max: 7 }).map((n) => n === 7),
});

export function networkOf(plan: NetworkPlan): Network {
  const b = new NetworkBuilder([...plan.blocks, plan.head].join(', '), plan.seed);
  let x = b.input([b.random.integer(1, 4), ...plan.extents]);
  const outputs: string[] = [];
  // Half of the networks begin with a convolution, the others let the first block meet the image.
  if (b.random.chance(0.5)) x = b.relu(b.conv(x, b.random.integer(3, 9), { kernel: 3, bias: true }));
  plan.blocks.forEach((name, i) => {
    x = blocks[name]?.(b, x) ?? x;
    if (plan.outputInTheMiddle && i === 0 && plan.blocks.length > 1) outputs.push(x);
  });
  return b.build(...outputs, heads[plan.head]?.(b, x) ?? x);
}

/** Random kept units for every prunable group; some groups stay whole, no branch is left without channels. */
export function randomStructure(map: ChannelMap, random: Random): KeptUnits[] {
  const branches = branchUnits(map);
  return prunableGroups(map).flatMap(({ id, width }) => {
    if (random.chance(0.2)) return [];
    const needed = (branches.get(id) ?? []).map((units) => units[random.integer(0, units.length - 1)] ?? 0);
    const chosen = random.subset(width, random.integer(1, width));
    return [{ group: id, kept: [...new Set([...needed, ...chosen])].sort((a, b) => a - b) }];
  });
}
