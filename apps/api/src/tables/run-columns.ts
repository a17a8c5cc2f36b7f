import { METRICS, type MetricName, type QualityMetric } from '@espalier/engines';
import {
  type Column,
  changeIn,
  magnitude,
  milliseconds,
  percent,
  points,
  type Row,
  times,
  valueIn,
} from '@espalier/tables';
import { COLUMNS, type ColumnName } from '../compare/columns.ts';

/** What a page has room for, of all that is told of runs. */
export const PAPER_COLUMNS = [
  ...['model', 'strategy', 'share', 'metric', 'seed', 'qualityMetric', 'value', 'valueDrop'],
  ...['macs', 'params', 'ratioMacs', 'ratioParams', 'ratioLatency'],
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
  ratioLatency: ratio('Latency ratio'),
  ratioThroughput: ratio('Throughput ratio'),
};

export function runColumns(names: readonly ColumnName[]): Column[] {
  return names.map((key) => ({
    key,
    right: COLUMNS[key].kind === 'number',
    ...(WORDS[key] ?? { head: key }),
  }));
}

/** What a drop, which is how much worse, does to the value: "−0.42 pt", "+0.0310". */
export function changeBy({ direction, unit }: QualityMetric, drop: number): string {
  return changeIn(unit, direction === 'higher' ? -drop : drop);
}

/** As a column or the schema calls it. */
function metricNamed(name: string): QualityMetric {
  return METRICS[name.toLowerCase() as MetricName];
}

function judgedBy({ qualityMetric }: Row): QualityMetric | null {
  return typeof qualityMetric === 'string' ? metricNamed(qualityMetric) : null;
}

/** "MACs", of what the schema or a row calls it. */
export function costWords(name: string): string {
  return name.toLowerCase() === 'macs' ? 'MACs' : name.toLowerCase();
}
