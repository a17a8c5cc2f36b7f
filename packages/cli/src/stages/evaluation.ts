import type { SplitName } from '@espalier/datasets';
import { type Evaluation, evaluate } from '@espalier/engines';
import type { Context } from '../terminal.ts';
import type { Bench } from './bench.ts';

export interface EvaluationOptions {
  readonly limit?: number | undefined;
  readonly batch?: number | undefined;
}

/** Scores a network with a progress line. */
export async function runEvaluation(
  { engine, network, dataset }: Bench,
  split: SplitName,
  label: string,
  { terminal, signal }: Context,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const progress = terminal.progress(label, 'images');
  try {
    return await evaluate(engine, network, dataset, split, {
      ...options,
      signal,
      onProgress: ({ done, total }) => progress.update(done, total),
    });
  } finally {
    terminal.endProgress();
  }
}
