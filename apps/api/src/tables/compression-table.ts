import { COMPRESSION_METRICS, type CompressionMetric } from '@espalier/comparison';
import type { AnyMetric } from '@espalier/engines';
import { speedup, times } from '@espalier/tables';
import type { compressionOf } from '../compression/compression.ts';
import { metricCalled } from '../experiments/quality-metric.ts';
import { enumName } from '../graphql/enums.ts';
import { markText } from './mark.ts';
import { changeBy } from './run-columns.ts';
import { plainColumns, type TwoTables } from './table-file.ts';

/** As the columns of ratios are called. */
const HEADS: Readonly<Record<CompressionMetric, string>> = {
  ...{ params: 'Params', macs: 'MACs', bytes: 'File', latency: 'Latency', throughput: 'Throughput' },
  predicted: 'Predicted time',
};

type Compression = Awaited<ReturnType<typeof compressionOf>>;
type Best = Compression['rows'][number]['best'][number];
type Interval = NonNullable<NonNullable<Best>['latencyInterval']>;

const DATA_COLUMNS = plainColumns([
  ...[
    'model',
    'modelId',
    'dataset',
    'datasetId',
    'qualityMetric',
    'outputWeights',
    'images',
    'recalibrate',
    'repair',
    'profiledDevice',
    'runs',
    'networks',
    'evaluators',
    'reservation',
  ],
  ...['budget', 'runId', 'name', 'origin', 'evidence', 'baseValue', 'value', 'drop', 'baseTop1', 'top1'],
  ...COMPRESSION_METRICS.map(ratioKey),
  ...['ratioLatencyLow', 'ratioLatencyHigh', 'ratioThroughputLow', 'ratioThroughputHigh'],
  ...['ratioMeasured', 'ratioMeasuredLow', 'ratioMeasuredHigh'],
  'device',
]);

/** For programs a line for each network and budget, for people one for each network. */
export function compressionTables({ budgets, metric, rows }: Compression): TwoTables {
  // A head is in points where all rows are, and else a plain number in the unit of each row.
  const inPoints = rows.every(({ qualityMetric }) => qualityMetric.unit === 'share');
  return {
    data: {
      columns: DATA_COLUMNS,
      rows: rows.flatMap(({ best, experimentId: _, ...row }) =>
        best.map((one, i) => ({
          ...{
            ...row,
            qualityMetric: metricCalled(row.qualityMetric.name),
            evaluators: row.evaluators.join('; '),
          },
          budget: budgets[i],
          ...bestData(one),
        })),
      ),
    },
    paper: {
      columns: [
        { key: 'model', head: 'Model' },
        { key: 'dataset', head: 'Data set' },
        { key: 'judgedBy', head: 'Judged by' },
        ...(metric === 'predicted' ? [{ key: 'profiledDevice', head: 'Device' }] : []),
        { key: 'networks', head: 'Networks', right: true },
        ...budgets.map((budget, i) => ({
          key: String(i),
          head: `${HEADS[metric]}, ≤ ${inPoints ? `${Number((budget * 100).toFixed(2))} pt` : budget}`,
          right: true,
        })),
      ],
      rows: rows.map(({ model, dataset, qualityMetric, evaluators, profiledDevice, networks, best }) => ({
        ...{ model, dataset, judgedBy: judgedByWords(qualityMetric, evaluators), profiledDevice, networks },
        ...Object.fromEntries(best.map((one, i) => [String(i), bestWords(one, metric, qualityMetric)])),
      })),
    },
  };
}

/** "top-1", "top-1 (also by pytorch 1a2b3c)": numbers of other programs are no equals of ours. */
function judgedByWords({ label }: AnyMetric, evaluators: readonly string[]): string {
  return evaluators.length === 0 ? label : `${label} (by ${evaluators.join(', ')}, too)`;
}

function bestData(best: Best | undefined) {
  const ratios = COMPRESSION_METRICS.map((name) => [ratioKey(name), best?.ratio[name] ?? null]);
  if (!best) {
    const none = { baseValue: null, value: null, drop: null, baseTop1: null, top1: null };
    return { runId: null, name: null, origin: null, evidence: null, ...none, ...Object.fromEntries(ratios) };
  }
  const { runId, name, evidence, baseValue, value, drop, baseTop1, top1, device } = best;
  const mark = { origin: enumName(best.origin), evidence: evidence === null ? null : enumName(evidence) };
  return {
    ...{
      runId,
      name,
      ...mark,
      baseValue,
      value,
      drop,
      baseTop1,
      top1,
      ...Object.fromEntries(ratios),
      device,
    },
    ...ends('ratioLatency', best.latencyInterval),
    ...ends('ratioThroughput', best.throughputInterval),
    ...{ ratioMeasured: best.measured?.ratio ?? null, ...ends('ratioMeasured', best.measured) },
  };
}

function ends(name: string, interval: Interval | null) {
  return { [`${name}Low`]: interval?.low ?? null, [`${name}High`]: interval?.high ?? null };
}

/** What was measured, with its interval; a prediction has none. */
function ratioWords(best: NonNullable<Best>, metric: CompressionMetric, ratio: number): string {
  const { latencyInterval, throughputInterval } = best;
  switch (metric) {
    case 'latency':
      return speedup(ratio, latencyInterval?.low ?? null, latencyInterval?.high ?? null);
    case 'throughput':
      return speedup(ratio, throughputInterval?.low ?? null, throughputInterval?.high ?? null);
    case 'predicted':
      return speedup(ratio, null, null);
    case 'params':
    case 'macs':
    case 'bytes':
      return times(ratio);
  }
}

/** "2.01×, −0.42 pt", and where it comes from elsewhere that. */
function bestWords(
  best: Best | undefined,
  metric: Compression['metric'],
  judgedBy: AnyMetric,
): string | null {
  const ratio = best?.ratio[metric];
  if (!best || ratio == null) return null;
  const mark = markText(best);
  return `${ratioWords(best, metric, ratio)}, ${changeBy(judgedBy, best.drop)}${mark === '' ? '' : ` (${mark})`}`;
}

/** As in an export of runs. */
function ratioKey(name: string): string {
  return `ratio${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
