import { availableParallelism } from 'node:os';
import { firstLineOf, InputError } from '@espalier/errors';
import { encodeOnnx } from '@espalier/formats';
import { floatTensor, type Network, withoutTail } from '@espalier/network';
import type * as OnnxRuntime from 'onnxruntime-node';
import { cpuWith, type Engine, type EngineOptions, type Executable } from './engine.ts';
import { onnxRuntimeNodeTimes } from './measure/node-times.ts';
import { randomInputs } from './measure/random-inputs.ts';
import { oneByOne } from './one-by-one.ts';
import { createSession } from './onnxruntime-session.ts';
import { asFloats, typedTensor } from './onnxruntime-tensors.ts';
import { checkedInputs } from './run-inputs.ts';
import { onnxRuntimeGradients } from './training/onnxruntime-gradients.ts';
import { onnxRuntimeTrainer } from './training/onnxruntime-trainer.ts';

/** Microsoft's runtime on the CPU. */
export async function openOnnxRuntime(
  { threads = availableParallelism() }: EngineOptions,
  why: string,
): Promise<Engine> {
  const ort = await loadOnnxRuntime();
  const version = ort.env.versions.node ?? ort.env.versions.common;
  const compiled = new Set<Executable>();
  return {
    name: 'onnxruntime',
    device: 'cpu',
    version,
    description: `ONNX Runtime ${version} on ${cpuWith(threads)}`,
    why,
    threads,
    async compile(network, { optimiseFor, keepMemory = true } = {}) {
      const session = await createSession(
        ort,
        encodeOnnx(withoutTail(network)),
        `run network "${network.name}"`,
        {
          enableCpuMemArena: keepMemory,
          enableMemPattern: keepMemory,
          intraOpNumThreads: threads,
          // Threads that spin on after a run would take the cores from whatever runs next, another network above all.
          extra: {
            session: {
              force_spinning_stop: '1',
              intra_op: { allow_spinning: optimiseFor === 'throughput' ? '0' : '1' },
            },
          },
        },
      );
      const executable = executableOf(ort, network, session, () => compiled.delete(executable));
      compiled.add(executable);
      return oneByOne(network, executable);
    },
    train: (network, options) => onnxRuntimeTrainer(ort, network, options, threads),
    gradients: (network, options) => onnxRuntimeGradients(ort, network, options, threads),
    nodeTimes: (network, batch, runs) =>
      onnxRuntimeNodeTimes(ort, network, randomInputs(network, batch), { threads, runs, warmup: 3 }),
    async dispose() {
      for (const executable of compiled) await executable.dispose();
    },
  };
}

export async function loadOnnxRuntime(): Promise<typeof OnnxRuntime> {
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    throw new InputError(
      `ONNX Runtime does not load: ${firstLineOf(error)}; try the engine tensorflow`,
      'engine',
    );
  }
}

function executableOf(
  ort: typeof OnnxRuntime,
  network: Network,
  session: OnnxRuntime.InferenceSession,
  onDispose: () => void,
): Executable {
  let disposed = false;
  const types = new Map(network.inputs.map(({ name, type }) => [name, type]));
  return {
    async run(inputs) {
      if (disposed) throw new Error(`network "${network.name}" has been disposed of`);
      const feeds = checkedInputs(network, inputs).map(
        ([name, tensor]) => [name, typedTensor(ort, tensor, types.get(name))] as const,
      );
      const results = await session.run(Object.fromEntries(feeds));
      return Object.fromEntries(
        network.outputs.map((name) => {
          const result = results[name];
          if (!result) throw new Error(`output "${name}" is missing`);
          return [name, floatTensor(result.dims, asFloats(name, result.data))];
        }),
      );
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await session.release();
      onDispose();
    },
  };
}
