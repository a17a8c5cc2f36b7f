import { authorWords } from '#src/format/author.ts';
import {
  bytes,
  count,
  fixed,
  type Maybe,
  milliseconds,
  percent,
  rate,
  times,
  UNKNOWN,
} from '#src/format/numbers.ts';
import { changeOf, changeText, commonMetric, headOf, valueText } from '#src/format/quality.ts';
import { isOver } from '#src/format/status.ts';
import { targetWords } from '#src/format/strategies.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import type { Column } from '#src/ui/data-table.tsx';
import { Progress } from '#src/ui/progress.tsx';
import { StatusBadge } from '#src/ui/status-badge.tsx';
import { Tags } from '#src/ui/tags.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { Time } from '#src/ui/time.tsx';
import { timeChange } from './latency-words.ts';
import type { RunRow } from './run-row.ts';
import { Speed } from './speed.tsx';
import type { OrderBy } from './view.ts';

interface RunColumn extends Column<RunRow> {
  readonly id: string;
  /** What the API orders by for it. */
  readonly order?: OrderBy;
  /** Stays on a phone. */
  readonly matters?: true;
}

/** Beside "As fast as unpruned", which is the ratio of latency. */
const RATIOS = [
  ['macs', 'ratioMacs', 'Fewer MACs than unpruned'],
  ['params', 'ratioParams', 'Fewer params than unpruned'],
  ['bytes', 'ratioBytes', 'Smaller file than unpruned'],
] as const;

/**
 * The columns for these runs: where all are judged by one metric, values are called by it; else each says by which it is.
 */
export function columnsFor(runs: readonly RunRow[], ids: readonly string[]): RunColumn[] {
  const metrics = runs.map(({ experiment }) => experiment.qualityMetric);
  const common = commonMetric(metrics);
  return COLUMNS.filter(({ id }) => ids.includes(id)).map((column) => {
    if (column.id !== 'value') return column;
    if (common) return { ...column, name: headOf(common) };
    return {
      ...column,
      cell: (run) => (
        <span className="whitespace-nowrap">
          <span className="mr-2 text-small text-ink-soft">{run.experiment.qualityMetric.label}</span>
          {valueIn(run, run.result?.value)}
        </span>
      ),
    };
  });
}

function valueIn({ experiment }: RunRow, value: Maybe): string {
  return valueText(experiment.qualityMetric, value);
}

/** "10.0 ms → 4.02 ms" */
function changeOfTime(
  times: { readonly milliseconds: number; readonly baseMilliseconds: number } | null | undefined,
): string | undefined {
  return times ? timeChange(times) : undefined;
}

/** A name takes a second line where the table does not fit otherwise. */
const NAME = 'min-w-24';

