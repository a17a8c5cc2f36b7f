// What was got for each network at each allowed drop.

import { type Better, lead } from './better.ts';
import { evaluatorReason, type Judged, judgedAlike } from './evaluator.ts';
import { type Recomputed, recomputedAgrees } from './recomputed.ts';
import { groupedBy } from './setting-result.ts';

/** In the order in which they are shown. */
export const COMPRESSION_METRICS = ['params', 'macs', 'bytes', 'latency', 'throughput', 'predicted'] as const;
export type CompressionMetric = (typeof COMPRESSION_METRICS)[number];

/** What a network costs. Null if it was not measured. */
export interface Costs {
  readonly params: number;
  /** Multiply-accumulates for one image. */
  readonly macs: number;
  /** Size of its file. */
  readonly bytes: number | null;
  /** Median of one image, milliseconds. */
  readonly latency: number | null;
  /** Images per second in batches. */
  readonly throughput: number | null;
  /** Of a run on the device of a profile, as the profile predicts it, milliseconds; null without a profile. */
  readonly predicted: number | null;
}

/**
 * What pruning made less: base over pruned, of throughput pruned over base. 2 is twice as small, or twice as fast. Null
 * where one of the two was not measured.
 */
export type Ratios = Readonly<Record<CompressionMetric, number | null>>;

/** A run with a result, as one cost sees it. */
export interface CompressedRun extends Recomputed {
  /** A later run has a larger one. */
  readonly id: string;
  /** Hash of the network that came out; null if it is not known. */
  readonly network: string | null;
  /** By the metric of its conditions; null if it is not known. */
  readonly value: number | null;
  /** The cost of the unpruned network and of the pruned one; null if it was not measured. */
  readonly before: number | null;
  readonly after: number | null;
}

/** What some runs have in common: from what they started, and how they were made and judged. */
export interface CompressionConditions extends Judged {
  /** Hash of the network that was pruned, and how it sees its images. */
  readonly base: string;
  readonly preprocessing: string | null;
  /** Hash of images, labels and splits. */
  readonly dataset: string;
  /** Images of the test split that they were judged on. */
  readonly images: number | null;
  /** Hash of the recipe; null for no fine-tuning. */
  readonly recipe: string | null;
  /** Training images that BatchNorm was recalibrated on; null for none. */
  readonly recalibrated: number | null;
  /** Training images by which was repaired; null or 0 for no repair. */
  readonly repaired: number | null;
  /** By what they are judged, which values are better, and how outputs count, as text (null: alike); others do not compare. */
  readonly qualityMetric: string;
  readonly better: Better;
  readonly outputWeights: string | null;
  /** By that metric, of the unpruned network by the same evaluator; null if it is not known. */
  readonly baseValue: number | null;
  /** Hash of the device profile that predicts their times; null or left out without one. */
  readonly profile?: string | null | undefined;
}

/** Some runs under the same conditions; others under these may be in another batch. */
export interface CompressedBatch extends CompressionConditions {
  readonly runs: readonly CompressedRun[];
}

/** The run that saves most within a budget. */
interface Best {
  readonly run: CompressedRun;
  /** How much worse than the unpruned network, in the unit of the metric: a fraction for top-1; negative where pruning gained. */
  readonly drop: number;
}

/** Runs that compare with each other: one network, one data set, one way to make and to judge them. */
export interface CompressionRow<B extends CompressedBatch> {
  readonly batches: readonly B[];
  /** Different networks among their results: the same one once more is no further result. */
  readonly networks: number;
  /** Who judged some of its runs elsewhere; empty where the platform judged all. */
  readonly evaluators: readonly string[];
  /** Why they compare with a grain of salt; null if one program judged them all. */
  readonly reservation: string | null;
  /** The best run within each budget; null if no run keeps to it. */
  readonly best: readonly (Best | null)[];
}

/** Differences of values are not exact. */
const ROUNDING = 1e-9;

/**
 * For each network and data set, and each largest allowed drop, the run with the largest ratio in the cost; of
 * equal ones the better, then the earlier. Runs that do not compare (judged by another metric or by other weights of
 * outputs, by another program that does not score the unpruned network alike, another recipe, BatchNorm recalibrated or
 * layers repaired otherwise, other test images) are in separate rows; one of which a worker found another value than
 * was told keeps to no budget. Of equal networks the earliest run counts that was measured:
 * the one that happened to be timed as the fastest is no other network. A run without values, or
 * without the cost, keeps to no budget. Predicted times compare by one device profile only: each has rows of its own,
 * and a run without one is in none.
 *
 * @param budgets in the unit of each row's metric: of top-1 0.01 is one point
 * @returns rows in the order of their first batches
 */
