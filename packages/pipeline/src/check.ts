import { type DatasetFacts, DECODING_VERSION, type SplitName } from '@espalier/datasets';
import {
  checkFits,
  checkTrainable,
  checkWeights,
  findMetric,
  metricFor,
  TOP1,
  tellsAccuracy,
} from '@espalier/engines';
import { InputError, MisfitError } from '@espalier/errors';
import { checkFileSize } from '@espalier/formats';
import { channelMap, type Network, prunableGroups, takesOneImage } from '@espalier/network';
import {
  type Analysis,
  allocationProblem,
  checkEvidence,
  checkReachable,
  costModel,
  type DeviceTimes,
  findAllocation,
  findCriterion,
  manualTarget,
  resolveTarget,
  roundsOf,
  type SamplingRun,
  type Target,
  unitsRemoved,
  type WidthLimits,
} from '@espalier/pruning';
import { atField, type PrunePlan, samplesOf, samplingOf, USUAL_LIMITS } from './plan.ts';
import { withWidthsOf } from './widths.ts';

/** What is known of a data set without reading its images. */
export interface PlanData extends DatasetFacts {
  readonly hash: string;
  readonly splits: Readonly<Record<SplitName, { readonly n: number }>>;
}

/** What a plan is checked against. */
export interface PlanSubject {
  /** Its tensors need no values. */
  readonly network: Network;
  /** By any ranking: costs and names are what counts. */
  readonly analysis: Analysis;
  /** null: there is none; undefined: it is not open yet. */
  readonly data: PlanData | null | undefined;
  /** A sampling that was made before and is to be used. */
  readonly sweep?: SamplingRun | undefined;
}

/**
 * Refuses all that can be refused without computing, before anything long begins: by the command, and by the API when
 * a run is started, in the same words.
 *
 * @returns the target, also of manual shares that are taken as they are
 * @throws {InputError} that names the field of the plan
 */
export function checkPlan(plan: PrunePlan, subject: PlanSubject): Target {
  const { data, sweep } = subject;
  checkImages(plan, { data: data !== null, sweep: sweep !== undefined });
  if (data) checkMetric(plan, subject.network, data);
  const { metric } = plan.sampling;
  if (sweep && metric !== null && sweep.metric.name !== metric) {
    throw new InputError(
      `the sweep has metric ${sweep.metric.label}, not ${findMetric(metric).label}: give a sweep with that metric, or leave it out`,
      'sampling.metric',
    );
  }
  if (sweep && sweep.dataset.decoding !== DECODING_VERSION) {
    throw new InputError(
      `the images of the sweep were decoded by other rules (version ${sweep.dataset.decoding}, here ${DECODING_VERSION}), so their pixels differ: sample again`,
      'sweep',
    );
  }
  const target = targetOf(plan, subject.analysis);
  checkReach(plan, target, subject);
  // It is written. Of the MACs nothing follows for it; then what is left says it.
  const left = target.metric === 'params' ? 1 - target.share : 0;
  checkFileSize(subject.network, left, 'target');
  checkSampledWork(plan, subject);
  if (data) {
    checkSplits(plan, data);
    if (sweep && sweep.dataset.hash !== data.hash) {
      const same = data.name === sweep.dataset.name ? ' (same name, other images)' : '';
      throw new InputError(
        `the sweep is for data set ${sweep.dataset.name}, not ${data.name}${same}`,
        'sweep',
      );
    }
  }
  if (plan.recalibrate !== null) checkBatchNorm(subject.network);
  return target;
}

/** Whatever removes anything meets it: by this the conditions of runs are checked before there is one. */
export const LEAST: Target = { metric: 'macs', share: 1e-9 };

