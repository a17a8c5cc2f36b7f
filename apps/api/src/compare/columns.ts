import { Prisma } from '@espalier/store';
import { metricCalled } from '../experiments/quality-metric.ts';
import { enumName } from '../graphql/enums.ts';
import { RATIO, RUN } from '../runs/run-tables.ts';
import { type KnownSetting, readSetting, runName } from './setting.ts';

export type ColumnKind = 'text' | 'enum' | 'metric' | 'flag' | 'number' | 'time' | 'list';

export interface Column {
  readonly kind: ColumnKind;
  readonly value: Prisma.Sql;
  readonly description?: string;
  /** What is shown of it is not what is read. */
  readonly told?: ToldBy;
}

/** From the columns `setting` and `seed` of a run. */
type ToldBy = (setting: KnownSetting, seed: number) => string;

const text = (value: Prisma.Sql, description?: string): Column => column('text', value, description);
const number = (value: Prisma.Sql, description?: string): Column => column('number', value, description);
const time = (value: Prisma.Sql): Column => column('time', value);
const told = (by: ToldBy, description: string): Column => ({
  ...{ kind: 'text', value: RUN.setting, description, told: by },
});

const RATIO_RULE = 'Base over pruned: 2 is twice as small, or twice as fast.';

const INTERVAL_RULE =
  'An end of the interval in which the ratio lies with 95 % confidence; null if it was not kept.';

const YES = 'yes';

