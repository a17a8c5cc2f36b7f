import { InputError } from '@espalier/errors';
import { type FloatTensor, floatTensor, type Network, takesOneImage } from '@espalier/network';
import type { Engine, Executable } from '../engine.ts';
import { orderOfRound } from './order.ts';
import { quantile } from './quantile.ts';
import { randomInputs } from './random-inputs.ts';

/** What is timed: a network on an engine, so many images per run. */
export interface Subject {
  readonly network: Network;
  readonly engine: Pick<Engine, 'compile'>;
  /** Images per run. Default 1. */
  readonly batch?: number | undefined;
}

export interface MeasureOptions {
  /** Timed runs of each subject. Default: as many as fit into three seconds for each, from 30 to 1000. */
  readonly repeats?: number | undefined;
  /** Timed runs of each at least, where `repeats` is left out. Default 30. */
  readonly fewest?: number | undefined;
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
 * Timed runs of a turn. One that is not timed comes before them: the caches hold another network then, and what
 * answers single images all day does not meet that.
 */
const TURN = 3;

/**
 * Latency and throughput of subjects side by side. They take turns, in orders that change (A B, B A, ...), so that
 * whatever else the machine does, and what the caches hold, meets all of them alike. Inputs are random, the same in
 * every run.
 *
 * @throws {InputError} if batch, repeats or warmup are not whole numbers in range.
 */
export async function measure(
  subjects: readonly Subject[],
  { warmup = WARMUP, fewest = REPEATS.fewest, signal, onProgress, ...options }: MeasureOptions = {},
): Promise<Timed[]> {
  checkCounts({ warmup, repeats: options.repeats });
  for (const { batch } of subjects) checkCounts({ batch });
  const running: Running[] = [];
  const turnOf = async ({ executable, inputs, runs }: Running, timed: number) => {
    for (let i = 0; i <= timed; i++) {
      signal?.throwIfAborted();
      const started = performance.now();
      await executable.run(inputs);
      if (i > 0) runs.push(performance.now() - started);
    }
  };
  try {
    for (const { network, engine, batch = 1 } of subjects) {
      const executable = await engine.compile(network);
      running.push({ executable, inputs: batchOf(network, batch), batch, runs: [] });
    }
    let last = 0;
    // Without a given number of repeats, one round at least says how long a warm one takes.
    for (let i = 0; i < Math.max(warmup, options.repeats === undefined ? 1 : 0); i++) {
      const before = performance.now();
      for (const subject of running) await turnOf(subject, 0);
      last = performance.now() - before;
    }
    const repeats = options.repeats ?? fittingRepeats(last * (1 + 1 / TURN), { ...REPEATS, fewest });
    for (let done = 0, turn = 0; done < repeats; turn++) {
      const timed = Math.min(TURN, repeats - done);
      for (const place of orderOfRound(running.length, turn)) {
        const subject = running[place];
        if (subject) await turnOf(subject, timed);
      }
      done += timed;
      onProgress?.({ done: done * running.length, total: repeats * running.length });
    }
    return running.map(({ runs, batch }) => {
      const sorted = runs.toSorted((one, other) => one - other);
      const [p10, p50, p90] = [quantile(sorted, 0.1), quantile(sorted, 0.5), quantile(sorted, 0.9)];
      const imagesPerSecond = (batch * 1000) / p50;
      return { latencyMs: { p10, p50, p90 }, imagesPerSecond, batch, repeats, warmup, runs };
    });
  } finally {
    for (const { executable } of running) await executable.dispose();
  }
}

/** A network that takes one image has so many one after the other. */
function batchOf(network: Network, batch: number): Record<string, FloatTensor> {
  if (!takesOneImage(network) || batch === 1) return randomInputs(network, batch);
  const stacked = Object.entries(randomInputs(network, 1)).map(([name, { dims, data }]) => {
    const all = new Float32Array(batch * data.length);
    for (let i = 0; i < batch; i++) all.set(data, i * data.length);
    return [name, floatTensor([batch * (dims[0] ?? 1), ...dims.slice(1)], all)];
  });
  return Object.fromEntries(stacked);
}

interface Running {
  readonly executable: Executable;
  readonly inputs: ReturnType<typeof randomInputs>;
  readonly batch: number;
  /** Milliseconds of the timed runs. */
  readonly runs: number[];
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
