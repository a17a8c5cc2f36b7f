import { InputError } from '@espalier/errors';
import { type Network, networkCost } from '@espalier/network';
import { type Analysis, analyse, type Pruned, prune } from '@espalier/pruning';
import { LEFT } from '../row.ts';

/** Of the MACs; what leaves less has lost more than was asked for. */
const LEAST_LEFT = 0.65;
/** Of widths: see `WidthLimits`. */
export type Alignment = 'auto' | number;

export interface Cut {
  readonly analysis: Analysis;
  readonly pruned: Pruned;
  readonly align: Alignment;
  /** Share of the MACs. */
  readonly left: number;
}

/**
 * The network without the share of its MACs.
 *
 * @param alignments tried one after the other until one leaves enough: in a narrow network steps may be so coarse that
 * what is left is far below what was asked for. Where none does, the one that leaves most is taken
 * @throws {InputError} if there is nothing to be cut, or not enough
 */
export async function cutOf(network: Network, alignments: readonly Alignment[]): Promise<Cut> {
  const analysis = await analyse(network, { criterion: 'l1', seed: 0 });
  const whole = networkCost(network).macs;
  const target = { metric: 'macs', share: 1 - LEFT } as const;
  let best: Cut | undefined;
  let refusal: unknown;
  for (const align of alignments) {
    try {
      const pruned = prune({ network, ...analysis, allocation: 'uniform', target, limits: { align } });
      const left = networkCost(pruned.network).macs / whole;
      if (!best || left > best.left) best = { analysis, pruned, align, left };
      if (left >= LEAST_LEFT) break;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refusal = error;
    }
  }
  if (!best) throw refusal;
  return best;
}
