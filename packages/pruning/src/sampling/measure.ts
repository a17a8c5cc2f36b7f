import { type ImageReader, imageReader, TOP1 } from '@espalier/engines';
import { inferShapes, sizeOf } from '@espalier/network';
import { BASELINE, type MissingCells, type SampledBlock } from './block.ts';
import type { ExecutorOptions, SweepExecutor } from './executor.ts';
import { naiveExecutor } from './naive.ts';
import { plannedExecutor } from './planned/executor.ts';
import { type PlanOptions, planSweep, type SweepPlan } from './planned/plan.ts';
import { remoteExecutor } from './processes/remote-executor.ts';
import type { SweepRequest } from './request.ts';
import { allRankings, wantedRows } from './rows.ts';
import { measureOf } from './scorer.ts';

/** What a sweep would compute, all of its cells being measured; nothing is run. */
export function planOf(request: SweepRequest): SweepPlan {
  const { network, map } = request;
  return planSweep(network, map, allRankings(request), wantedRows(request), planOptions(request));
}

/** Measures what the blocks miss, on all cores, and stores it as it comes. */
export async function measureBlocks(request: SweepRequest, blocks: readonly SampledBlock[]): Promise<void> {
  const waiting = blocks.filter((block) => block.missing().pairs > 0);
  if (waiting.length === 0) {
    request.onProgress?.({ done: 0, total: 0 });
    return;
  }
  const measuring = openMeasuring(request, waiting.length);
  try {
    await measuring.measure(waiting);
  } finally {
    await measuring.dispose();
  }
}

/** Tells whether a block's cell is to be measured now. */
type Wanted = (block: SampledBlock, row: number, removed: number) => boolean;

/** Executors, on all cores, that measure and store what blocks miss. */
export interface Measuring {
  /** Progress counts on from call to call. After an error nothing more can be measured. */
  measure(blocks: readonly SampledBlock[], wanted?: Wanted): Promise<void>;
  dispose(): Promise<void>;
}

/** @param blocks at most so many are measured at a time */
export function openMeasuring(request: SweepRequest, blocks: number): Measuring {
  const { network, dataset, signal } = request;
  const reader = imageReader(network, dataset);
  const isShown = request.metric?.by === 'images';
  const failed = new AbortController();
  const stop = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
  const executors = openExecutors(request, reader, blocks, stop);
  const counted = { done: 0, total: 0 };
  const report = (pairs: number) => {
    counted.done += pairs;
    request.onProgress?.({ ...counted });
  };
  return {
    async measure(all, wanted = () => true) {
      const waiting = all.map((block) => block.missing((row, removed) => wanted(block, row, removed)));
      const queue = waiting.filter((missing) => missing.pairs > 0);
      counted.total += queue.reduce((sum, { pairs }) => sum + pairs, 0);
      report(0);
      const work = executors.map(async (opening) => {
        const executor = await opening;
        for (let next = queue.shift(); next; next = queue.shift()) {
          await measureBlock(next, isShown ? reader.readShown : reader.read, executor, report, stop);
        }
      });
      try {
        await Promise.all(work);
      } catch (error) {
        failed.abort(error);
        await Promise.allSettled(work);
        throw error;
      }
    },
    async dispose() {
      for (const opened of await Promise.allSettled(executors)) {
        if (opened.status === 'fulfilled') await opened.value.dispose();
      }
    },
  };
}

async function measureBlock(
  { block, work: byStart }: MissingCells,
  read: ImageReader['readShown'],
  executor: SweepExecutor,
  report: (pairs: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const [from, work] of byStart) {
    const images = await read('search', block.indices.subarray(from));
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

/**
 * Each process compiles every network for itself. With fewer blocks than this for each, threads inside an
 * operation are faster.
 */
const BLOCKS_A_PROCESS = 4;

function openExecutors(
  request: SweepRequest,
  reader: ImageReader,
  blocks: number,
  signal: AbortSignal,
): Promise<SweepExecutor>[] {
  const { engine, network, map, allowInexact, naive, metric = TOP1, tuning = {} } = request;
  const measure = measureOf(metric);
  const rankings = allRankings(request);
  const worthwhile = Math.max(1, Math.floor(blocks / BLOCKS_A_PROCESS));
  const processes = Math.min(tuning.processes ?? Math.min(engine.threads, worthwhile), blocks);
  const batch = tuning.batch ?? batchFor(request, processes);
  const options: ExecutorOptions = { engine, network, map, rankings, output: reader.output, measure, batch };
  if (naive) return [naiveExecutor(options)];
  const plan = planOptions(request);
  const rows = wantedRows(request);
  // A GPU, and TensorFlow's own thread pool, are shared best from one process.
  // So is a metric of your own, whose code no other process has.
  if (processes === 1 || engine.name !== 'onnxruntime' || typeof measure !== 'string')
    return [Promise.resolve(plannedExecutor({ ...options, ...plan, rows }))];
  const setup = {
    engine: engine.name,
    threads: Math.max(1, Math.floor(engine.threads / processes)),
    network,
    allowInexact,
    rankings: rankings.map(({ group, order }) => ({ group: group.id, order })),
    rows,
    output: reader.output,
    measure,
    batch,
    plan,
  };
  return Array.from({ length: processes }, () => remoteExecutor(setup, signal));
}

const MOST_IMAGES = 25;
const DEFAULT_MEMORY = 2 ** 30;
/** Tensors of the largest size that are alive at a time: input and output of a layer, a shortcut, one being moved. */
const ALIVE = 4;

/** Images per call, so that the activations of all processes stay within the memory asked for. */
function batchFor({ network, grid, tuning = {} }: SweepRequest, processes: number): number {
  const shapes = inferShapes(network, 1);
  const computed = network.nodes.flatMap(({ outputs }) => outputs);
  const largest = Math.max(...computed.map((value) => sizeOf(shapes.get(value) ?? [])));
  const bytes = largest * Float32Array.BYTES_PER_ELEMENT * ALIVE * grid.length;
  const fitting = Math.floor((tuning.memory ?? DEFAULT_MEMORY) / processes / bytes);
  return Math.max(1, Math.min(MOST_IMAGES, fitting));
}