/** By what networks are judged: network and images have it, and what learns from labels has them. */
function checkMetric(
  { criterion, sampling, recipe, recovery }: PrunePlan,
  network: Network,
  data: PlanData,
): void {
  const metric = metricFor(sampling.metric, network, data);
  checkFits(network, data, 'model', metric);
  checkWeights(network, sampling.weights, metric);
  if (sampling.adaptive && metric !== TOP1) {
    throw new InputError(
      `adaptive sampling needs images that are right or wrong, not ${metric.label}: leave it out`,
      'sampling.adaptive',
    );
  }
  checkEvidence(findCriterion(criterion), network, data);
  const field = recipe !== null ? 'recipe' : recovery !== null ? 'recovery' : null;
  if (field === null) return;
  checkTrainable(network, field, Math.max(recipe?.batch ?? 0, recovery?.batch ?? 0));
  if (metric.by === 'labels') return;
  if (tellsAccuracy(network, data)) return;
  throw new InputError(
    data.annotated?.form === 'several'
      ? `fine-tuning needs one class per image, and those of ${data.name} show several: leave it out (the repair needs none)`
      : data.classes.length === 0
        ? `fine-tuning needs labels, and the images of ${data.name} have none: leave it out (the repair needs none), or give images in class folders`
        : `fine-tuning needs class scores, and network "${network.name}" has no single output for the classes of ${data.name}: leave it out (the repair needs none)`,
    field,
  );
}

/** What needs images has some. */
export function checkImages(
  plan: PrunePlan,
  given: { readonly data: boolean; readonly sweep: boolean },
): void {
  const { allocation, criterion, recalibrate, repair, recipe } = plan;
  const samples = samplingOf(plan);
  if (samples === 'rounds' && given.sweep) {
    throw new MisfitError(`${ownSampling(plan)}: leave the sweep out`, 'sweep');
  }
  if (given.data) return;
  const needed =
    samples === 'rounds'
      ? ownSampling(plan)
      : samples === 'shared' && !given.sweep
        ? `allocation ${allocation} needs samples`
        : findCriterion(criterion).evidence && !(samples === 'shared' && given.sweep)
          ? `criterion ${criterion} needs training images`
          : recalibrate !== null
            ? 'recalibration needs training images'
            : repair !== null && repair > 0
              ? 'a repair needs training images'
              : recipe !== null
                ? 'fine-tuning needs training images'
                : null;
  const or = samples === 'shared' && !given.sweep ? ', or a sweep' : '';
  if (needed !== null) throw new MisfitError(`${needed}: give a data set${or}`, 'dataset');
}

function ownSampling({ allocation }: PrunePlan): string {
  return roundsOf(findAllocation(allocation)) === undefined
    ? 'rounds make their own samples'
    : `allocation ${allocation} makes its own samples`;
}

function targetOf({ target, allocation, limits }: PrunePlan, analysis: Analysis): Target {
  if (target) return resolveTarget(target, analysis.cost.base);
  const given = atField('allocation', () => manualTarget(allocation, { ...analysis, limits }, 'macs'));
  if (given) return given;
  throw new InputError(`allocation ${allocation} needs a target, such as half of the MACs`, 'target');
}

type Reach = (limits: WidthLimits, grid: readonly number[]) => void;

/**
 * Whether a target can be reached: by the limits on widths, by manual shares, and for an allocation that uses
 * samples that are still to be made by the largest ratio of the grid.
 */
function checkReach(plan: PrunePlan, target: Target, { network, analysis, sweep }: PlanSubject): void {
  const { allocation: name, seed, sampling } = plan;
  const reach: Reach = (limits, grid) => {
    const problem = allocationProblem({
      network,
      ...analysis,
      target,
      limits,
      seed,
      ...(sweep ? { sweep } : {}),
    });
    checkReachable(problem);
    const how = samplingOf(plan);
    // Manual shares name groups that there have to be.
    if (how === 'none') findAllocation(name).allocate(problem);
    if (sweep || how !== 'shared') return;
    // As if no sample showed any drop: then an allocation goes as far as the samples go.
    const samples = analysis.rankings.map(({ group }) =>
      grid.map((ratio) => ({ removed: unitsRemoved(ratio, group.width), drop: 0, loss: 0 })),
    );
    findAllocation(name).allocate({ ...problem, samples });
  };
  try {
    reach(withWidthsOf(plan.limits, analysis), sampling.grid);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (error.field !== undefined && error.field !== 'target') throw error;
    const blamed = culprit(plan, reach);
    const said = target.share <= LEAST.share ? 'nothing can be removed from this network' : error.message;
    throw new InputError(blamed ? `${said}; ${blamed.says}` : said, ...(blamed?.fields ?? ['target']));
  }
}

