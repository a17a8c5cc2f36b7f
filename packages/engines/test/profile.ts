import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Network } from '@espalier/network';
import type * as OnnxRuntime from 'onnxruntime-node';
import { createSession } from '../src/onnxruntime-session.ts';
import { blockSize } from '../src/training/graph/block.ts';
import { endingInLogits } from '../src/training/logits.ts';
import { parameterLayout } from '../src/training/parameters.ts';
import { stepGraph } from '../src/training/step-graph.ts';
import type { TrainerOptions } from '../src/training/trainer.ts';

/** The time that one kind of operation takes in a training step. */
export interface OperationTime {
  readonly op: string;
  /** In one step. */
  readonly milliseconds: number;
  /** Nodes of the graph. */
  readonly nodes: number;
}

interface Event {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: { readonly op_name?: string };
}

/** Where a training step's time goes, by ONNX Runtime's own profile of `steps` steps on random values. */
export async function profileStep(
  network: Network,
  options: TrainerOptions,
  { threads, steps = 6 }: { readonly threads: number; readonly steps?: number },
): Promise<OperationTime[]> {
  const ort = await import('onnxruntime-node');
  const block = await blockSize(ort);
  const bytes = stepGraph(endingInLogits(network), parameterLayout(network), options, block);
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-profile-'));
  try {
    const session = await createSession(ort, bytes, `profile network "${network.name}"`, {
      intraOpNumThreads: threads,
      enableProfiling: true,
      profileFilePrefix: path.join(folder, 'step'),
    });
    const feeds = randomFeeds(ort, session);
    for (let i = 0; i < steps; i++) await session.run(feeds);
    session.endProfiling();
    await session.release();
    const [file = ''] = await readdir(folder);
    return summed(JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Event[], steps);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function randomFeeds(
  ort: typeof OnnxRuntime,
  session: OnnxRuntime.InferenceSession,
): Record<string, OnnxRuntime.Tensor> {
  const feeds = session.inputMetadata.map((input) => {
    const dims = input.isTensor ? input.shape.map(Number) : [];
    const length = dims.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length }, () => (Math.random() - 0.5) / 10);
    return [input.name, new ort.Tensor('float32', values, dims)] as const;
  });
  return Object.fromEntries(feeds);
}

function summed(events: readonly Event[], steps: number): OperationTime[] {
  const times = new Map<string, { milliseconds: number; nodes: number }>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time') || !args.op_name) continue;
    const sum = times.get(args.op_name) ?? { milliseconds: 0, nodes: 0 };
    times.set(args.op_name, {
      milliseconds: sum.milliseconds + dur / 1000 / steps,
      nodes: sum.nodes + 1 / steps,
    });
  }
  return [...times]
    .map(([op, time]) => ({ op, milliseconds: time.milliseconds, nodes: Math.round(time.nodes) }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
