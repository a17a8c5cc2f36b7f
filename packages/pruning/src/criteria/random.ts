import { seededRandom } from '@espalier/datasets';
import type { Criterion } from './criterion.ts';

/** Uniform scores from the seed and the group's place in the network: the baseline every criterion must beat. */
export const random: Criterion = {
  name: 'random',
  description: 'random order, drawn by the seed: a baseline',
  drawsBySeed: true,
  score(group, { seed }) {
    const draw = seededRandom(seed * 1_000_003 + group.firstUnit);
    return Float64Array.from({ length: group.width }, draw);
  },
};
