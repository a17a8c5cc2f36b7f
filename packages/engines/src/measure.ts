import { seededRandom } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { type FloatTensor, floatTensor, type Network, sizeOf } from '@espalier/network';
import type { Engine, Executable } from './engine.ts';

export interface MeasureOptions {
  /** Images a run. Default 1. */
  readonly batch?: number | undefined;
  /** Timed runs of each network. Default: as many as fit into three seconds, from 30 to 1000. */
  readonly repeats?: number | undefined;
  /** Runs of each network before the clock starts. Default 5. */
  readonly warmup?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Counts timed runs of all networks. */
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

const WARMUP = 5;
const REPEATS = { fewest: 30, most: 1000, milliseconds: 3000 };

/**
 * Latency and throughput of networks side by side. Their runs are interleaved (A B A B ...), so that
 * whatever else the machine does meets all of them alike. Inputs are random, the same in every run.
 *
 * @throws {InputError} if batch, repeats or warmup are not whole numbers in range.
 */
export async function measure(
  engine: Engine,
  networks: readonly Network[],
  options: MeasureOptions = {},
): Promise<Measurement[]> {
  const { batch = 1, warmup = WARMUP, signal, onProgress } = options;
  checkCounts({ batch, warmup, repeats: options.repeats });
  const subjects: { executable: Executable; inputs: ReturnType<typeof randomInputs>; latencies: number[] }[] =
    [];
  /** @returns milliseconds of all networks together */
  const round = async () => {
    const before = performance.now();
    for (const { executable, inputs, latencies } of subjects) {
      signal?.throwIfAborted();
      const started = performance.now();
      await executable.run(inputs);
      latencies.push(performance.now() - started);
    }
    return performance.now() - before;
  };
  try {
    for (const network of networks) {
      const executable = await engine.compile(network);
      subjects.push({ executable, inputs: randomInputs(network, batch), latencies: [] });
    }
    let last = 0;
    // Without a given number of repeats, one round at least tells how long a warm one takes.
    for (let i = 0; i < Math.max(warmup, options.repeats === undefined ? 1 : 0); i++) last = await round();
    const repeats = options.repeats ?? fittingRepeats(last, REPEATS);
    for (let i = 1; i <= repeats; i++) {
      await round();
      onProgress?.({ done: i * subjects.length, total: repeats * subjects.length });
    }
    return subjects.map(({ latencies }) => {
      const sorted = latencies.slice(-repeats).sort((one, other) => one - other);
      const [p10, p50, p90] = [quantile(sorted, 0.1), quantile(sorted, 0.5), quantile(sorted, 0.9)];
      return { latencyMs: { p10, p50, p90 }, imagesPerSecond: (batch * 1000) / p50, batch, repeats, warmup };
    });
  } finally {
    for (const { executable } of subjects) await executable.dispose();
  }
}

function checkCounts(counts: Readonly<Record<'batch' | 'warmup' | 'repeats', number | undefined>>): void {
  for (const [name, count] of Object.entries(counts)) {
    const least = name === 'warmup' ? 0 : 1;
    if (count !== undefined && !(Number.isInteger(count) && count >= least)) {
      throw new InputError(`${name} ${count}: give a whole number from ${least}`);
    }
  }
}

/** As many runs of this length as fit into the time. */
export function fittingRepeats(each: number, { fewest, most, milliseconds }: typeof REPEATS): number {
  return Math.min(most, Math.max(fewest, Math.round(milliseconds / Math.max(each, 1e-3))));
}

/** Linear between the two nearest of the ascending values. */
export function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const [low, high] = [Math.floor(position), Math.ceil(position)].map((i) => sorted[i] ?? Number.NaN);
  return low === undefined || high === undefined ? Number.NaN : low + (high - low) * (position % 1);
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
