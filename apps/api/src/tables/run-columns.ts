import { type Column, magnitude, milliseconds, percent, points, times } from '@espalier/tables';
import { COLUMNS, type ColumnName } from '../compare/columns.ts';

/** What a page has room for, of all that is told of runs. */
export const PAPER_COLUMNS = [
  ...['model', 'strategy', 'share', 'metric', 'seed', 'top1', 'drop'],
  ...['macs', 'params', 'ratioMacs', 'ratioParams', 'ratioLatency'],
] as readonly ColumnName[];

type Words = Omit<Column, 'key'>;

const accuracy = (head: string): Words => ({ head, words: percent });
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
  drop: { head: 'Change', words: (drop: number) => points(-drop) },
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

/** "MACs", of what the schema or a row calls it. */
export function costWords(name: string): string {
  return name.toLowerCase() === 'macs' ? 'MACs' : name.toLowerCase();
}
