import { availableParallelism } from 'node:os';
import { cpuWith, type Engine, type EngineOptions, type Executable } from '../engine.ts';
import { TensorFlowExecutable } from './executable.ts';
import { tensorFlowGradients } from './gradients.ts';
import type { LoadedTensorFlow } from './load.ts';
import { TensorFlowTrainer } from './trainer.ts';

/** TensorFlow.js: native, with a GPU or without, or plain JavaScript, which is slow but runs everywhere. */
export function tensorFlowEngine(loaded: LoadedTensorFlow, options: EngineOptions): Engine {
  const { tf, implementation, device, why } = loaded;
  const version = tf.version_core;
  const threads = implementation === 'tfjs' ? 1 : (options.threads ?? availableParallelism());
  const where = device === 'gpu' ? 'the GPU' : cpuWith(threads);
  const compiled = new Set<Executable>();
  return {
    name: 'tensorflow',
    device,
    version,
    description: `TensorFlow.js ${version} (${implementation}) on ${where}`,
    why,
    threads,
    async compile(network) {
      const executable = new TensorFlowExecutable(tf, network, () => compiled.delete(executable));
      compiled.add(executable);
      return executable;
    },
    train: async (network, training) => new TensorFlowTrainer(tf, network, training),
    gradients: async (network, wanted) => tensorFlowGradients(tf, network, wanted),
    // Its profiler tells the time of kernels, not of nodes.
    nodeTimes: async () => null,
    async dispose() {
      for (const executable of compiled) await executable.dispose();
    },
  };
}
