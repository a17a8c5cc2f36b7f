import type { Network } from '@espalier/network';
import type { Engine } from '../engine.ts';
import { fittingRepeats, type Measurement, measure, type Timed } from './measure.ts';

/** Images per run. */
export const THROUGHPUT_BATCH = 64;
const REPEATS = { fewest: 3, most: 50, milliseconds: 1500 };

/**
 * Networks side by side in batches, their runs interleaved.
 *
 * @param single what `measure` found of the same networks with one image a run: it bounds how long a batch takes,
 *   so that large networks are repeated less often
 */
export function measureThroughput(
  engine: Engine,
  networks: readonly Network[],
  single: readonly Measurement[],
  signal?: AbortSignal,
): Promise<Timed[]> {
  const image = single.reduce((sum, { latencyMs }) => sum + latencyMs.p50, 0);
  const repeats = fittingRepeats(image * THROUGHPUT_BATCH, REPEATS);
  const subjects = networks.map((network) => ({ network, engine, batch: THROUGHPUT_BATCH }));
  return measure(subjects, { repeats, warmup: 1, signal });
}
