import type { Network } from '@espalier/network';
import {
  type Analysis,
  type AnalysisOptions,
  analyse as analyseNetwork,
  findCriterion,
} from '@espalier/pruning';
import type { Context } from '../terminal.ts';
import type { Bench } from './bench.ts';
import { espalierHome } from './home.ts';

/**
 * Finds the channel groups, ranks their units and sets up the cost formula, with a progress line where that takes
 * images.
 */
export async function analyse(
  { network, dataset, engine }: Bench,
  options: AnalysisOptions,
  { terminal, signal }: Context,
): Promise<Analysis> {
  let line: ReturnType<typeof terminal.progress> | undefined;
  const onProgress = (done: number, total: number) => {
    line ??= terminal.progress(`measuring ${options.criterion}`, 'images');
    line.update(done, total);
  };
  try {
    return await analyseNetwork(network, options, {
      dataset,
      engine,
      home: espalierHome(),
      onProgress,
      signal,
    });
  } finally {
    if (line) terminal.endProgress();
  }
}

/** What can be said before any image is looked at; undefined for a criterion that goes by images. */
export async function analyseWeights(
  network: Network,
  options: AnalysisOptions,
): Promise<Analysis | undefined> {
  if (findCriterion(options.criterion).evidence && !options.order) return undefined;
  return analyseNetwork(network, options);
}
