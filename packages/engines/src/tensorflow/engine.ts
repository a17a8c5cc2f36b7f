import { availableParallelism } from 'node:os';
import type { Network } from '@espalier/network';
import { cpuWith, type Engine, type EngineOptions, type Executable } from '../engine.ts';
import type { GradientFunction, GradientOptions } from '../training/gradient-function.ts';
import type { Trainer, TrainerOptions } from '../training/trainer.ts';
import { TensorFlowExecutable } from './executable.ts';
import { tensorFlowGradients } from './gradients.ts';
import type { LoadedTensorFlow } from './load.ts';
import { TensorFlowTrainer } from './trainer.ts';

/** TensorFlow.js: native, with a GPU or without, or plain JavaScript, which is slow but runs everywhere. */
export function tensorFlowEngine(loaded: LoadedTensorFlow, options: EngineOptions): Engine {
  return new TensorFlowEngine(loaded, options);
}

class TensorFlowEngine implements Engine {
  readonly name = 'tensorflow';
  readonly device: 'cpu' | 'gpu';
  readonly version: string;
  readonly description: string;
  readonly why: string;
  readonly threads: number;
  private readonly loaded: LoadedTensorFlow;
  private readonly compiled = new Set<Executable>();

  constructor(loaded: LoadedTensorFlow, { threads = availableParallelism() }: EngineOptions) {
    const { tf, implementation, device, why } = loaded;
    this.loaded = loaded;
    this.device = device;
    this.version = tf.version_core;
    this.why = why;
    this.threads = implementation === 'tfjs' ? 1 : threads;
    const where = device === 'gpu' ? 'the GPU' : cpuWith(this.threads);
    this.description = `TensorFlow.js ${this.version} (${implementation}) on ${where}`;
  }

  async compile(network: Network): Promise<Executable> {
    const executable = new TensorFlowExecutable(this.loaded.tf, network, () =>
      this.compiled.delete(executable),
    );
    this.compiled.add(executable);
    return executable;
  }

  async train(network: Network, options: TrainerOptions): Promise<Trainer> {
    return new TensorFlowTrainer(this.loaded.tf, network, options);
  }

  async gradients(network: Network, options: GradientOptions): Promise<GradientFunction> {
    return tensorFlowGradients(this.loaded.tf, network, options);
  }

  async dispose(): Promise<void> {
    for (const executable of this.compiled) await executable.dispose();
  }
}
