import { availableParallelism } from 'node:os';
import { InputError } from '@espalier/errors';
import { type Network, takesOneImage } from '@espalier/network';
import { cpuWith, type Engine, type EngineOptions, type Executable } from '../engine.ts';
import { oneByOne } from '../one-by-one.ts';
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
      return oneByOne(network, executable);
    },
    train: async (network, training) => new TensorFlowTrainer(tf, inBatches(network), training),
    gradients: async (network, wanted) => tensorFlowGradients(tf, inBatches(network), wanted),
    // Its profiler tells the time of kernels, not of nodes.
    nodeTimes: async () => null,
    async dispose() {
      for (const executable of compiled) await executable.dispose();
    },
  };
}

function inBatches(network: Network): Network {
  if (network.inputs.length === 1 && !takesOneImage(network)) return network;
  throw new InputError(
    `network "${network.name}" takes ${takesOneImage(network) ? 'one image at a time' : 'more than the images'}, and TensorFlow.js has gradients only for batches of images: give engine onnxruntime`,
    'engine',
  );
}
