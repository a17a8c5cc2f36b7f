import type { EngineName } from '@espalier/engines';
import type { Transaction } from '@espalier/store';
import { SILENCE_MS } from '../workers.ts';

const ENGINES: readonly EngineName[] = ['onnxruntime', 'tensorflow'];

/**
 * The engine that new runs are computed with: that of most workers, ONNX Runtime where there is none. Fixed when they
 * are started, since the numbers of a sampling depend on it.
 */
export async function chooseEngine(transaction: Transaction): Promise<EngineName> {
  const alive = await transaction.worker.findMany({
    where: { stoppedAt: null, draining: false, lastSeenAt: { gt: new Date(Date.now() - SILENCE_MS) } },
    select: { engine: true },
  });
  const workersOf = (name: EngineName) => alive.filter(({ engine }) => engine === name).length;
  return ENGINES.reduce((best, name) => (workersOf(name) > workersOf(best) ? name : best));
}
