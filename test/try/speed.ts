import { availableParallelism } from 'node:os';
import { QUIET_WITHIN } from '@espalier/engines';
import { processorName } from '@espalier/latency';
import { espalierJson } from '../bench/command.ts';
import type { Measured, Ratio } from '../bench/latency/measured.ts';

export interface Speed {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly speedup: Ratio;
  /** The unpruned network beside itself. */
  readonly check: Ratio;
}

/** A machine that is busy now may be quiet in a moment. */
const TRIES = 3;

export const machineOf = (threads: number) =>
  `${processorName()}, ${availableParallelism()} cores, ${threads} thread${threads === 1 ? '' : 's'}, ONNX Runtime`;

/**
 * Pruned networks beside the unpruned one, an image a run: the quietest of some tries.
 *
 * @param read how all files are read
 * @returns in the order of the files
 */
export async function quietestOf(
  file: string,
  pruned: readonly string[],
  threads: number,
  read: readonly string[] = [],
): Promise<Speed[]> {
  const off = ([first]: readonly Speed[]) => Math.abs((first?.check.ratio ?? 0) - 1);
  let best = await measured(file, pruned, threads, read);
  for (let i = 1; i < TRIES && off(best) > QUIET_WITHIN; i++) {
    const again = await measured(file, pruned, threads, read);
    if (off(again) < off(best)) best = again;
  }
  return best;
}

async function measured(
  file: string,
  pruned: readonly string[],
  threads: number,
  read: readonly string[],
): Promise<Speed[]> {
  const args = ['measure', file, ...pruned, ...read, '--threads', String(threads)];
  const { rows, checks }: Measured = await espalierJson(args);
  const [before, ...others] = rows;
  const [check] = checks;
  return others.map(({ latencyMs: after, speedup }) => {
    if (!before || !speedup || !check) throw new Error(`${file} was not measured`);
    const [beforeMs, afterMs] = [before.latencyMs.p50, after.p50];
    return { beforeMs, afterMs, speedup: ratioOf(speedup), check: ratioOf(check) };
  });
}

function ratioOf({ ratio, low, high }: Ratio): Ratio {
  return { ratio, low, high };
}
