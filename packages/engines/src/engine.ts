import type { FloatTensor, Network } from '@espalier/network';
import type { GradientFunction, GradientOptions } from './training/gradient-function.ts';
import type { Trainer, TrainerOptions } from './training/trainer.ts';

export type EngineName = 'onnxruntime' | 'tensorflow';

/** Runs networks. An engine knows nothing of pruning: part of a network, or a rewritten one, is a network. */
export interface Engine {
  readonly name: EngineName;
  readonly device: 'cpu' | 'gpu';
  /** The library's: `1.30.0`. */
  readonly version: string;
  /** For a person and for stored results: `ONNX Runtime 1.30.0 on the CPU, 2 threads`. */
  readonly description: string;
  /** Which implementation was taken and why the others were not, in one line. */
  readonly why: string;
  /** Threads that one operation may use. */
  readonly threads: number;
  /**
   * Any network: several inputs and outputs of any shape, with or without a batch axis.
   *
   * @throws {InputError} if the network uses an operation that the engine cannot run.
   */
  compile(network: Network, options?: CompileOptions): Promise<Executable>;
  /**
   * A trainer of the network, whose weights it copies.
   *
   * @throws {InputError} if the network has an operation without a gradient.
   */
  train(network: Network, options: TrainerOptions): Promise<Trainer>;
  /**
   * The gradients of the loss by weights of the network, with BatchNorm as in evaluation.
   *
   * @throws {InputError} if the network has an operation without a gradient.
   */
  gradients(network: Network, options: GradientOptions): Promise<GradientFunction>;
  /**
   * Median milliseconds of each node of the network as it runs, by name; nodes that run as one are told as the last of
   * them, and what the runtime adds has names of its own. Null if the engine cannot tell.
   *
   * @param batch images per run, random
   * @param runs timed runs
   */
  nodeTimes(network: Network, batch: number, runs: number): Promise<ReadonlyMap<string, number> | null>;
  /** Gives back everything that is still compiled. */
  dispose(): Promise<void>;
}

/** A compiled network. The batch size may differ from run to run. */
export interface Executable {
  /**
   * @param inputs one tensor for every input of the network, by name
   * @returns one tensor for every output of the network, by name
   * @throws {Error} if an input is missing or has another shape than the network declares
   */
  run(inputs: Readonly<Record<string, FloatTensor>>): Promise<Record<string, FloatTensor>>;
  dispose(): Promise<void>;
}

interface CompileOptions {
  /**
   * `latency` (default): threads that wait for their next share of work spin, which answers a single image
   * soonest. `throughput`: they sleep, so that other processes get the cores; with many images per run this
   * costs nothing. Without an effect on TensorFlow.
   */
  readonly optimiseFor?: 'latency' | 'throughput' | undefined;
  /**
   * Whether the compiled network keeps the memory of its largest run for the next one (default: yes). That
   * is faster with large batches; without it many compiled networks together take little more than one.
   * Without an effect on TensorFlow.
   */
  readonly keepMemory?: boolean | undefined;
}

export interface EngineOptions {
  /** Threads that one operation may use. Default: the cores that this process may use. */
  readonly threads?: number | undefined;
}

/** `the CPU, 2 threads` */
export function cpuWith(threads: number): string {
  return `the CPU, ${threads} thread${threads === 1 ? '' : 's'}`;
}