/** What runs are compared by: the columns of `comparison` and of the exports, in this order. */
export const COLUMNS = {
  id: text(RUN.id),
  name: told(runName, 'Strategy, target and seed in words.'),
  projectId: text(RUN.projectId),
  project: text(RUN.project, 'Its name.'),
  experimentId: text(RUN.experimentId),
  experiment: text(RUN.experiment, 'Its name.'),
  modelId: text(RUN.modelId),
  model: text(RUN.model, 'Its name.'),
  datasetId: text(RUN.datasetId),
  dataset: text(RUN.dataset, 'Its name.'),
  strategy: told(
    ({ name }) => name,
    'The strategy with everything unusual about it: "cie · l1 · widths of 8".',
  ),
  conditions: told(
    ({ conditions }) => conditions,
    'Repair, recipe and recalibration in words; empty for none of them.',
  ),
  strategyKey: told(({ strategyKey }) => strategyKey, 'The same for runs that differ in targets and seeds.'),
  settingKey: told(({ key }) => key, 'The same for runs that differ in their seeds only.'),
  setting: told(({ json }) => json, 'Everything that decides a run except its seed, as JSON.'),
  allocation: text(RUN.allocation),
  criterion: text(RUN.criterion),
  metric: column('enum', RUN.metric, 'The metric of the target.'),
  share: number(RUN.share, 'The share that was to be removed.'),
  seed: number(RUN.seed),
  state: column('enum', Prisma.sql`${RUN.state}::text`),
  origin: column('enum', Prisma.sql`${RUN.origin}::text`, 'Who computed it.'),
  tool: text(RUN.tool, 'The tool that an imported run comes from; null for the platform.'),
  evidence: column(
    'enum',
    Prisma.sql`${RUN.evidence}::text`,
    'The evidence for an imported result; null for the platform’s own.',
  ),
  evaluator: text(
    RUN.evaluator,
    'The evaluator of an imported result: a tool, and a hash of the preprocessing. Null for the platform.',
  ),
  recomputedValue: number(
    RUN.recomputedValue,
    "Value in `qualityMetric` from a worker's own evaluation of an imported network; null if there is none.",
  ),
  recomputedImages: number(RUN.recomputedImages, 'Images of the test split that it evaluated.'),
  recomputedDifference: number(RUN.recomputedDifference, 'The value that it found minus the reported one.'),
  recomputedError: number(
    RUN.recomputedError,
    'Standard error of that if the reported value is of other images; else 0.',
  ),
  params: number(RUN.params),
  macs: number(RUN.macs),
  baseParams: number(RUN.baseParams, 'Of the unpruned network.'),
  bytes: number(RUN.bytes, 'Of the ONNX file.'),
  baseMacs: number(RUN.baseMacs, 'Of the unpruned network.'),
  baseBytes: number(RUN.baseBytes, "Size of the unpruned network's file."),
  savedParams: number(RUN.savedParams, 'Share of the params removed.'),
  savedMacs: number(RUN.savedMacs, 'Share of the MACs removed.'),
  savedLatency: number(RUN.savedLatency, 'Share of the time removed, by the device profile.'),
  predictedMs: number(RUN.predictedMs, 'Of a run on the device of the profile, as it predicts.'),
  basePredictedMs: number(RUN.basePredictedMs, 'The same of the unpruned network.'),
  measuredMs: number(RUN.measuredMs, 'The same as measured, if the machine of the profile computed it.'),
  baseMeasuredMs: number(RUN.baseMeasuredMs, 'Of the unpruned network, measured in turns with it.'),
  profile: text(RUN.profile, 'Hash of the file of its device profile; null without one.'),
  profiledDevice: text(RUN.profiledDevice, 'The name of that device, as the profile has it.'),
  top1: number(RUN.top1, 'As exported, on the whole test split.'),
  top5: number(RUN.top5),
  prunedTop1: number(RUN.prunedTop1, 'Right after the cut.'),
  repairedTop1: number(RUN.repairedTop1, 'After the repair; null if there was none.'),
  baseTop1: number(RUN.baseTop1, 'Of the unpruned network on the same split.'),
  baseTop5: number(RUN.baseTop5, 'Of the unpruned network on the same split.'),
  baseLoss: number(RUN.baseLoss, 'Of the unpruned network on the same split.'),
  qualityMetric: column('metric', RUN.qualityMetric, 'Its quality metric: a QualityMetricName.'),
  outputWeights: text(
    RUN.outputWeights,
    'Weights of outputs in it, as JSON; outputs that are not named have 1. Null if all count alike.',
  ),
  value: number(RUN.value, 'Value in `qualityMetric` of the exported network, on the whole test split.'),
  prunedValue: number(RUN.prunedValue, 'The same right after the cut.'),
  repairedValue: number(RUN.repairedValue, 'The same after the repair; null if there was none.'),
  baseValue: number(RUN.baseValue, 'The same of the unpruned network.'),
  valueDrop: number(RUN.valueDrop, 'How much worse `value` is than `baseValue`.'),
  drop: number(RUN.drop, '`baseTop1` minus `top1`.'),
  loss: number(RUN.loss, 'Nats.'),
  latencyMs: number(RUN.latencyMs, 'Median of one image.'),
  baseLatencyMs: number(RUN.baseLatencyMs, 'Of the unpruned network, measured in turns with it.'),
  throughput: number(RUN.throughput, 'Images a second, in batches.'),
  baseThroughput: number(RUN.baseThroughput, 'Of the unpruned network, measured in turns with it.'),
  ratioParams: number(RATIO.params, RATIO_RULE),
  ratioMacs: number(RATIO.macs, RATIO_RULE),
  ratioBytes: number(RATIO.bytes, RATIO_RULE),
  ratioLatency: number(RATIO.latency, RATIO_RULE),
  ratioLatencyLow: number(RUN.ratioLatencyLow, INTERVAL_RULE),
  ratioLatencyHigh: number(RUN.ratioLatencyHigh, INTERVAL_RULE),
  ratioThroughput: number(RATIO.throughput, 'Pruned over base: 2 is twice as fast.'),
  ratioThroughputLow: number(RUN.ratioThroughputLow, INTERVAL_RULE),
  ratioThroughputHigh: number(RUN.ratioThroughputHigh, INTERVAL_RULE),
  ratioPredicted: number(RATIO.predicted, 'Of `basePredictedMs` and `predictedMs`: 2 is twice as fast.'),
  ratioMeasured: number(RUN.ratioMeasured, 'Of `baseMeasuredMs` and `measuredMs`: 2 is twice as fast.'),
  ratioMeasuredLow: number(RUN.ratioMeasuredLow, INTERVAL_RULE),
  ratioMeasuredHigh: number(RUN.ratioMeasuredHigh, INTERVAL_RULE),
  images: number(RUN.images, 'Images of the test split that it was evaluated on.'),
  engine: column('enum', RUN.engine, 'The engine that computes it; null for an old run.'),
  device: text(
    RUN.device,
    'Engine, its version and machine: what latency and throughput were measured with.',
  ),
  baseHash: text(RUN.baseHash, 'Hash of graph and weights of the unpruned network.'),
  networkHash: text(RUN.networkHash, 'Hash of graph and weights of the pruned network.'),
  preprocessing: text(
    RUN.preprocessing,
    'The same for models whose pixels become inputs in one way, and whose classes have one order.',
  ),
  draws: {
    ...told(({ draws }) => (draws ? YES : 'no'), 'Whether another seed may give another network.'),
    kind: 'flag',
  },
  datasetHash: text(RUN.datasetHash, 'Of images, labels and splits.'),
  decoding: number(
    RUN.decoding,
    'Version of the rules by which images were decoded: others are other pixels. Null if another program did.',
  ),
  classes: number(RUN.classes),
  recipeHash: text(RUN.recipeHash, 'How it was fine-tuned; null if it was not.'),
  recalibrate: number(RUN.recalibrate, 'Training images that BatchNorm was recalibrated on.'),
  repair: number(
    RUN.repair,
    'Number of training images for the repair of the layers after the cut; 0 for no repair.',
  ),
  tags: column('list', RUN.tags),
  notes: text(RUN.notes),
  createdAt: time(RUN.createdAt),
  startedAt: time(RUN.startedAt),
  finishedAt: time(RUN.finishedAt),
} as const satisfies Record<string, Column>;