interface Suspect {
  readonly field: string;
  readonly what: string;
  /** Whether it is said of several. */
  readonly plural?: boolean;
  /** What to do, where that does not go without saying. */
  readonly remedy?: string;
  readonly loose?: Partial<WidthLimits>;
  /** What may be removed is sampled, too. */
  readonly finer?: boolean;
}

/** The settings without which the target could be reached: one where that is enough, else as few as it takes. */
function culprit(
  { limits, sampling: { grid } }: PrunePlan,
  reach: Reach,
): { readonly fields: readonly string[]; readonly says: string } | undefined {
  const { align, minWidth, maxRatio, keep } = limits;
  const usual = Math.max(maxRatio, USUAL_LIMITS.maxRatio);
  const suspects: readonly Suspect[] = [
    {
      field: 'limits.align',
      loose: { align: 1 },
      ...(align === 'auto' ? { remedy: '--align 1 allows any width' } : {}),
      what: align === 'auto' ? 'widths in the usual multiples' : `widths in multiples of ${align}`,
      plural: true,
    },
    { field: 'limits.minWidth', loose: { minWidth: 1 }, what: `a minimum width of ${minWidth}` },
    { field: 'limits.keep', loose: { keep: [] }, what: `keeping ${keep.join(', ')} whole` },
    {
      field: 'limits.maxRatio',
      loose: { maxRatio: usual },
      what: `removing at most ${maxRatio} of a group`,
    },
    { field: 'sampling.grid', finer: true, what: `sampling at most ${grid.at(-1)} of a group` },
  ];
  const blamed = subsets(suspects).find((some) => {
    const loose: PrunePlan['limits'] = Object.assign({}, limits, ...some.map((each) => each.loose));
    try {
      reach(loose, some.some(({ finer }) => finer) ? [...grid, loose.maxRatio] : grid);
      return true;
    } catch {
      return false;
    }
  });
  if (!blamed) return undefined;
  const verb = blamed.length > 1 || blamed[0]?.plural ? 'prevent' : 'prevents';
  const listed = new Intl.ListFormat('en-GB').format(blamed.map(({ what }) => what));
  const remedies = blamed.flatMap(({ remedy }) => remedy ?? []).map((text) => `: ${text}`);
  return {
    fields: blamed.map(({ field }) => field),
    says: `${listed} ${verb} it${remedies.join('')}`,
  };
}

/** All selections of at least one, the small ones first. */
function subsets<T>(all: readonly T[]): readonly (readonly T[])[] {
  const some = Array.from({ length: 2 ** all.length - 1 }, (_, i) =>
    all.filter((_, place) => ((i + 1) >> place) & 1),
  );
  return some.sort((a, b) => a.length - b.length);
}

