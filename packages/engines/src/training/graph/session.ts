import { InputError } from '@espalier/errors';
import type * as OnnxRuntime from 'onnxruntime-node';

/**
 * A graph of our own, ready to run on the CPU.
 *
 * @param what it does, for messages: `train network "resnet20"`
 * @throws {InputError} where the runtime refuses it
 */
export async function createSession(
  ort: typeof OnnxRuntime,
  graph: Uint8Array,
  threads: number,
  what: string,
): Promise<OnnxRuntime.InferenceSession> {
  try {
    return await ort.InferenceSession.create(graph, {
      executionProviders: ['cpu'],
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      interOpNumThreads: 1,
      intraOpNumThreads: threads,
      logSeverityLevel: 4,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError(`ONNX Runtime cannot ${what}: ${message.split('\n')[0]}`);
  }
}
