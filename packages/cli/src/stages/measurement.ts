import { type Engine, type Measurement, measure } from '@espalier/engines';
import type { Network } from '@espalier/network';
import type { Context } from '../terminal.ts';

/** Interleaved timing of networks, with a progress line. */
export async function runMeasurement(
  engine: Engine,
  networks: readonly Network[],
  options: { readonly batch: number; readonly repeats?: number | undefined },
  { terminal, signal }: Context,
): Promise<Measurement[]> {
  const progress = terminal.progress('measuring', 'runs');
  try {
    return await measure(engine, networks, {
      ...options,
      signal,
      onProgress: ({ done, total }) => progress.update(done, total),
    });
  } finally {
    terminal.endProgress();
  }
}