export function compression<B extends CompressedBatch>(
  batches: readonly B[],
  budgets: readonly number[],
  metric: CompressionMetric,
): CompressionRow<B>[] {
  const byProfile = metric === 'predicted';
  const looked = byProfile ? batches.filter(({ profile }) => profile != null) : batches;
  const rows = groupedBy(looked, (batch) =>
    [
      ...[byProfile ? batch.profile : null, batch.base, batch.preprocessing, batch.dataset, batch.images],
      ...[batch.recipe, batch.recalibrated ?? 0, batch.repaired ?? 0],
      ...[batch.qualityMetric, batch.outputWeights],
    ].join('\n'),
  );
  return [...rows.values()].flatMap(judgedAlike).map((some) => {
    const different = differentNetworks(some);
    return {
      batches: some,
      networks: different.size,
      evaluators: [...new Set(some.flatMap(({ evaluator }) => evaluator ?? []))].sort(),
      // What has no base keeps to no budget.
      reservation: evaluatorReason(some.filter(({ baseValue }) => baseValue !== null))?.text ?? null,
      best: bestWithin(different.values(), budgets, metric),
    };
  });
}

interface Judgement {
  readonly run: CompressedRun;
  readonly conditions: CompressionConditions;
}

/** The run that counts of each network. One that was not timed says nothing of a latency that another run of its network has. */
function differentNetworks(batches: readonly CompressedBatch[]): Map<string, Judgement> {
  const different = new Map<string, Judgement>();
  for (const conditions of batches) {
    for (const run of conditions.runs) {
      const network = run.network ?? run.id;
      const known = different.get(network);
      if (!known || counts(run, known.run)) different.set(network, { run, conditions });
    }
  }
  return different;
}

/** Before another run of the same network. */
function counts(run: CompressedRun, other: CompressedRun): boolean {
  const measured = isMeasured(run);
  return measured === isMeasured(other) ? run.id < other.id : measured;
}

/** In the cost. */
function isMeasured({ before, after }: CompressedRun): boolean {
  return before !== null && after !== null;
}

function bestWithin(
  judgements: Iterable<Judgement>,
  budgets: readonly number[],
  metric: CompressionMetric,
): (Candidate | null)[] {
  const best = budgets.map((): Candidate | null => null);
  for (const judgement of judgements) {
    const candidate = candidateOf(judgement, metric);
    if (!candidate) continue;
    for (const [i, budget] of budgets.entries()) {
      const before = best[i] ?? null;
      if (candidate.drop > budget + ROUNDING) continue;
      if (before === null || isBetter(candidate, before)) best[i] = candidate;
    }
  }
  return best;
}

interface Candidate extends Best {
  readonly ratio: number;
  readonly value: number;
  readonly better: Better;
}

function candidateOf({ run, conditions }: Judgement, metric: CompressionMetric): Candidate | null {
  const { baseValue, better } = conditions;
  const { value, before, after } = run;
  const ratio = ratioOf(metric, before, after);
  if (baseValue === null || value === null || ratio === null) return null;
  if (recomputedAgrees(run) === false) return null;
  return { run, ratio, value, better, drop: lead(better, baseValue, value) };
}

function isBetter(a: Candidate, b: Candidate): boolean {
  if (a.ratio !== b.ratio) return a.ratio > b.ratio;
  const ahead = lead(a.better, a.value, b.value);
  return ahead === 0 ? a.run.id < b.run.id : ahead > 0;
}

export function ratiosOf({ before, after }: { readonly before: Costs; readonly after: Costs }): Ratios {
  const of = (metric: CompressionMetric) => ratioOf(metric, before[metric], after[metric]);
  return {
    params: of('params'),
    macs: of('macs'),
    bytes: of('bytes'),
    latency: of('latency'),
    throughput: of('throughput'),
    predicted: of('predicted'),
  };
}

/** Null for what is not known, and for a division by nothing. */
function ratioOf(metric: CompressionMetric, before: number | null, after: number | null): number | null {
  if (before === null || after === null || before <= 0 || after <= 0) return null;
  return metric === 'throughput' ? after / before : before / after;
}
