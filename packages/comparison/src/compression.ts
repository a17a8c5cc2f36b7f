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
export interface CompressedRun extends Judged, Recomputed {
  readonly id: string;
  /** Hash of the network that was pruned, and how it sees its images. */
  readonly base: string;
  readonly preprocessing: string | null;
  /** Hash of the network that came out; null if it is not known. */
  readonly network: string | null;
  /** Hash of images, labels and splits. */
  readonly dataset: string;
  /** Images of the test split that it was judged on. */
  readonly images: number | null;
  /** Hash of the recipe; null for no fine-tuning. */
  readonly recipe: string | null;
  /** Training images that BatchNorm was recalibrated on; null for none. */
  readonly recalibrated: number | null;
  /** Training images by which was repaired; null or 0 for no repair. */
  readonly repaired: number | null;
  /** By what it is judged, which values are better, and how outputs count, as text (null: alike); others do not compare. */
  readonly qualityMetric: string;
  readonly better: Better;
  readonly outputWeights: string | null;
  /** By that metric, of the unpruned network by the same evaluator, and of the pruned one; null if it is not known. */
  readonly baseValue: number | null;
  readonly value: number | null;
  /** The cost of the unpruned network and of the pruned one; null if it was not measured. */
  readonly before: number | null;
  readonly after: number | null;
  /** Hash of the device profile that predicts its time; null or left out without one. */
  readonly profile?: string | null | undefined;
}

/** The run that saves most within a budget. */
interface Best<R extends CompressedRun> {
  readonly run: R;
  /** How much worse than the unpruned network, in the unit of the metric: a fraction for top-1; negative where pruning gained. */
  readonly drop: number;
}

/** Runs that compare with each other: one network, one data set, one way to make and to judge them. */
export interface CompressionRow<R extends CompressedRun> {
  readonly runs: readonly R[];
  /** Different networks among their results: the same one once more is no further result. */
  readonly networks: number;
  /** Who judged some of its runs elsewhere; empty where the platform judged all. */
  readonly evaluators: readonly string[];
  /** Why they compare with a grain of salt; null if one program judged them all. */
  readonly reservation: string | null;
  /** The best run within each budget; null if no run keeps to it. */
  readonly best: readonly (Best<R> | null)[];
}

/** Differences of values are not exact. */
const ROUNDING = 1e-9;

/**
 * For each network and data set, and each largest allowed drop, the run with the largest ratio in the cost; of
 * equal ones the better, then the earlier. Runs that do not compare (judged by another metric or by other weights of
 * outputs, by another program that does not score the unpruned network alike, another recipe, BatchNorm recalibrated or
 * layers repaired otherwise, other test images) are in separate rows; one of which a worker found another value than
 * was told keeps to no budget. Of equal networks the first run counts:
 * the one that happened to be timed as the fastest is no other network. A run without values, or
 * without the cost, keeps to no budget. Predicted times compare by one device profile only: each has rows of its own,
 * and a run without one is in none.
 *
 * @param budgets in the unit of each row's metric: of top-1 0.01 is one point
 * @returns rows in the order of their first runs
 */
export function compression<R extends CompressedRun>(
  runs: readonly R[],
  budgets: readonly number[],
  metric: CompressionMetric,
): CompressionRow<R>[] {
  const byProfile = metric === 'predicted';
  const looked = byProfile ? runs.filter(({ profile }) => profile != null) : runs;
  const rows = groupedBy(looked, (run) =>
    [
      ...[byProfile ? run.profile : null, run.base, run.preprocessing, run.dataset, run.images, run.recipe],
      ...[run.recalibrated ?? 0, run.repaired ?? 0, run.qualityMetric, run.outputWeights],
    ].join('\n'),
  );
  return [...rows.values()].flatMap(judgedAlike).map((some) => {
    const different = [...groupedBy(some, ({ network, id }) => network ?? id).values()];
    const firsts = different
      .map((equal) => equal.find(isMeasured) ?? equal[0])
      .filter((run) => run !== undefined);
    const candidates = firsts.flatMap((run) => candidateOf(run, metric)).sort(byWorth);
    return {
      runs: some,
      networks: different.length,
      evaluators: [...new Set(some.flatMap(({ evaluator }) => evaluator ?? []))].sort(),
      // What has no base keeps to no budget.
      reservation: evaluatorReason(some.filter(({ baseValue }) => baseValue !== null))?.text ?? null,
      best: budgets.map((budget) => candidates.find(({ drop }) => drop <= budget + ROUNDING) ?? null),
    };
  });
}

/** In the cost. A run that was not timed says nothing of a latency that another run of its network has. */
function isMeasured({ before, after }: CompressedRun): boolean {
  return before !== null && after !== null;
}

interface Candidate<R extends CompressedRun> extends Best<R> {
  readonly ratio: number;
}

function candidateOf<R extends CompressedRun>(run: R, metric: CompressionMetric): Candidate<R>[] {
  const { baseValue, value, better, before, after } = run;
  const ratio = ratioOf(metric, before, after);
  if (baseValue === null || value === null || ratio === null) return [];
  if (recomputedAgrees(run) === false) return [];
  return [{ run, ratio, drop: lead(better, baseValue, value) }];
}

function byWorth(a: Candidate<CompressedRun>, b: Candidate<CompressedRun>): number {
  return b.ratio - a.ratio || byValue(a.run, b.run) || (a.run.id < b.run.id ? -1 : 1);
}

function byValue(a: CompressedRun, b: CompressedRun): number {
  return lead(a.better, b.value ?? 0, a.value ?? 0);
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