export type ColumnName = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[];

export function isColumn(name: string): name is ColumnName {
  return Object.hasOwn(COLUMNS, name);
}

/** The columns that these are made of. */
export function columnsBehind(names: readonly ColumnName[]): ColumnName[] {
  return [...new Set(names.flatMap((name): ColumnName[] => (toldBy(name) ? ['setting', 'seed'] : [name])))];
}

/** How a column is made of others; undefined for one that is read as it is. */
export function toldBy(name: ColumnName): ((setting: unknown, seed: unknown) => string) | undefined {
  const { told: by } = COLUMNS[name] as Column;
  return by && ((setting, seed) => by(readSetting(String(setting)), Number(seed)));
}

/** What a query and an export tell of what was read: values of enums as the schema calls them. */
export function answered(name: ColumnName, value: unknown): unknown {
  const { kind } = COLUMNS[name];
  if (kind === 'flag') return value === YES;
  if (kind === 'metric' && value !== null) return metricCalled(String(value));
  return kind === 'enum' && value !== null ? enumName(String(value)) : value;
}

/** The columns under their names, each in the form in which JSON and CSV show it. */
export function selected(names: readonly ColumnName[]): Prisma.Sql {
  return Prisma.join(names.map((name) => Prisma.sql`${shown(COLUMNS[name])} AS ${Prisma.raw(`"${name}"`)}`));
}

function shown({ kind, value }: Column): Prisma.Sql {
  switch (kind) {
    case 'text':
    case 'enum':
    case 'metric':
    case 'flag':
    case 'list':
      return value;
    case 'number':
      // MACs and params stay exact: they are far below 2^53.
      return Prisma.sql`(${value})::float8`;
    case 'time':
      return Prisma.sql`to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  }
}

function column(kind: ColumnKind, value: Prisma.Sql, description?: string): Column {
  return { kind, value, ...(description === undefined ? {} : { description }) };
}
