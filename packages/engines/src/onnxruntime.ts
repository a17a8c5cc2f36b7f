import { availableParallelism } from 'node:os';
import { firstLineOf, InputError } from '@espalier/errors';
import { encodeOnnx } from '@espalier/formats';
import { type FloatTensor, floatTensor, type Network } from '@espalier/network';
import type * as OnnxRuntime from 'onnxruntime-node';
import { type CompileOptions, cpuWith, type Engine, type EngineOptions, type Executable } from './engine.ts';
import { createSession } from './onnxruntime-session.ts';
import { checkedInputs } from './run-inputs.ts';
import type { GradientFunction, GradientOptions } from './training/gradient-function.ts';
import { onnxRuntimeGradients } from './training/onnxruntime-gradients.ts';
import { onnxRuntimeTrainer } from './training/onnxruntime-trainer.ts';
import type { Trainer, TrainerOptions } from './training/trainer.ts';

/** Microsoft's runtime on the CPU. */
export async function openOnnxRuntime(options: EngineOptions, why: string): Promise<Engine> {
  return new OnnxRuntimeEngine(await load(), options, why);
}

async function load(): Promise<typeof OnnxRuntime> {
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    throw new InputError(
      `ONNX Runtime does not load: ${firstLineOf(error)}; try the engine tensorflow`,
      'engine',
    );
  }
}

class OnnxRuntimeEngine implements Engine {
  readonly name = 'onnxruntime';
  readonly device = 'cpu';
  readonly version: string;
  readonly description: string;
  readonly why: string;
  readonly threads: number;
  private readonly ort: typeof OnnxRuntime;
  private readonly compiled = new Set<Executable>();

  constructor(ort: typeof OnnxRuntime, { threads = availableParallelism() }: EngineOptions, why: string) {
    this.ort = ort;
    this.version = ort.env.versions.node ?? ort.env.versions.common;
    this.why = why;
    this.threads = threads;
    this.description = `ONNX Runtime ${this.version} on ${cpuWith(threads)}`;
  }

  async compile(network: Network, options: CompileOptions = {}): Promise<Executable> {
    const { optimiseFor, keepMemory = true } = options;
    const session = await createSession(this.ort, encodeOnnx(network), `run network "${network.name}"`, {
      enableCpuMemArena: keepMemory,
      enableMemPattern: keepMemory,
      intraOpNumThreads: this.threads,
      extra: { session: { intra_op: { allow_spinning: optimiseFor === 'throughput' ? '0' : '1' } } },
    });
    const executable = new OnnxRuntimeExecutable(this.ort, network, session, () =>
      this.compiled.delete(executable),
    );
    this.compiled.add(executable);
    return executable;
  }

  async train(network: Network, options: TrainerOptions): Promise<Trainer> {
    return onnxRuntimeTrainer(this.ort, network, options, this.threads);
  }

  async gradients(network: Network, options: GradientOptions): Promise<GradientFunction> {
    return onnxRuntimeGradients(this.ort, network, options, this.threads);
  }

  async dispose(): Promise<void> {
    for (const executable of this.compiled) await executable.dispose();
  }
}

class OnnxRuntimeExecutable implements Executable {
  private readonly ort: typeof OnnxRuntime;
  private readonly network: Network;
  private session: OnnxRuntime.InferenceSession | undefined;

  private readonly onDispose: () => void;

  constructor(
    ort: typeof OnnxRuntime,
    network: Network,
    session: OnnxRuntime.InferenceSession,
    onDispose: () => void,
  ) {
    this.ort = ort;
    this.network = network;
    this.session = session;
    this.onDispose = onDispose;
  }

  async run(inputs: Readonly<Record<string, FloatTensor>>): Promise<Record<string, FloatTensor>> {
    if (!this.session) throw new Error(`network "${this.network.name}" has been disposed of`);
    const feeds = checkedInputs(this.network, inputs).map(
      ([name, { dims, data }]) => [name, new this.ort.Tensor('float32', data, dims)] as const,
    );
    const results = await this.session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      this.network.outputs.map((name) => {
        const result = results[name];
        if (!(result?.data instanceof Float32Array)) throw new Error(`output "${name}" is not float32`);
        return [name, floatTensor(result.dims, result.data)];
      }),
    );
  }

  async dispose(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.release();
    this.onDispose();
  }
}
