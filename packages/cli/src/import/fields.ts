import { type AnyMetric, METRIC_NAMES, METRICS, metricBy } from '@espalier/engines';

/** What a cell of a table may say of a run, and how it is read. */
export interface Field<T> {
  /** "a share from 0 to 1 (0.931, or 93.1 %)" */
  readonly expects: string;
  /** What people look up. */
  readonly about: string;
  /** Undefined for what it cannot be. */
  read(text: string): T | undefined;
}

const NAME_LETTERS = 100;
const LONG_LETTERS = 500;

function words(about: string, most = LONG_LETTERS): Field<string> {
  return {
    about,
    expects: `at most ${most} characters`,
    read: (text) => (text.length <= most ? text : undefined),
  };
}

/** "0.931", "93.1 %", "93.1%" */
function shareOf(text: string): number | undefined {
  const [, digits = '', sign] = /^([^%]*?)\s*(%?)$/.exec(text) ?? [];
  const value = numberOf(digits);
  return value === undefined || !sign ? value : value / 100;
}

function numberOf(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function number(about: string, expects: string, fits: (value: number) => boolean): Field<number> {
  return {
    ...{ about, expects },
    read: (text) => {
      const value = numberOf(text);
      return value !== undefined && fits(value) ? value : undefined;
    },
  };
}

function share(about: string, expects: string, fits: (value: number) => boolean): Field<number> {
  return {
    ...{ about, expects },
    read: (text) => {
      const value = shareOf(text);
      return value !== undefined && fits(value) ? value : undefined;
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, b: 1e9, t: 1e12 };

/** "40813184", "40.8M" */
function amount(about: string, each = 1): Field<number> {
  return {
    ...{ about, expects: 'a number above 0 (40813184, or 40.8M)' },
    read: (text) => {
      const [, digits = '', unit = ''] = /^([\d.,_eE+-]+)\s*([kKmMgGbBtT]?)$/.exec(text) ?? [];
      const value = numberOf(digits.replaceAll(/[,_]/g, ''));
      const whole = value === undefined ? 0 : Math.round((value * (UNITS[unit.toLowerCase()] ?? 1)) / each);
      return Number.isSafeInteger(whole) && whole >= 1 ? whole : undefined;
    },
  };
}

function choice<const Name extends string>(about: string, names: readonly Name[]): Field<Name> {
  return {
    about,
    expects: names.join(' or '),
    read: (text) => names.find((name) => name === text.toLowerCase()),
  };
}

const time: Field<string> = {
  about: 'when it was finished',
  expects: 'a time such as 2026-11-30T12:00:00Z',
  read: (text) => {
    const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(at) ? undefined : new Date(at).toISOString();
  },
};

const isShare = (value: number) => value >= 0 && value <= 1;
const SHARE = 'a share from 0 to 1 (0.931, or 93.1 %)';

/** Of every run of an import, by the names that a mapping has for them. */
export const FIELDS = {
  name: words('what the run is called there'),
  model: words('the unpruned network: its id, or its name on the platform'),
  dataset: words('what it was judged on: its id, or its name on the platform'),
  experiment: words(
    'of runs with network, data set, training and metric in common; made up where it is left out',
    200,
  ),
  allocation: words('how it was decided how much each group keeps', NAME_LETTERS),
  criterion: words('by which units were ranked', NAME_LETTERS),
  metric: choice('what was to be removed (default: macs)', ['macs', 'params']),
  share: share(
    'the share that was removed; known of macs or params where it is left out',
    'a share between 0 and 1 (0.5, or 50 %)',
    (value) => value > 0 && value < 1,
  ),
  training: words('how it was trained behind the cut, in words'),
  epochs: number('of that training', 'a number from 0', (value) => value >= 0),
  seed: number(
    'of it',
    'a whole number from 0',
    (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 31,
  ),
  macs: amount('that are left, as the platform counts them: multiply-accumulates of one image'),
  flops: amount('the same in operations, two to a MAC', 2),
  params: amount('that are left'),
  top1: share('of the pruned network on the test split', SHARE, isShare),
  top5: share('the same', SHARE, isShare),
  loss: number('the same, mean cross-entropy', 'nats, 0 or more', (value) => value >= 0),
  pruned: words('right after the cut, by the metric that the run is judged by'),
  base: words('of the unpruned network, by the same metric and evaluator'),
  baseLoss: number('the same, mean cross-entropy', 'nats, 0 or more', (value) => value >= 0),
  images: number(
    'of the test split; those of the data set where it is left out',
    'a whole number above 0',
    (value) => Number.isInteger(value) && value > 0,
  ),
  preprocessing: words('how images became inputs when it was judged: the same words for the same'),
  evaluator: words('by what it was judged (default: the tool)', NAME_LETTERS),
  tool: words('that made it', NAME_LETTERS),
  toolVersion: words('its version'),
  commit: words('of the code'),
  host: words('that computed it'),
  link: {
    about: 'to where it is described',
    expects: 'an address that begins with https:// or http://',
    read: (text: string) => (/^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined),
  },
  finishedAt: time,
  network: words('the pruned network: an .onnx file, from the folder of the table'),
} satisfies Readonly<Record<string, Field<string | number>>>;

export type FieldName = keyof typeof FIELDS;

export type Values = {
  readonly [Name in FieldName]: NonNullable<ReturnType<(typeof FIELDS)[Name]['read']>> | null;
};

/** What an epoch may say, of trackers that keep steps. */
export const EPOCH_FIELDS = ['epoch.loss', 'epoch.top1', 'epoch.value', 'epoch.learningRate'] as const;
export type EpochField = (typeof EPOCH_FIELDS)[number];

export function isField(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}

export function isEpochField(name: string): name is EpochField {
  return (EPOCH_FIELDS as readonly string[]).includes(name);
}

/** By what networks are judged: "mAP:higher:share", or one of the platform's; null for a word that is none. */
export function judgingOf(word: string): AnyMetric | null {
  const own = METRIC_NAMES.find((name) => name === word.toLowerCase());
  if (own) return METRICS[own];
  return /^[^:]+:(higher|lower):(share|nats|ratio)$/.test(word) ? metricBy(word) : null;
}

/** A value by a metric; undefined for what it cannot be. */
export function valueBy({ unit, range: [least, most] }: AnyMetric, text: string): number | undefined {
  const value = unit === 'share' ? shareOf(text) : numberOf(text);
  if (value === undefined) return undefined;
  return (least === null || value >= least) && (most === null || value <= most) ? value : undefined;
}

export function expectedBy({ label, unit, range: [least, most] }: AnyMetric): string {
  if (unit === 'share') return `${label}: ${SHARE}`;
  if (least === null) return `${label}: a number`;
  return most === null ? `${label}: ${least} or more` : `${label}: ${least} to ${most}`;
}