function checkSplits(plan: PrunePlan, { name, splits: { train, search } }: PlanData): void {
  const { recalibrate, repair, recipe, recovery, sampling } = plan;
  const { skip } = sampling;
  const samples = samplesOf(sampling, search.n);
  if (recalibrate !== null && recalibrate > train.n) {
    throw new InputError(
      `recalibration on ${recalibrate} images: the training split of ${name} has only ${train.n} images`,
      'recalibrate',
    );
  }
  if (repair !== null && repair > train.n) {
    throw new InputError(
      `a repair with ${repair} images: the training split of ${name} has only ${train.n} images`,
      'repair',
    );
  }
  if ((recipe !== null || recovery !== null) && train.n === 0) {
    throw new InputError(`the training split of ${name} has no images to train on`, 'dataset');
  }
  checkTrainedWork(plan, train.n);
  if (samplingOf(plan) !== 'none' && skip + samples > search.n) {
    const behind = skip > 0 ? ` after the first ${skip}` : '';
    throw new InputError(
      `sampling on ${samples} images${behind}: the search split of ${name} has only ${search.n} images`,
      sampling.samples === null ? 'sampling.skip' : 'sampling.samples',
    );
  }
}

/** Images through the network: ImageNet for 780 epochs. More is a slip, or keeps a machine busy for months. */
const MOST_IMAGES = 1e9;

function millions(count: number): string {
  return `${Math.round(count / 1e6).toLocaleString('en')} million`;
}

/** @throws {InputError} for a training, or one between rounds, of more images than anybody waits for */
function checkTrainedWork({ recipe, recovery, rounds }: PrunePlan, n: number): void {
  const trainings = [
    { field: 'recipe', recipe, times: 1 },
    { field: 'recovery', recipe: recovery, times: rounds ?? 1 },
  ];
  for (const { field, recipe: each, times } of trainings) {
    if (each === null) continue;
    const images = times * (each.steps === undefined ? each.epochs * n : each.steps * each.batch);
    if (images <= MOST_IMAGES) continue;
    const what = each.steps === undefined ? 'epochs' : 'steps';
    throw new InputError(
      `training on ${millions(images)} images: at most ${millions(MOST_IMAGES)}; give fewer ${what}`,
      `${field}.${what}`,
    );
  }
}

/** @throws {InputError} for more samples than anybody waits for */
function checkSampledWork(plan: PrunePlan, { analysis, data, sweep }: PlanSubject): void {
  if (samplingOf(plan) === 'none' || sweep) return;
  const { grid } = plan.sampling;
  const samples = samplesOf(plan.sampling, data?.splits.search.n ?? Number.POSITIVE_INFINITY);
  const images = (plan.rounds ?? 1) * samples * grid.length * analysis.rankings.length;
  if (images <= MOST_IMAGES) return;
  throw new InputError(
    `sampling ${analysis.rankings.length} groups at ${grid.length} ratios on ${samples} images is ${millions(images)} images: at most ${millions(MOST_IMAGES)}; give fewer images or ratios`,
    'sampling.samples',
  );
}

/** @throws {InputError} for a network without any, or one that has no batches */
function checkBatchNorm(network: Network): void {
  if (takesOneImage(network)) {
    throw new InputError(
      `network "${network.name}" takes one image at a time, and BatchNorm's statistics need many: leave the recalibration out, and use repair`,
      'recalibrate',
    );
  }
  if (network.nodes.some(({ op }) => op === 'BatchNormalization')) return;
  throw new InputError(
    `network "${network.name}" has no BatchNorm to recalibrate (it may be folded into the convolutions)`,
    'recalibrate',
  );
}

/**
 * An analysis for checking alone: groups and costs, the units in any order.
 *
 * @param profile left out: nothing is known of latency
 * @throws {InputError} where no group can be pruned
 */
export function unrankedAnalysis(network: Network, allowInexact: boolean, profile?: DeviceTimes): Analysis {
  const map = channelMap(network, { allowInexact });
  const rankings = prunableGroups(map).map((group) => ({
    group,
    scores: new Float64Array(group.width).fill(1),
    order: Array.from({ length: group.width }, (_, unit) => unit),
  }));
  if (rankings.length === 0) throw new InputError(`network "${network.name}" has no prunable group`, 'model');
  return { map, allowInexact, criterion: 'l1', rankings, cost: costModel(network, map, rankings, profile) };
}
