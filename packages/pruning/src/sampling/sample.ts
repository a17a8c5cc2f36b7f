import { samplePermutation } from '@espalier/datasets';
import { canonicalHash, type Engine, imageIdentity, TOP1 } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { networkHash } from '@espalier/network';
import type { Ranking } from '../criteria/index.ts';
import { unitsRemoved } from '../grid.ts';
import { BASELINE, SAMPLING_BLOCK, SampledBlock } from './block.ts';
import { joinCells } from './cell.ts';
import { sweepHeader } from './header.ts';
import { measureBlocks } from './measure.ts';
import { precheck } from './precheck.ts';
import type { RankedCriterion, SweepRequest } from './request.ts';
import { allRankings, firstRow, wantedRows } from './rows.ts';
import type { SamplingRun } from './run.ts';
import { summarise } from './summarise.ts';
import { SAMPLING_VERSION, UnitStore } from './unit-store.ts';

export interface Sampled {
  readonly run: SamplingRun;
  /** Cells of the grid taken wholly from stored units. */
  readonly cached: number;
  readonly seconds: number;
}

/** `sampleEach` for one criterion. */
export async function sample({
  criterion,
  rankings,
  cost,
  ...request
}: Omit<SweepRequest, 'criteria'> & RankedCriterion): Promise<Sampled> {
  const { runs, ...sampled } = await sampleEach({ ...request, criteria: [{ criterion, rankings, cost }] });
  const [run] = runs;
  if (!run) throw new Error('a sweep of one criterion gives one run');
  return { run, ...sampled };
}

/**
 * Grid sampling: prunes every group separately at each ratio of the grid and records accuracy and loss at
 * each point, on `samples` images of the search split's seeded permutation, usually the first. Finished units are
 * stored at once, so a stopped sweep goes on where it was; criteria of one call share the unpruned pass.
 *
 * Throws an InputError where the split has too few images or a group cannot be pruned, and the signal's
 * reason when it is aborted.
 */
export async function sampleEach(
  request: SweepRequest,
): Promise<Omit<Sampled, 'run'> & { readonly runs: readonly SamplingRun[] }> {
  const started = performance.now();
  for (const criterion of request.criteria) await precheck(request, criterion);
  const blocks = await openBlocks(request);
  const cached = countCached(request, blocks);
  await measureBlocks(request, blocks);
  const cell = (row: number, removed: number) => joinCells(blocks.map((block) => block.cell(row, removed)));
  const runs = request.criteria.map((criterion, c) =>
    summarise(sweepHeader(request, criterion), cell(BASELINE, 0), (g, removed) =>
      cell(firstRow(request, c) + g, removed),
    ),
  );
  return { runs, cached, seconds: (performance.now() - started) / 1000 };
}

/** The blocks of images that the sweep is made of, each with what the store knows of it. */
export async function openBlocks(request: SweepRequest): Promise<SampledBlock[]> {
  const { dataset, samples, seed, skip = 0, home, fresh = false } = request;
  const available = dataset.splits.search.n;
  if (!Number.isInteger(samples) || samples < 1) {
    throw new InputError(`a sample has a whole number of images from 1, not ${samples}`, 'sampling.samples');
  }
  if (!Number.isInteger(skip) || skip < 0 || skip % SAMPLING_BLOCK !== 0) {
    throw new InputError(
      `images are skipped in blocks: give a multiple of ${SAMPLING_BLOCK}, not ${skip}`,
      'sampling.skip',
    );
  }
  if (skip + samples > available) {
    const behind = skip > 0 ? ` after ${skip} skipped ones` : '';
    throw new InputError(
      `${samples} images are needed${behind}: the search split of ${dataset.name} has only ${available} images`,
      'sampling.samples',
    );
  }
  const order = samplePermutation(available, seed).subarray(skip, skip + samples);
  const wanted = [{ row: BASELINE, removed: [0] }, ...wantedRows(request)];
  const store = new UnitStore(home);
  const context = unitContext(request);
  const rankings = allRankings(request);
  const blocks: SampledBlock[] = [];
  for (let from = 0; from < samples; from += SAMPLING_BLOCK) {
    const place = skip + from;
    const keyOf = (row: number) => unitKey(context, place, rankings[row]);
    blocks.push(
      await SampledBlock.open(
        store,
        place,
        order.subarray(from, from + SAMPLING_BLOCK),
        wanted,
        keyOf,
        fresh,
      ),
    );
  }
  return blocks;
}

/** What all units of a sweep have in common, as a part of their keys. */
export function unitContext({
  network,
  dataset,
  seed,
  engine,
  metric = TOP1,
}: Pick<SweepRequest, 'network' | 'dataset' | 'seed' | 'metric'> & {
  readonly engine: Pick<Engine, 'name'>;
}): string {
  return canonicalHash({
    ...{ version: SAMPLING_VERSION, network: networkHash(network), images: imageIdentity(network, dataset) },
    ...{ split: 'search', seed, block: SAMPLING_BLOCK, engine: engine.name },
    // Units by labels were there before there were others.
    ...{ labels: {}, outputs: { measure: 'outputs and cosines' }, images: { measure: metric.name } }[
      metric.by
    ],
  });
}

/**
 * Of a unit of work: a group's units go in an order, whatever criterion it is that of.
 *
 * @param from the unit's first image in the sample's order
 * @param ranking undefined for the baseline
 */
export function unitKey(context: string, from: number, ranking: Ranking | undefined): string {
  const row = ranking && { firstUnit: ranking.group.firstUnit, order: ranking.order };
  return canonicalHash({ context, from, row: row ?? 'baseline' });
}

function countCached(request: SweepRequest, blocks: readonly SampledBlock[]): number {
  let cached = 0;
  allRankings(request).forEach(({ group }, row) => {
    for (const ratio of request.grid) {
      const removed = unitsRemoved(ratio, group.width);
      const [from, cell] = removed === 0 ? [BASELINE, 0] : [row, removed];
      if (blocks.every((block) => block.known(from, cell) === block.indices.length)) cached++;
    }
  });
  return cached;
}
