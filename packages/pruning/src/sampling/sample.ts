import { type Dataset, samplePermutation } from '@espalier/datasets';
import { type Engine, type ImageReader, imageReader } from '@espalier/engines';
import { type ChannelMap, InputError, type Network, networkHash } from '@espalier/network';
import type { CostModel } from '../cost-model.ts';
import type { Criterion, Ranking } from '../criteria/index.ts';
import { unitsRemoved } from '../grid.ts';
import { BASELINE, SampledBlock } from './block.ts';
import { type CellScores, joinScores } from './cell.ts';
import type { RowWork, SweepExecutor } from './executor.ts';
import { naiveExecutor } from './naive.ts';
import { precheck } from './precheck.ts';
import type { SamplingRun } from './run.ts';
import { summarise } from './summarise.ts';
import { SAMPLING_VERSION, UnitStore, unitKey } from './unit-store.ts';

/** Images a work unit. Part of every key. */
const BLOCK = 250;

export interface SamplingRequest {
  readonly network: Network;
  readonly map: ChannelMap;
  /** Prunable groups in topological order, ranked by `criterion`. */
  readonly rankings: readonly Ranking[];
  readonly cost: CostModel;
  readonly criterion: Criterion;
  readonly allowInexact: boolean;
  readonly dataset: Dataset;
  readonly engine: Engine;
  /** Ascending ratios in (0, 1). */
  readonly grid: readonly number[];
  /** How many images of the search split. */
  readonly samples: number;
  readonly seed: number;
  /** Folder of the work units. */
  readonly home: string;
  /** Measure everything, whatever is stored. */
  readonly fresh?: boolean;
  /** Images a call of the engine. */
  readonly batch?: number;
  readonly onProgress?: (progress: SamplingProgress) => void;
  readonly signal?: AbortSignal;
}

/** Counts (image, cell) pairs of this call; cells taken from the store are not among them. */
export interface SamplingProgress {
  readonly done: number;
  readonly total: number;
}

export interface Sampled {
  readonly run: SamplingRun;
  /** Cells of the grid taken wholly from stored units. */
  readonly cached: number;
  readonly seconds: number;
}

/**
 * Grid sampling: prunes every group separately at each ratio of the grid and records accuracy and loss at
 * each point, on the first `samples` images of the search split's seeded permutation. Finished units are
 * stored at once, so a stopped sweep goes on where it was.
 *
 * Throws an InputError where the split has too few images or a group cannot be pruned, and the signal's
 * reason when it is aborted.
 */
export async function sample(request: SamplingRequest): Promise<Sampled> {
  const started = performance.now();
  await precheck(request);
  const blocks = await openBlocks(request);
  const cached = countCached(request, blocks);
  const total = blocks.reduce((sum, block) => sum + block.missingPairs(), 0);
  let done = 0;
  const report = (pairs: number) => {
    done += pairs;
    request.onProgress?.({ done, total });
  };
  if (total > 0) await measure(request, blocks, report);
  const cell = (row: number, removed: number): CellScores =>
    joinScores(blocks.map((block) => block.cell(row, removed)));
  return { run: summarise(request, cell), cached, seconds: (performance.now() - started) / 1000 };
}

async function measure(
  request: SamplingRequest,
  blocks: readonly SampledBlock[],
  report: (pairs: number) => void,
): Promise<void> {
  const { network, map, rankings, engine, dataset, batch = 50, signal } = request;
  const reader = imageReader(network, dataset);
  const executor = await naiveExecutor({ engine, network, map, rankings, output: reader.output, batch });
  try {
    for (const block of blocks) await measureBlock(block, reader, executor, report, signal);
  } finally {
    await executor.dispose();
  }
}

async function measureBlock(
  block: SampledBlock,
  reader: ImageReader,
  executor: SweepExecutor,
  report: (pairs: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const [from, work] of block.missing()) {
    const images = await reader.read('search', block.indices.subarray(from));
    const baseline = work.some(({ row }) => row === BASELINE);
    const rows = work.filter(({ row }) => row !== BASELINE);
    const hooks = { onImages: report, ...(signal ? { signal } : {}) };
    for await (const row of executor.run(images, { baseline, rows }, hooks)) await block.add(from, row);
  }
}

/** The cells that the grid asks of each group; several ratios may remove the same number of units. */
export function wantedRows(rankings: readonly Ranking[], grid: readonly number[]): RowWork[] {
  return rankings.map(({ group }, row) => {
    const removed = new Set(grid.map((ratio) => unitsRemoved(ratio, group.width)));
    removed.delete(0);
    return { row, removed: [...removed].sort((a, b) => a - b) };
  });
}

async function openBlocks(request: SamplingRequest): Promise<SampledBlock[]> {
  const { dataset, samples, seed, rankings, grid, home, fresh = false } = request;
  const available = dataset.splits.search.n;
  if (!Number.isInteger(samples) || samples < 1)
    throw new InputError(`--samples ${samples}: give a whole number from 1`);
  if (samples > available) {
    throw new InputError(
      `--samples ${samples}: the search split of ${dataset.name} has only ${available} images`,
    );
  }
  const order = samplePermutation(available, seed).subarray(0, samples);
  const wanted = [{ row: BASELINE, removed: [0] }, ...wantedRows(rankings, grid)];
  const store = new UnitStore(home);
  const context = keyContext(request);
  const blocks: SampledBlock[] = [];
  for (let from = 0; from < samples; from += BLOCK) {
    const keyOf = (row: number) => unitKey({ ...context, from, ...rowContent(rankings, row) });
    blocks.push(await SampledBlock.open(store, order.subarray(from, from + BLOCK), wanted, keyOf, fresh));
  }
  return blocks;
}

/** Everything that decides a unit's numbers, the row apart. Its order is part of the key. */
function keyContext({ network, dataset, seed, engine }: SamplingRequest) {
  const { input, output } = imageReader(network, dataset).metadata;
  return {
    version: SAMPLING_VERSION,
    network: networkHash(network),
    preprocessing: input,
    output,
    dataset: dataset.hash,
    split: 'search',
    seed,
    block: BLOCK,
    engine: engine.name,
  };
}

/** A row is told by the order in which its units go, not by the criterion's name. */
function rowContent(rankings: readonly Ranking[], row: number) {
  const ranking = rankings[row];
  return ranking ? { firstUnit: ranking.group.firstUnit, order: ranking.order } : { baseline: true };
}

function countCached({ rankings, grid }: SamplingRequest, blocks: readonly SampledBlock[]): number {
  let cached = 0;
  rankings.forEach(({ group }, row) => {
    for (const ratio of grid) {
      const removed = unitsRemoved(ratio, group.width);
      const [from, cell] = removed === 0 ? [BASELINE, 0] : [row, removed];
      if (blocks.every((block) => block.known(from, cell) === block.indices.length)) cached++;
    }
  });
  return cached;
}
