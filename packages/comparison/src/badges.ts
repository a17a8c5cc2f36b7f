import { bySetting, type ComparedResult } from './comparability.ts';

export const BADGE_NAMES = ['operating points', 'seeds', 'baselines'] as const;
export type BadgeName = (typeof BADGE_NAMES)[number];

/** What a careful comparison also has; lacking one is no fault, but worth knowing. */
export interface Badge {
  readonly name: BadgeName;
  readonly earned: boolean;
  readonly text: string;
}

/**
 * Whether a result is the baseline among all of them. By name, not by whether the seed draws something: that goes for
 * criteria, too, that only draw the images they look at.
 */
type Baseline = (result: ComparedResult, all: readonly ComparedResult[]) => boolean;

const BASELINES: readonly (readonly [name: string, is: Baseline])[] = [
  ['uniform', ({ allocation }) => allocation === 'uniform'],
  ['global', ({ allocation }) => allocation === 'global'],
  ['random', ({ allocation, criterion }) => allocation === 'random' || criterion === 'random'],
  [
    'the same structure with random filters',
    (result, all) =>
      result.criterion === 'random' &&
      !result.fromScratch &&
      hasTwin(result, all, ({ criterion }) => criterion !== 'random'),
  ],
  [
    'the same structure trained from scratch',
    (result, all) => result.fromScratch === true && hasTwin(result, all, ({ fromScratch }) => !fromScratch),
  ],
];

/** Whether another result, one that matters, has the same widths. */
function hasTwin(
  { structure }: ComparedResult,
  all: readonly ComparedResult[],
  matters: (other: ComparedResult) => boolean,
): boolean {
  return structure != null && all.some((other) => other.structure === structure && matters(other));
}

function seedOf({ seed }: ComparedResult): number {
  return seed;
}

const ENOUGH_POINTS = 5;
const ENOUGH_SEEDS = 3;

export function badges(results: readonly ComparedResult[]): Badge[] {
  const own = results.filter(({ published }) => !published);
  const points = new Set(own.map(({ metric, share }) => `${metric} ${share}`)).size;
  // Where nothing is drawn another seed would tell nothing.
  const drawn = own.filter(({ drawsNothing }) => !drawsNothing);
  const seeds = Math.min(...[...bySetting(drawn).values()].map((all) => new Set(all.map(seedOf)).size));
  const missing = BASELINES.filter(([, is]) => !own.some((result) => is(result, own))).map(([name]) => name);
  return [
    {
      name: 'operating points',
      earned: points >= ENOUGH_POINTS,
      text: `${points} of at least ${ENOUGH_POINTS} targets`,
    },
    {
      name: 'seeds',
      earned: own.length > 0 && seeds >= ENOUGH_SEEDS,
      text:
        own.length > 0 && drawn.length === 0
          ? 'nothing is drawn by them'
          : `${own.length > 0 ? seeds : 0} of at least ${ENOUGH_SEEDS} seeds per setting`,
    },
    {
      name: 'baselines',
      earned: missing.length === 0,
      text: missing.length === 0 ? 'all are there' : `not run: ${missing.join(', ')}`,
    },
  ];
}
