// Whether results may be compared, in words. One rule a line, for the API, the dashboard and the command.

/** What the rules ask of a result. */
export interface ComparedResult {
  /** How people call it. */
  readonly name: string;
  /** Copied from a paper or a repository, not measured here. */
  readonly published: boolean;
  /** Hash of the network that was pruned; null where it is not known. */
  readonly base: string | null;
  readonly dataset: string | null;
  /** Images of the test split that accuracy was measured on. */
  readonly images: number | null;
  /** Hash of the recipe; null for no fine-tuning, undefined where it is not known. */
  readonly recipe: string | null | undefined;
  /** Training images that BatchNorm was recalibrated on; null for none. */
  readonly recalibrated: number | null;
  readonly allocation: string;
  readonly criterion: string;
  readonly seed: number;
  /** What was asked for. */
  readonly metric: 'macs' | 'params';
  readonly share: number;
  readonly params: number | null;
  readonly macs: number | null;
  /** Shares of the base. */
  readonly savedParams: number | null;
  readonly savedMacs: number | null;
  readonly top1: number | null;
  readonly top5: number | null;
  readonly classes: number | null;
  /** The machine and the engine that latency was measured with; null where it was not. */
  readonly device: string | null;
}

type Verdict = 'comparable' | 'reservations' | 'not-comparable';

interface Reason {
  /** The rule, for programs. */
  readonly rule: RuleName;
  /** What it says of these results, for people. */
  readonly text: string;
}

export interface Comparability {
  readonly verdict: Verdict;
  /** Without them the results would be comparable. The graver ones first. */
  readonly reasons: readonly Reason[];
}

/** Above this two achieved savings are two operating points. */
const SAME_SAVING = 0.02;
/** From so many classes on top-1 alone does not tell enough. */
const CLASSES_FOR_TOP5 = 100;

/** What is wrong, in words; null where nothing is. */
type Check = (results: readonly ComparedResult[]) => string | null;

/** Where copied numbers stand beside own ones there is no ranking, whatever else they have in common. */
const MIXED = {
  published: (results) =>
    isMixed(results)
      ? 'some numbers are copied from publications: they stand beside own runs, never in one ranking with them'
      : null,
} as const satisfies Record<string, Check>;

/** Any of these makes a comparison of accuracies meaningless. */
const GATES = {
  base: (results) => differ(results, ({ base }) => base, 'they start from different trained networks'),
  dataset: (results) => differ(results, ({ dataset }) => dataset, 'they were judged on different data sets'),
  images: (results) =>
    differ(results, ({ images }) => images, 'they were judged on different numbers of test images'),
  recipe: (results) =>
    differ(
      results,
      ({ recipe }) => (recipe === undefined ? undefined : (recipe ?? 'none')),
      'they were fine-tuned by different recipes',
    ),
  recalibration: (results) =>
    differ(
      results,
      ({ recalibrated }) => recalibrated ?? 0,
      'their BatchNorm was recalibrated on different numbers of images',
    ),
  measures: (results) => {
    const lacking = results.filter(
      ({ params, macs, top1 }) => params === null || macs === null || top1 === null,
    );
    return lacking.length > 0 ? `${names(lacking)}: params, MACs and accuracy are not all known` : null;
  },
} as const satisfies Record<string, Check>;

/** These leave a comparison standing, with a grain of salt. */
const RESERVATIONS = {
  saving: (results) => {
    const differing = (['savedMacs', 'savedParams'] as const).every(
      (saved) => spread(results, saved) > SAME_SAVING,
    );
    return differing ? 'they save different amounts: accuracy alone does not rank them' : null;
  },
  target: (results) => differ(results, ({ metric }) => metric, 'some were asked to save MACs, others params'),
  seeds: (results) => {
    const counts = new Set([...bySetting(results).values()].map(({ length }) => length));
    return counts.size > 1 ? 'some settings have more seeds than others' : null;
  },
  top5: (results) => {
    const lacking = results.filter(
      ({ classes, top5 }) => classes !== null && classes >= CLASSES_FOR_TOP5 && top5 === null,
    );
    return lacking.length > 0 ? `${names(lacking)}: top-5 is not known, and there are many classes` : null;
  },
  device: (results) =>
    differ(
      results.filter(({ device }) => device !== null),
      ({ device }) => device,
      'latencies were measured on different machines or engines; MACs and params still compare',
    ),
} as const satisfies Record<string, Check>;

