import { DECODING_VERSION } from '@espalier/datasets';
import { canonicalHash, type EngineName, TRAINING_VERSION } from '@espalier/engines';
import type { ProfileIdentity } from '@espalier/latency';
import type { NetworkMetadata, StoredType } from '@espalier/network';
import { EVIDENCE_VERSION, findCriterion, SAMPLING_BLOCK, SAMPLING_VERSION } from '@espalier/pruning';
import type { PrunePlan } from './plan.ts';

// One key for each thing: a hash of all that decides it, and of nothing else. Keys of units of work and of evidence
// are beside their stores in `pruning`, those of checkpoints in `engines`, those of decoded data in `datasets`.

/** What makes two results the same strategy, so that they differ by chance alone. */
export type Setting = Pick<
  PrunePlan,
  'allocation' | 'criterion' | 'target' | 'limits' | 'rounds' | 'recovery' | 'recalibrate'
> & {
  /** By what networks are judged; left out: by top-1. */
  readonly sampling?: Judged;
  /** Training images by which was repaired; 0 or left out: it was not. */
  readonly repair?: number | null;
  /** Hash of the recipe; null for no fine-tuning. */
  readonly recipe: string | null;
  /** Hash of the network that recipes learn from; null: the network as given, or none. */
  readonly teacher: string | null;
  /** Hash of the device profile that latency is known by; null or left out: none. */
  readonly profileHash?: string | null;
};

type Judged = Pick<PrunePlan['sampling'], 'metric' | 'weights'>;

/** Of results that differ by chance alone; without a target, of one strategy at whatever targets. */
export function settingKey({
  allocation,
  criterion,
  target,
  limits: { align, minWidth, maxRatio, keep },
  rounds,
  recovery,
  recalibrate,
  repair = 0,
  recipe,
  teacher,
  profileHash = null,
  sampling = BY_TOP1,
}: Setting): string {
  const limits = { align, minWidth, maxRatio, keep: [...keep].sort() };
  return canonicalHash({
    ...{ kind: 'setting', allocation, criterion, target, limits, rounds, recovery, recalibrate },
    ...{ recipe, teacher },
    // Keys of before there was a repair are those of results without one.
    ...(repair === 0 ? {} : { repair }),
    ...(profileHash === null ? {} : { profileHash }),
    ...metricParts(sampling),
  });
}

const BY_TOP1: Judged = { metric: 'top1', weights: {} };

/** A network and the images that it sees, as far as they decide numbers. */
export interface Identity {
  readonly networkHash: string;
  /** What the file says of itself, class order included, or whatever else decides that; null if it says nothing. */
  readonly metadata: NetworkMetadata | { readonly file: string } | null;
  readonly datasetHash: string;
  /** Of tensors that the file does not keep in single precision, to which what is made of them is rounded. */
  readonly stored?: Readonly<Record<string, StoredType>>;
}

/** The images and ratios of a sampling, and what ranks its units. */
export type SharedSampling = Pick<PrunePlan['sampling'], 'grid' | 'skip' | 'seed' | 'allowInexact'> &
  Partial<Pick<PrunePlan['sampling'], 'metric' | 'weights'>> & {
    readonly samples: number;
    readonly criterion: string;
    /** The one that computes it: others give other numbers. */
    readonly engine: EngineName;
    /** What the network's channel groups are called: equal weights under other names do not find their groups in it. */
    readonly groups: readonly string[];
  };

/** Of a sampling that runs, and teams, use together. */
export function samplingKey(
  { networkHash, metadata, datasetHash }: Identity,
  { metric = null, weights = {}, ...sampling }: SharedSampling,
): string {
  const { grid, samples, skip, seed, allowInexact, criterion, engine, groups } = sampling;
  const { name, evidence } = findCriterion(criterion);
  return canonicalHash({
    ...{ kind: 'sampling', version: SAMPLING_VERSION, block: SAMPLING_BLOCK, batchNorm: 'as-given' },
    decoding: DECODING_VERSION,
    ...{ networkHash, metadata, datasetHash, grid, samples, skip, seed, allowInexact, engine },
    ...{ groups, criterion: name, evidence: evidence ? EVIDENCE_VERSION : null },
    ...metricParts({ metric, weights }),
  });
}

/** Raised when the numbers of a result can change although its plan, and what else has a version, does not. */
const RESULT_VERSION = 2;
/** The same, of structures whose widths are multiples. */
const MULTIPLES_VERSION = 2;
/** The same, of structures whose widths are those that pay by a device profile. */
const LADDERS_VERSION = 1;

/** Of what comes out of a plan: the whole of it counts, but for where its files lie. */
export function resultKey(
  identity: Identity,
  { model: _model, data: _data, teacher: _teacher, profile: _profile, repair, corrected, ...rest }: PrunePlan,
  {
    profile,
    ...computed
  }: {
    readonly engine: EngineName;
    readonly teacherHash: string | null;
    /** That latency is known by; left out: none. */
    readonly profile?: ProfileIdentity | undefined;
  },
): string {
  // Keys of before there was a repair, or a metric to choose, are those of results without one, and by top-1.
  const { metric, weights, ...sampling } = rest.sampling;
  const plan = {
    ...rest,
    ...(repair === 0 ? {} : { repair }),
    sampling: { ...sampling, ...metricParts({ metric, weights }) },
    ...(profile ? { profile } : {}),
    ...(profile && !corrected ? { corrected } : {}),
  };
  const versions = [
    ...[RESULT_VERSION, SAMPLING_VERSION, EVIDENCE_VERSION, TRAINING_VERSION, DECODING_VERSION],
    ...(rest.limits.align === 1 ? [] : [MULTIPLES_VERSION]),
    ...(profile && rest.limits.align === 'auto' ? [LADDERS_VERSION] : []),
  ];
  return canonicalHash({ kind: 'result', versions, ...identity, plan, ...computed });
}

/**
 * What a metric adds to a key: nothing where it is top-1, as it was when there was no other. An output of weight 1
 * counts as one that nobody named.
 */
function metricParts({ metric, weights: given }: Judged) {
  const weights = Object.fromEntries(Object.entries(given).filter(([, weight]) => weight !== 1));
  return {
    ...(metric === null || metric === 'top1' ? {} : { metric }),
    ...(Object.keys(weights).length === 0 ? {} : { weights }),
  };
}

/** Of the test of a network as given. */
export function baseKey(identity: Identity, engine: EngineName): string {
  return canonicalHash({ kind: 'base', versions: [RESULT_VERSION, DECODING_VERSION], ...identity, engine });
}
