import { type Cost, type Network, networkCost } from '@espalier/network';
import type { Context } from '../terminal.ts';
import type { Bench } from './bench.ts';
import { runEvaluation } from './evaluation.ts';

/** Cost and quality of a network; accuracies of the whole test split, null without a data set. */
export interface Standing extends Cost {
  readonly top1: number | null;
  readonly top5: number | null;
  readonly loss: number | null;
  readonly n: number | null;
}

export async function standing(
  bench: Bench | null,
  network: Network,
  label: string,
  context: Context,
): Promise<Standing> {
  const cost = networkCost(network);
  if (!bench) return { ...cost, top1: null, top5: null, loss: null, n: null };
  const { top1, top5, loss, n } = await runEvaluation({ ...bench, network }, 'test', label, context);
  return { ...cost, top1, top5, loss, n };
}
