import type { Allocation } from './allocation.ts';
import { cie } from './cie.ts';

/**
 * `cie` in three rounds: the network that a round has cut is sampled again before the next one. Our own extension of
 * the reconstruction; one sampling of the unpruned network does not see how groups that are cut together hurt each
 * other.
 */
export const cieIterative: Allocation = {
  name: 'cie-iterative',
  description: 'cie in three rounds: each round samples the result of the previous one',
  sampling: { rounds: 3 },
  allocate: cie.allocate,
};
