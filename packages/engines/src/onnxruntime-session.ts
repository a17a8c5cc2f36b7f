import { firstLineOf, InputError } from '@espalier/errors';
import type * as OnnxRuntime from 'onnxruntime-node';

/**
 * A graph, ready to run on the CPU.
 *
 * @param what it does, for messages: `train network "resnet20"`
 * @throws {InputError} where the runtime refuses it
 */
export async function createSession(
  ort: typeof OnnxRuntime,
  graph: Uint8Array,
  what: string,
  options: OnnxRuntime.InferenceSession.SessionOptions,
): Promise<OnnxRuntime.InferenceSession> {
  try {
    return await ort.InferenceSession.create(graph, {
      executionProviders: ['cpu'],
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      interOpNumThreads: 1,
      // What goes wrong is thrown; it need not be printed as well.
      logSeverityLevel: 4,
      ...options,
    });
  } catch (error) {
    throw new InputError(`ONNX Runtime cannot ${what}: ${firstLineOf(error)}`);
  }
}
