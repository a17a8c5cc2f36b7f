import { type AnyMetric, metricBy } from '@espalier/engines';
import {
  type Column,
  changeIn,
  magnitude,
  milliseconds,
  percent,
  points,
  type Row,
  speedup,
  times,
  valueIn,
} from '@espalier/tables';
import { COLUMNS, type ColumnName } from '../compare/columns.ts';
import { metricMeant } from '../experiments/quality-metric.ts';
import { markWord } from './mark.ts';

/** What a page has room for, of all that is told of runs. */
export const PAPER_COLUMNS = [
  ...['model', 'strategy', 'share', 'metric', 'seed', 'qualityMetric', 'value', 'valueDrop'],
  ...['macs', 'params', 'ratioMacs', 'ratioParams', 'ratioLatency', 'evidence'],
] as readonly ColumnName[];

type Words = Omit<Column, 'key'>;

const accuracy = (head: string): Words => ({ head, words: (share: number) => percent(share) });
/** By the metric of the row; one that does not say it has plain numbers. */
const value = (head: string): Words => ({
  head,
  words: (worth: number, row: Row) => valueIn(judgedBy(row)?.unit ?? 'ratio', worth),
});
const saved = (head: string): Words => ({ head, words: (share: number) => percent(share, 1) });
const amount = (head: string, unit = ''): Words => ({
  head,
  words: (value: number) => magnitude(value, unit),
});
const ratio = (head: string): Words => ({ head, words: times });
const time = (head: string): Words => ({ head, words: milliseconds });

/** Of times and rates: the ends of the interval that a ratio stands with. */
const ENDS = {
  ratioLatency: ['ratioLatencyLow', 'ratioLatencyHigh'],
  ratioThroughput: ['ratioThroughputLow', 'ratioThroughputHigh'],
  ratioMeasured: ['ratioMeasuredLow', 'ratioMeasuredHigh'],
} as const satisfies Partial<Readonly<Record<ColumnName, readonly ColumnName[]>>>;
type Interval = keyof typeof ENDS;

const speed = (name: Interval, head: string): Words => ({
  head,
  words: (found: number, row: Row) => {
    const [low, high] = ENDS[name].map((end) => row[end]);
    return speedup(found, typeof low === 'number' ? low : null, typeof high === 'number' ? high : null);
  },
});

/** The columns that the words of these are made of. */
export function columnsWithEnds(names: readonly ColumnName[]): ColumnName[] {
  const ends = names.flatMap((name): readonly ColumnName[] => (name in ENDS ? ENDS[name as Interval] : []));
  return [...new Set([...names, ...ends])];
}

/** Heads and words for people; a column that is not here is called as it is, and told as it is. */
const WORDS: Partial<Readonly<Record<ColumnName, Words>>> = {
  model: { head: 'Model' },
  dataset: { head: 'Data set' },
  experiment: { head: 'Experiment' },
  strategy: { head: 'Strategy' },
  conditions: { head: 'Conditions' },
  seed: { head: 'Seed' },
  share: { head: 'To remove', words: (share: number) => `${Number((share * 100).toFixed(1))} %` },
  metric: { head: 'Of', words: costWords },
  top1: accuracy('Top-1'),
  top5: accuracy('Top-5'),
  baseTop1: accuracy('Top-1 unpruned'),
  baseTop5: accuracy('Top-5 unpruned'),
  prunedTop1: accuracy('Top-1 as cut'),
  repairedTop1: accuracy('Top-1 repaired'),
  drop: { head: 'Top-1 change', words: (drop: number) => points(-drop) },
  origin: { head: 'Origin', words: markWord },
  evidence: { head: 'Evidence', words: markWord },
  qualityMetric: { head: 'Judged by', words: (name: string) => metricNamed(name).label },
  value: value('Value'),
  baseValue: value('Unpruned'),
  prunedValue: value('As cut'),
  repairedValue: value('Repaired'),
  valueDrop: {
    head: 'Change',
    words: (drop: number, row: Row) => {
      const metric = judgedBy(row);
      return metric ? changeBy(metric, drop) : String(drop);
    },
  },
  savedMacs: saved('MACs removed'),
  savedParams: saved('Params removed'),
  savedLatency: saved('Time removed'),
  predictedMs: time('Predicted time'),
  basePredictedMs: time('Predicted time unpruned'),
  measuredMs: time('Measured time'),
  baseMeasuredMs: time('Measured time unpruned'),
  profiledDevice: { head: 'Device of the profile' },
  macs: amount('MACs'),
  params: amount('Params'),
  bytes: amount('File', 'B'),
  baseMacs: amount('MACs unpruned'),
  baseParams: amount('Params unpruned'),
  baseBytes: amount('File unpruned', 'B'),
  latencyMs: time('Latency'),
  baseLatencyMs: time('Latency unpruned'),
  ratioMacs: ratio('MACs ratio'),
  ratioParams: ratio('Params ratio'),
  ratioBytes: ratio('File ratio'),
  ratioLatency: speed('ratioLatency', 'Latency ratio'),
  ratioThroughput: speed('ratioThroughput', 'Throughput ratio'),
  ratioPredicted: { head: 'Predicted time ratio', words: (found: number) => speedup(found, null, null) },
  ratioMeasured: speed('ratioMeasured', 'Measured time ratio'),
};

export function runColumns(names: readonly ColumnName[]): Column[] {
  return names.map((key) => ({
    key,
    right: COLUMNS[key].kind === 'number',
    ...(WORDS[key] ?? { head: key }),
  }));
}

/** What a drop, which is how much worse, does to the value: "−0.42 pt", "+0.0310". */
export function changeBy({ direction, unit }: AnyMetric, drop: number): string {
  return changeIn(unit, direction === 'higher' ? -drop : drop);
}

/** As the schema calls it. */
function metricNamed(called: string): AnyMetric {
  return metricBy(metricMeant(called));
}

function judgedBy({ qualityMetric }: Row): AnyMetric | null {
  return typeof qualityMetric === 'string' ? metricNamed(qualityMetric) : null;
}

/** "MACs", of what the schema or a row calls it. */
export function costWords(name: string): string {
  return name.toLowerCase() === 'macs' ? 'MACs' : name.toLowerCase();
}
