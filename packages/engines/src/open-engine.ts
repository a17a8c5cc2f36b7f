import { InputError } from '@espalier/errors';
import type { Engine, EngineName, EngineOptions } from './engine.ts';
import { openOnnxRuntime } from './onnxruntime.ts';
import { tensorFlowEngine } from './tensorflow/engine.ts';
import { type Host, loadTensorFlow, loadWithGpu, thisHost } from './tensorflow/load.ts';

/** What a person may choose. */
export const ENGINE_CHOICES = ['auto', 'onnxruntime', 'tensorflow'] as const satisfies (
  | 'auto'
  | EngineName
)[];

/**
 * Opens an engine. `auto` is TensorFlow where it has a GPU, else ONNX Runtime.
 *
 * @throws {InputError} for another name, a number of threads below 1, or a runtime that does not load.
 */
export async function openEngine(
  name: 'auto' | EngineName,
  options: EngineOptions = {},
  machine: Host = thisHost,
): Promise<Engine> {
  const { threads } = options;
  const host = { ...machine, threads };
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new InputError(`the number of threads is a whole number from 1, not ${threads}`, 'threads');
  }
  switch (name) {
    case 'onnxruntime':
      return openOnnxRuntime(options, 'asked for');
    case 'tensorflow':
      return tensorFlowEngine(await loadTensorFlow(host), options);
    case 'auto': {
      const withGpu = loadWithGpu(host);
      if (typeof withGpu !== 'string') return tensorFlowEngine(withGpu, options);
      return openOnnxRuntime(options, `TensorFlow has no GPU here: ${withGpu}`);
    }
    default:
      throw new InputError(`there is no engine "${name}"; known are ${ENGINE_CHOICES.join(', ')}`, 'engine');
  }
}