export type RuleName = keyof typeof MIXED | keyof typeof GATES | keyof typeof RESERVATIONS;

/**
 * Of any set of results; fewer than two always compare. Where publications are among them, the other rules go by the
 * own ones: what a publication does not say would break every rule, and hide what is wrong with the own results.
 */
export function comparability(results: readonly ComparedResult[]): Comparability {
  const judged = isMixed(results) ? results.filter(({ published }) => !published) : results;
  const broken = [...reasons(MIXED, results), ...reasons(GATES, judged)];
  const doubtful = reasons(RESERVATIONS, judged);
  const verdict = broken.length > 0 ? 'not-comparable' : doubtful.length > 0 ? 'reservations' : 'comparable';
  return { verdict, reasons: [...broken, ...doubtful] };
}

function isMixed(results: readonly ComparedResult[]): boolean {
  const copied = results.filter(({ published }) => published).length;
  return copied > 0 && copied < results.length;
}

function reasons(
  checks: Readonly<Partial<Record<RuleName, Check>>>,
  results: readonly ComparedResult[],
): Reason[] {
  return Object.entries(checks).flatMap(([rule, check]) => {
    const text = check(results);
    return text === null ? [] : [{ rule: rule as RuleName, text }];
  });
}

function differ<T>(
  results: readonly ComparedResult[],
  of: (result: ComparedResult) => T,
  text: string,
): string | null {
  return new Set(results.map(of)).size > 1 ? text : null;
}

/** The widest difference of a saving; 0 where fewer than two are known. */
function spread(results: readonly ComparedResult[], saved: 'savedMacs' | 'savedParams'): number {
  const values = results.flatMap((result) => result[saved] ?? []);
  return values.length < 2 ? 0 : Math.max(...values) - Math.min(...values);
}

/** Results that differ in their seed only. */
function bySetting(results: readonly ComparedResult[]): Map<string, ComparedResult[]> {
  const settings = new Map<string, ComparedResult[]>();
  for (const result of results) {
    const { allocation, criterion, metric, share } = result;
    const key = JSON.stringify([allocation, criterion, metric, share]);
    settings.set(key, [...(settings.get(key) ?? []), result]);
  }
  return settings;
}

function names(results: readonly ComparedResult[]): string {
  const [first, second, ...rest] = results.map(({ name }) => name);
  if (rest.length > 1) return `${first}, ${second} and ${rest.length} more`;
  return [first, second, ...rest].filter(Boolean).join(', ');
}

/** What a careful comparison also has; lacking one is no fault, but worth knowing. */
export interface Badge {
  readonly name: string;
  readonly earned: boolean;
  readonly text: string;
}

const BASELINES = [
  ['uniform', ({ allocation }: ComparedResult) => allocation === 'uniform'],
  ['global', ({ allocation }: ComparedResult) => allocation === 'global'],
  [
    'random',
    ({ allocation, criterion }: ComparedResult) => allocation === 'random' || criterion === 'random',
  ],
] as const;

const ENOUGH_POINTS = 5;
const ENOUGH_SEEDS = 3;

export function badges(results: readonly ComparedResult[]): Badge[] {
  const own = results.filter(({ published }) => !published);
  const points = new Set(own.map(({ metric, share }) => `${metric} ${share}`)).size;
  const seeds = Math.min(...[...bySetting(own).values()].map(({ length }) => length));
  const missing = BASELINES.filter(([, is]) => !own.some(is)).map(([name]) => name);
  return [
    {
      name: 'operating points',
      earned: points >= ENOUGH_POINTS,
      text: `${points} of at least ${ENOUGH_POINTS} targets`,
    },
    {
      name: 'seeds',
      earned: own.length > 0 && seeds >= ENOUGH_SEEDS,
      text: `${own.length > 0 ? seeds : 0} of at least ${ENOUGH_SEEDS} seeds a setting`,
    },
    {
      name: 'baselines',
      earned: missing.length === 0,
      text: missing.length === 0 ? 'uniform, global and random are there' : `without ${missing.join(', ')}`,
    },
  ];
}
