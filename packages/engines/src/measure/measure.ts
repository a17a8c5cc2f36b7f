import { seededRandom } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { type FloatTensor, floatTensor, type Network, sizeOf } from '@espalier/network';
import type { Engine, Executable } from '../engine.ts';
import { quantile } from './quantile.ts';

/** What is timed: a network on an engine, so many images a run. */
export interface Subject {
  readonly network: Network;
  readonly engine: Engine;
  /** Images a run. Default 1. */
  readonly batch?: number | undefined;
}

export interface MeasureOptions {
  /** Timed runs of each subject. Default: as many as fit into three seconds for each, from 30 to 1000. */
  readonly repeats?: number | undefined;
  /** Runs of each subject before the clock starts. Default 5. */
  readonly warmup?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Counts timed runs of all subjects. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

export interface Measurement {
  /** Wall-clock of one run, milliseconds, at the 10th, 50th and 90th percentile. */
  readonly latencyMs: { readonly p10: number; readonly p50: number; readonly p90: number };
  /** Batch by median latency. */
  readonly imagesPerSecond: number;
  readonly batch: number;
  readonly repeats: number;
  readonly warmup: number;
}

/** With the milliseconds of every timed run, in order: run i of all subjects of a call was in the same round. */
export interface Timed extends Measurement {
  readonly runs: readonly number[];
}

/** What is kept of it, and shown. */
export function measurementOf({ runs: _, ...measurement }: Timed): Measurement {
  return measurement;
}

const WARMUP = 5;
const REPEATS = { fewest: 30, most: 1000, milliseconds: 3000 };

/**
 * Latency and throughput of subjects side by side. Their runs are interleaved, every second round in reverse
 * (A B, B A, ...), so that whatever else the machine does, and what the one before leaves in its caches, meets all of
 * them alike. Inputs are random, the same in every run.
 *
 * @throws {InputError} if batch, repeats or warmup are not whole numbers in range.
 */
export async function measure(
  subjects: readonly Subject[],
  { warmup = WARMUP, signal, onProgress, ...options }: MeasureOptions = {},
): Promise<Timed[]> {
  checkCounts({ warmup, repeats: options.repeats });
  for (const { batch } of subjects) checkCounts({ batch });
  const running: {
    executable: Executable;
    inputs: ReturnType<typeof randomInputs>;
    batch: number;
    all: number[];
  }[] = [];
  let rounds = 0;
  /** @returns milliseconds of all subjects together */
  const round = async () => {
    const before = performance.now();
    for (const { executable, inputs, all } of rounds++ % 2 === 0 ? running : running.toReversed()) {
      signal?.throwIfAborted();
      const started = performance.now();
      await executable.run(inputs);
      all.push(performance.now() - started);
    }
    return performance.now() - before;
  };
  try {
    for (const { network, engine, batch = 1 } of subjects) {
      const executable = await engine.compile(network);
      running.push({ executable, inputs: randomInputs(network, batch), batch, all: [] });
    }
    let last = 0;
    // Without a given number of repeats, one round at least tells how long a warm one takes.
    for (let i = 0; i < Math.max(warmup, options.repeats === undefined ? 1 : 0); i++) last = await round();
    const repeats = options.repeats ?? fittingRepeats(last, REPEATS);
    for (let i = 1; i <= repeats; i++) {
      await round();
      onProgress?.({ done: i * running.length, total: repeats * running.length });
    }
    return running.map(({ all, batch }) => {
      const runs = all.slice(-repeats);
      const sorted = runs.toSorted((one, other) => one - other);
      const [p10, p50, p90] = [quantile(sorted, 0.1), quantile(sorted, 0.5), quantile(sorted, 0.9)];
      return {
        latencyMs: { p10, p50, p90 },
        imagesPerSecond: (batch * 1000) / p50,
        ...{ batch, repeats, warmup, runs },
      };
    });
  } finally {
    for (const { executable } of running) await executable.dispose();
  }
}

function checkCounts(counts: Readonly<Record<string, number | undefined>>): void {
  for (const [name, count] of Object.entries(counts)) {
    const least = name === 'warmup' ? 0 : 1;
    if (count !== undefined && !(Number.isInteger(count) && count >= least)) {
      throw new InputError(`${name} ${count}: give a whole number from ${least}`, name);
    }
  }
}

/** As many runs of this length as fit into the time. */
export function fittingRepeats(each: number, { fewest, most, milliseconds }: typeof REPEATS): number {
  return Math.min(most, Math.max(fewest, Math.round(milliseconds / Math.max(each, 1e-3))));
}

/** Standard normal values for every input, -1 taken for the batch. */
export function randomInputs(network: Network, batch: number, seed = 0): Record<string, FloatTensor> {
  const random = seededRandom(seed);
  // Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958; 1 - u is never 0.
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Object.fromEntries(
    network.inputs.map(({ name, shape }) => {
      const dims = shape.map((extent) => (extent === -1 ? batch : extent));
      return [name, floatTensor(dims, Float32Array.from({ length: sizeOf(dims) }, normal))];
    }),
  );
}
