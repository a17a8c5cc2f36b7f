import { type ImageReader, imageReader } from '@espalier/engines';
import { inferShapes, sizeOf } from '@espalier/network';
import { BASELINE, type SampledBlock } from './block.ts';
import type { ExecutorOptions, SweepExecutor } from './executor.ts';
import { naiveExecutor } from './naive.ts';
import { plannedExecutor } from './planned/executor.ts';
import { type PlanOptions, planSweep, type SweepPlan } from './planned/plan.ts';
import { remoteExecutor } from './processes/remote-executor.ts';
import type { SweepRequest } from './request.ts';
import { allRankings, wantedRows } from './rows.ts';

/** What a sweep would compute, all of its cells being measured; nothing is run. */
export function planOf(request: SweepRequest): SweepPlan {
  const { network, map } = request;
  return planSweep(network, map, allRankings(request), wantedRows(request), planOptions(request));
}

/** Measures what the blocks miss, on all cores, and stores it as it comes. */
export async function measureBlocks(request: SweepRequest, blocks: readonly SampledBlock[]): Promise<void> {
  const waiting = blocks.filter((block) => block.missingPairs() > 0);
  const total = waiting.reduce((sum, block) => sum + block.missingPairs(), 0);
  let done = 0;
  const report = (pairs: number) => {
    done += pairs;
    request.onProgress?.({ done, total });
  };
  report(0);
  if (total === 0) return;

  const { network, dataset, signal } = request;
  const reader = imageReader(network, dataset);
  const failed = new AbortController();
  const stop = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
  const executors = openExecutors(request, reader, waiting.length, stop);
  const work = executors.map(async (opening) => {
    const executor = await opening;
    for (let block = waiting.shift(); block; block = waiting.shift()) {
      await measureBlock(block, reader, executor, report, stop);
    }
  });
  try {
    await Promise.all(work);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(work);
    throw error;
  } finally {
    for (const opened of await Promise.allSettled(executors)) {
      if (opened.status === 'fulfilled') await opened.value.dispose();
    }
  }
}

async function measureBlock(
  block: SampledBlock,
  reader: ImageReader,
  executor: SweepExecutor,
  report: (pairs: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const [from, work] of block.missing()) {
    const images = await reader.read('search', block.indices.subarray(from));
    const baseline = work.some(({ row }) => row === BASELINE);
    const rows = work.filter(({ row }) => row !== BASELINE);
    for await (const scores of executor.run(images, { baseline, rows }, { onImages: report, signal })) {
      await block.add(from + scores.from, scores);
    }
  }
}

/** Channels that ONNX Runtime's CPU kernels take at a time where there is AVX-512; 8 with AVX2 alone. */
const CHANNEL_BLOCK = { onnxruntime: 16, tensorflow: 1 } as const;

function planOptions({ engine, tuning = {} }: Pick<SweepRequest, 'engine' | 'tuning'>): PlanOptions {
  return { channelBlock: CHANNEL_BLOCK[engine.name], ...(tuning.ways ? { ways: tuning.ways } : {}) };
}

function openExecutors(
  request: SweepRequest,
  reader: ImageReader,
  blocks: number,
  signal: AbortSignal,
): Promise<SweepExecutor>[] {
  const { engine, network, map, allowInexact, naive, tuning = {} } = request;
  const rankings = allRankings(request);
  const processes = Math.min(tuning.processes ?? engine.threads, blocks);
  const batch = tuning.batch ?? batchFor(request, processes);
  const options: ExecutorOptions = { engine, network, map, rankings, output: reader.output, batch };
  if (naive) return [naiveExecutor(options)];
  const plan = planOptions(request);
  const rows = wantedRows(request);
  // A GPU, and TensorFlow's own thread pool, are shared best from one process.
  if (processes === 1 || engine.name !== 'onnxruntime')
    return [Promise.resolve(plannedExecutor({ ...options, ...plan, rows }))];
  const setup = {
    engine: engine.name,
    threads: Math.max(1, Math.floor(engine.threads / processes)),
    network,
    allowInexact,
    rankings: rankings.map(({ group, order }) => ({ group: group.id, order })),
    rows,
    output: reader.output,
    batch,
    plan,
  };
  return Array.from({ length: processes }, () => remoteExecutor(setup, signal));
}

const MOST_IMAGES = 25;
const DEFAULT_MEMORY = 2 ** 30;
/** Tensors of the largest size that are alive at a time: input and output of a layer, a shortcut, one being moved. */
const ALIVE = 4;

/** Images a call, so that the activations of all processes stay within the memory asked for. */
function batchFor({ network, grid, tuning = {} }: SweepRequest, processes: number): number {
  const shapes = inferShapes(network, 1);
  const computed = network.nodes.flatMap(({ outputs }) => outputs);
  const largest = Math.max(...computed.map((value) => sizeOf(shapes.get(value) ?? [])));
  const bytes = largest * Float32Array.BYTES_PER_ELEMENT * ALIVE * grid.length;
  const fitting = Math.floor((tuning.memory ?? DEFAULT_MEMORY) / processes / bytes);
  return Math.max(1, Math.min(MOST_IMAGES, fitting));
}