/** All that a list of runs can show beside the strategy, which is always there. */
export const COLUMNS: readonly RunColumn[] = [
  {
    id: 'experiment',
    name: 'Experiment',
    className: NAME,
    cell: ({ experiment }) => <TextLink href={`/experiments/${experiment.id}`}>{experiment.name}</TextLink>,
  },
  {
    id: 'model',
    name: 'Model',
    className: NAME,
    cell: ({ experiment: { model } }) => <TextLink href={`/models/${model.id}`}>{model.name}</TextLink>,
  },
  { id: 'target', name: 'To remove', cell: targetWords },
  { id: 'seed', name: 'Seed', right: true, cell: ({ seed }) => seed },
  {
    id: 'state',
    name: 'State',
    matters: true,
    cell: (run) => (
      <span className="flex items-center gap-3" title={run.error ?? undefined}>
        <StatusBadge state={run.state} waits={run.progress.waits} />
        {!isOver(run.state) && run.progress.total > 0 && (
          <Progress {...run.progress} label={`${wordOf(run.state)} of ${run.allocation}`} />
        )}
      </span>
    ),
  },
  {
    id: 'value',
    name: 'Value',
    right: true,
    order: 'value',
    matters: true,
    cell: (run) => valueIn(run, run.result?.value),
  },
  {
    id: 'drop',
    name: 'Against unpruned',
    right: true,
    order: 'valueDrop',
    cell: ({ result, experiment: { qualityMetric: metric } }) =>
      changeText(metric, changeOf(metric, result?.valueDrop)),
  },
  {
    id: 'asCut',
    name: 'As cut',
    right: true,
    cell: (run) => valueIn(run, run.result?.prunedValue ?? run.prunedValue),
  },
  {
    id: 'repaired',
    name: 'Repaired',
    right: true,
    cell: (run) => valueIn(run, run.result?.repairedValue ?? run.repairedValue),
  },
  { id: 'top1', name: 'Top-1', right: true, order: 'top1', cell: ({ result }) => percent(result?.top1) },
  { id: 'top5', name: 'Top-5', right: true, cell: ({ result }) => percent(result?.top5) },
  { id: 'loss', name: 'Loss', right: true, order: 'loss', cell: ({ result }) => fixed(result?.loss) },
  { id: 'macs', name: 'MACs', right: true, order: 'macs', cell: ({ result }) => count(result?.macs) },
  {
    id: 'savedMacs',
    name: 'MACs removed',
    right: true,
    order: 'savedMacs',
    cell: ({ result }) => percent(result?.savedMacs, 1),
  },
  { id: 'params', name: 'Params', right: true, order: 'params', cell: ({ result }) => count(result?.params) },
  {
    id: 'savedParams',
    name: 'Params removed',
    right: true,
    order: 'savedParams',
    cell: ({ result }) => percent(result?.savedParams, 1),
  },
  {
    id: 'latency',
    name: 'Latency (p50)',
    right: true,
    order: 'latency',
    cell: ({ result }) => milliseconds(result?.latencyMs),
  },
  {
    id: 'speed',
    name: 'As fast as unpruned',
    right: true,
    order: 'ratioLatency',
    cell: ({ result }) => <Speed ratio={result?.ratio.latency} interval={result?.latencyInterval} />,
  },
  ...RATIOS.map(([metric, order, name]) => ({
    ...{ id: order, name, order },
    right: true,
    cell: ({ result }: RunRow) => times(result?.ratio[metric], 1),
  })),
  {
    id: 'ratioThroughput',
    name: 'Throughput against unpruned',
    right: true,
    order: 'ratioThroughput',
    cell: ({ result }) => <Speed ratio={result?.ratio.throughput} interval={result?.throughputInterval} />,
  },
  {
    id: 'predicted',
    name: 'On the device, predicted',
    right: true,
    order: 'predicted',
    title: ({ result }) => changeOfTime(result?.latency?.predicted),
    cell: ({ result }) => milliseconds(result?.latency?.predicted.milliseconds),
  },
  {
    id: 'ratioPredicted',
    name: 'As fast on it, predicted',
    right: true,
    order: 'ratioPredicted',
    cell: ({ result }) => <Speed ratio={result?.ratio.predicted} interval={null} />,
  },
  {
    id: 'measured',
    name: 'On the device, measured',
    right: true,
    order: 'measured',
    title: ({ result }) => changeOfTime(result?.latency?.measured),
    cell: ({ result }) => milliseconds(result?.latency?.measured?.milliseconds),
  },
  {
    id: 'ratioMeasured',
    name: 'As fast on it, measured',
    right: true,
    order: 'ratioMeasured',
    cell: ({ result }) => {
      const speedup = result?.latency?.measured?.speedup;
      return <Speed ratio={speedup?.ratio} interval={speedup} />;
    },
  },
  {
    id: 'throughput',
    name: 'Throughput',
    right: true,
    order: 'throughput',
    cell: ({ result }) => rate(result?.throughput),
  },
  { id: 'bytes', name: 'File', right: true, order: 'bytes', cell: ({ result }) => bytes(result?.bytes) },
  { id: 'tags', name: 'Tags', cell: ({ tags }) => <Tags tags={tags} /> },
  { id: 'author', name: 'Made by', cell: (run) => authorWords(run) ?? UNKNOWN },
  {
    id: 'created',
    name: 'Started',
    right: true,
    order: 'created',
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  {
    id: 'finished',
    name: 'Ended',
    right: true,
    order: 'finished',
    cell: ({ finishedAt }) => <Time at={finishedAt} />,
  },
];

/** Shown where nobody chose. */
export const DEFAULT_COLUMNS: readonly string[] = [
  'experiment',
  'target',
  'seed',
  'state',
  'value',
  'asCut',
  'repaired',
  'macs',
  'params',
  'latency',
  'created',
];

/** Inside an experiment, beside its chart; of one that goes by a device the times on it, too. */
export function experimentColumns(runs: readonly Pick<RunRow, 'result'>[]): readonly string[] {
  const has = (of: 'predicted' | 'measured') => runs.some(({ result }) => result?.latency?.[of]);
  return [
    ...['target', 'seed', 'state', 'asCut', 'repaired', 'value', 'macs', 'params', 'latency'],
    ...(has('predicted') ? ['predicted', 'ratioPredicted'] : []),
    ...(has('measured') ? ['measured', 'ratioMeasured'] : []),
  ];
}
