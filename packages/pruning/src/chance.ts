import { findAllocation } from './allocation/index.ts';
import { findCriterion } from './criteria/index.ts';

/** What of a run may draw something by its seed. */
export interface Drawing {
  readonly allocation: string;
  readonly criterion: string;
  /** null: all at once. */
  readonly rounds: number | null;
  /** Fine-tuned, or between rounds: the seed orders and augments the images. */
  readonly trained: boolean;
  /** Training images; null for none. */
  readonly recalibrate: number | null;
  /** Whether the layers after the cut are repaired, at positions that are drawn. */
  readonly repaired?: boolean;
  /** Images of the search split that a sampling takes. */
  readonly samples: number;
}

/** How many images there are to draw from; what is not known may be any number. */
export interface DrawnFrom {
  readonly train: number;
  readonly search: number;
}

const UNKNOWN: DrawnFrom = { train: Number.POSITIVE_INFINITY, search: Number.POSITIVE_INFINITY };

/**
 * Whether chance plays a part: whether another seed may give another network. Where it does not, a second seed only
 * computes the same network again.
 *
 * A run's seed draws random units and shares, the images of criteria that use images, those of recalibration unless
 * all are taken, the positions of a repair, and whatever training draws. The images of a sampling are drawn by it only
 * where it ranks by it, too: see {@link samplingSeed}.
 */
export function dependsOnSeed(run: Drawing, images: DrawnFrom = UNKNOWN): boolean {
  const { allocation: name, criterion: ranking, rounds, trained, recalibrate, samples } = run;
  const { repaired = false } = run;
  const [allocation, criterion] = [findAllocation(name), findCriterion(ranking)];
  const { drawsBySeed = false, evidence } = criterion;
  const isSampled = rounds !== null || allocation.sampling !== 'none';
  return (
    trained ||
    repaired ||
    allocation.drawsBySeed === true ||
    (evidence ? evidence.images < images.train : drawsBySeed) ||
    (recalibrate !== null && recalibrate < images.train) ||
    (drawsBySeed && isSampled && samples < images.search)
  );
}

/**
 * What draws the images of a sampling that runs share: for a criterion that draws something its run's seed, so that
 * the sampling is of the units that the run would rank.
 *
 * @param shared for all other criteria: with it runs that only differ in their seeds have one sampling
 */
export function samplingSeed(criterion: string, own: number, shared: number): number {
  return findCriterion(criterion).drawsBySeed === true ? own : shared;
}
