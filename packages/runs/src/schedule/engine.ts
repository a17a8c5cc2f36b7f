import type { EngineName } from '@espalier/engines';
import type { Transaction } from '@espalier/store';
import { ENGINES } from '../queue/jobs.ts';
import { takersByEngine } from '../workers.ts';

/**
 * The engine that new runs are computed with: that of most workers, ONNX Runtime if there is none. Fixed when they
 * are started, since the numbers of a sampling depend on it.
 */
export async function chooseEngine(transaction: Transaction): Promise<EngineName> {
  const takers = await takersByEngine(transaction);
  const count = (name: EngineName) => takers.get(name) ?? 0;
  return ENGINES.reduce((best, name) => (count(name) > count(best) ? name : best));
}
