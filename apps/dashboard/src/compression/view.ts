// What the page of compression ratios shows: all of it in the address.
import { type ExportFormat, exportUrl } from '#src/format/export-url.ts';
import { enumOf } from '#src/graphql/enum-words.ts';
import { address, one, type SearchParams } from '#src/lists/address.ts';

export const METRICS = ['params', 'macs', 'bytes', 'latency', 'throughput', 'predicted'] as const;
export type Metric = (typeof METRICS)[number];

/** As columns and choices are called. */
export const METRIC_NAMES: Readonly<Record<Metric, string>> = {
  params: 'Params',
  macs: 'MACs',
  bytes: 'File size',
  latency: 'Latency',
  throughput: 'Throughput',
  predicted: 'Time on a device',
};

/** Whether a run may have no ratio in it: it was not timed, or its experiment goes by no device profile. */
export function isTime(metric: Metric): boolean {
  return metric === 'latency' || metric === 'throughput' || metric === 'predicted';
}

/** Allowed drops in points. */
const DEFAULT_BUDGETS = [0.5, 1, 2, 5] as const;
const MOST_BUDGETS = 10;

export interface CompressionView {
  readonly metric: Metric;
  /** Points, rising. */
  readonly budgets: readonly number[];
  /** Ids; empty for all. */
  readonly project: string;
  readonly dataset: string;
  /** However many rows and runs there are. */
  readonly all: boolean;
}

/** Rows of the table, and runs behind it, that the page begins with. */
export const FIRST_ROWS = 30;

/** Whatever an address says; what it does not know is left out. */
export function readCompressionView(params: SearchParams): CompressionView {
  const named = one(params, 'metric');
  return {
    metric: METRICS.find((metric) => metric === named) ?? 'macs',
    budgets: readBudgets(one(params, 'budgets')) ?? DEFAULT_BUDGETS,
    project: one(params, 'project'),
    dataset: one(params, 'dataset'),
    all: one(params, 'all') === '1',
  };
}

/** "0.5, 1, 2" in points; null for what is no list of drops. */
export function readBudgets(text: string): readonly number[] | null {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  const points = [...new Set(words.map(Number))].sort((a, b) => a - b);
  const good = points.length > 0 && points.length <= MOST_BUDGETS;
  return good && points.every((point) => point >= 0 && point <= 100) ? points : null;
}

/** The address of a view: only what is not the default. */
export function compressionParams({
  metric,
  budgets,
  project,
  dataset,
  all,
}: CompressionView): URLSearchParams {
  return address({
    metric: metric === 'macs' ? '' : metric,
    budgets: budgets.join() === DEFAULT_BUDGETS.join() ? '' : budgets.join(),
    project,
    dataset,
    all: all ? '1' : '',
  });
}

/** The table as a file. */
export function compressionExportUrl(view: CompressionView, format: ExportFormat): string {
  const { budgets, filter } = compressionVariables(view);
  return exportUrl('compression', format, { metric: view.metric, budgets: budgets.join(), filter });
}

/** What the API is asked for. */
export function compressionVariables({ metric, budgets, project, dataset }: CompressionView) {
  return {
    metric: enumOf(metric),
    // As fractions, without what binary numbers add.
    budgets: budgets.map((points) => Number((points / 100).toPrecision(12))),
    filter: {
      ...(project ? { project: { in: [project] } } : {}),
      ...(dataset ? { dataset: { in: [dataset] } } : {}),
    },
  };
}
