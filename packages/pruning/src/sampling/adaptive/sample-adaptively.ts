import { type Scores, TOP1 } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import type { Target } from '../../allocation/target.ts';
import { countFlips, pairedStandardError } from '../../contribution.ts';
import { BASELINE, type SampledBlock } from '../block.ts';
import { firstScores, isScored, joinScores, mean } from '../cell.ts';
import { sweepHeader } from '../header.ts';
import { openMeasuring } from '../measure.ts';
import { precheck } from '../precheck.ts';
import type { SweepRequest } from '../request.ts';
import { wantedRows } from '../rows.ts';
import type { SamplingRun } from '../run.ts';
import { openBlocks } from '../sample.ts';
import { summarise } from '../summarise.ts';
import { type CellDemand, type CellEstimate, FEW, interpolated, openDecisions } from './decide.ts';

/** The structures that a sweep has to decide when nobody says which. */
const USUAL_TARGETS: readonly Target[] = [0.3, 0.5, 0.7].map((share) => ({ metric: 'macs', share }));

/**
 * Grid sampling that spends images only where the structures for `targets` by allocation `cie` turn on
 * them: a first look at a few cells of each row, then more cells and more images around the crossings, until
 * no decision is open. Cells that were not measured on all images are marked as inferred.
 *
 * Takes one criterion: what is open depends on its curves.
 */
export async function sampleAdaptively(
  request: SweepRequest,
  targets: readonly Target[] = USUAL_TARGETS,
): Promise<{ readonly run: SamplingRun; readonly measured: number; readonly seconds: number }> {
  const started = performance.now();
  const [criterion, ...others] = request.criteria;
  if (!criterion || others.length > 0) throw new Error('adaptive sampling takes one criterion at a time');
  const { label, name } = request.metric ?? TOP1;
  if (name !== 'top1') {
    throw new InputError(
      `adaptive sampling needs images that are right or wrong, not ${label}: leave it out, or give metric top1`,
      'sampling.adaptive',
    );
  }
  await precheck(request, criterion);
  const blocks = await openBlocks(request);
  const rows = wantedRows(request);
  const estimated = () =>
    rows.map(({ row, removed }) => removed.map((units) => estimateOf(blocks, row, units)));
  const measuring = openMeasuring(request, blocks.length);
  try {
    let demands = firstLook(rows, request.samples);
    while (demands.length > 0) {
      await measuring.measure(blocks, demandedBy(demands, request.skip));
      demands = openDecisions({ ...criterion, estimates: estimated() }, targets, request.samples);
    }
  } finally {
    await measuring.dispose();
  }
  const baseline = whole(blocks, BASELINE, 0);
  const known = estimated();
  const images = known.flat().reduce((sum, cell) => sum + cell.images, 0);
  const run = summarise(sweepHeader(request, criterion), baseline, (g, removed) => {
    const row = known[g] ?? [];
    const k = row.findIndex((cell) => cell.removed === removed);
    const scores = row[k]?.scores;
    if (scores && scores.hit1.length === request.samples) return scores;
    const line = (value: (cell: (typeof row)[number]) => number, atZero: number) =>
      interpolated(row, k, { value, atZero });
    const drop = line((cell) => cell.drop, 0);
    const top1 = mean(baseline.hit1) - drop;
    return {
      values: {
        top1,
        top5: baseline.hit5 && line(({ scores: s }) => mean(s?.hit5 ?? []), mean(baseline.hit5)),
        loss: line(({ scores: s }) => mean(s?.loss ?? []), mean(baseline.loss)),
      },
      ...{ value: top1, drop },
      standardError: line(({ standardError }) => standardError, 0),
    };
  });
  return {
    run,
    measured: images / (known.flat().length * request.samples),
    seconds: (performance.now() - started) / 1000,
  };
}

/** Three cells of every row on a few images, and the baseline on all. */
function firstLook(rows: ReturnType<typeof wantedRows>, images: number): CellDemand[] {
  return [
    { row: BASELINE, removed: 0, images },
    ...rows.flatMap(({ row, removed }) => {
      const last = removed.length - 1;
      const places = [...new Set([Math.floor(last / 4), Math.floor((last * 5) / 8), last])];
      return places.flatMap((k) => ({ row, removed: removed[k] ?? 0, images: Math.min(FEW, images) }));
    }),
  ];
}

/** Whether a block's cell is among the first images that somebody asks of it. */
function demandedBy(demands: readonly CellDemand[], skip = 0) {
  const images = new Map(demands.map((demand) => [`${demand.row}/${demand.removed}`, demand.images]));
  return (block: SampledBlock, row: number, removed: number) =>
    block.from - skip < (images.get(`${row}/${removed}`) ?? 0);
}

/** What a cell's first images say, and their scores if there are any. */
function estimateOf(
  blocks: readonly SampledBlock[],
  row: number,
  removed: number,
): CellEstimate & { readonly scores?: Scores } {
  const end = blocks.findIndex((block) => block.known(row, removed) < block.indices.length);
  const complete = end < 0 ? blocks : blocks.slice(0, end);
  if (complete.length === 0) return { removed, images: 0, drop: 0, standardError: 0 };
  const scores = whole(complete, row, removed);
  const images = scores.hit1.length;
  const baseline = firstScores(whole(complete, BASELINE, 0), images);
  const { lost, gained } = countFlips(baseline.hit1, scores.hit1);
  return {
    removed,
    images,
    drop: (lost - gained) / images,
    standardError: pairedStandardError(lost, gained, images),
    scores,
  };
}

function whole(blocks: readonly SampledBlock[], row: number, removed: number): Scores {
  return joinScores(blocks.map((block) => block.cell(row, removed)).filter(isScored));
}
