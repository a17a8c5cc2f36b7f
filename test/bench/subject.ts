import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Dataset, openDataset } from '@espalier/datasets';
import { type Engine, imageReader, openEngine } from '@espalier/engines';
import { type ChannelMap, channelMap, type Network, prunableGroups } from '@espalier/network';
import {
  costModel,
  DEFAULT_GRID,
  findCriterion,
  parseGrid,
  rank,
  type SweepRequest,
} from '@espalier/pruning';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What every benchmark shares: the images, the engine, and a folder that goes away. */
export interface Bench {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly folder: string;
  /** Folder of the decoded data sets. */
  readonly home: string;
}

export async function withBench(threads: number, work: (bench: Bench) => Promise<void>): Promise<void> {
  const home = process.env.ESPALIER_HOME ?? path.join(root, 'node_modules/.cache/espalier-test');
  const dataset = await openDataset('cifar10', { home });
  const engine = await openEngine('onnxruntime', { threads });
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-bench-'));
  try {
    await work({ dataset, engine, folder, home });
  } finally {
    await engine.dispose();
    await dataset.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Subject {
  readonly network: Network;
  readonly map: ChannelMap;
  readonly request: SweepRequest;
}

/** A sweep by l1 that measures everything. */
export function subject(
  { dataset, engine, folder }: Bench,
  given: Network,
  { grid = DEFAULT_GRID, samples = 1000 }: { readonly grid?: string; readonly samples?: number } = {},
): Subject {
  const network = { ...given, metadata: imageReader(given, dataset).metadata };
  const map = channelMap(network);
  const criterion = findCriterion('l1');
  const rankings = prunableGroups(map).map((group) => rank(criterion, group, { network, map, seed: 0 }));
  const request: SweepRequest = {
    network,
    map,
    allowInexact: false,
    criteria: [{ criterion, rankings, cost: costModel(network, map, rankings) }],
    dataset,
    engine,
    grid: parseGrid(grid),
    samples,
    seed: 0,
    home: folder,
    fresh: true,
  };
  return { network, map, request };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
