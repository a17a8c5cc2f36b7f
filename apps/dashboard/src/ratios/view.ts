// What the page of ratios shows: which ratio, of which runs, in which groups and order. All of it in the address.
import { METRICS, type Metric } from '#src/compression/view.ts';
import { type ExportFormat, exportUrl } from '#src/format/export-url.ts';
import { QUALITY_METRICS, type QualityMetricName } from '#src/format/quality.ts';
import { enumNamed, enumOf, wordOf } from '#src/graphql/enum-words.ts';
import { address, list, one, type SearchParams } from '#src/lists/address.ts';

/** What runs can have in common, in the order of the table's columns. */
export const KEY_NAMES = {
  model: 'Model',
  dataset: 'Data set',
  strategy: 'Strategy',
  target: 'Target',
  project: 'Project',
} as const;
export type Key = keyof typeof KEY_NAMES;

const KEYS = Object.keys(KEY_NAMES) as Key[];
const DEFAULT_KEYS: readonly Key[] = ['model', 'strategy'];

/** By names, as the API answers; else by a number, what is not known last. */
const ORDERS = ['names', 'networks', 'ratio', 'best', 'change', 'least'] as const;
type OrderBy = (typeof ORDERS)[number];

export interface RatiosView {
  readonly metric: Metric;
  /** The quality metric that the front goes by; null for that of most runs. */
  readonly judged: QualityMetricName | null;
  /** What is equal in a group; none for one group of all. */
  readonly by: readonly Key[];
  /** Ids; empty for all. */
  readonly project: string;
  readonly dataset: string;
  readonly model: string;
  readonly order: OrderBy;
  readonly direction: 'asc' | 'desc';
  /** However many groups there are. */
  readonly all: boolean;
}

/** Whatever an address says; what it does not know is left out. */
export function readRatiosView(params: SearchParams): RatiosView {
  const metric = one(params, 'metric');
  const by = list(params, 'by');
  const order = one(params, 'order');
  const known = ORDERS.find((name) => name === order.replace(/^-/, '')) ?? 'names';
  return {
    metric: METRICS.find((name) => name === metric) ?? 'macs',
    judged: enumNamed(QUALITY_METRICS, one(params, 'judged')) ?? null,
    by: 'by' in params ? KEYS.filter((key) => by.includes(key)) : DEFAULT_KEYS,
    project: one(params, 'project'),
    dataset: one(params, 'dataset'),
    model: one(params, 'model'),
    order: known,
    direction: order === `-${known}` ? 'desc' : 'asc',
    all: one(params, 'all') === '1',
  };
}

/** The address of a view: only what is not the default. */
export function ratiosParams(view: RatiosView): URLSearchParams {
  const { metric, judged, by, project, dataset, model, order, direction, all } = view;
  const ordered = `${direction === 'desc' ? '-' : ''}${order}`;
  const params = address({
    metric: metric === 'macs' ? '' : metric,
    judged: judged === null ? '' : wordOf(judged),
    project,
    dataset,
    model,
    order: ordered === 'names' ? '' : ordered,
    all: all ? '1' : '',
  });
  // None at all is not the default.
  if (by.join() !== DEFAULT_KEYS.join()) params.set('by', by.join());
  return params;
}

/** Which runs. */
function ratiosFilter({ project, dataset, model }: RatiosView) {
  return {
    ...(project ? { project: { in: [project] } } : {}),
    ...(dataset ? { dataset: { in: [dataset] } } : {}),
    ...(model ? { model: { in: [model] } } : {}),
  };
}

export function isRatiosFiltered(view: RatiosView): boolean {
  return Object.keys(ratiosFilter(view)).length > 0;
}

/** Lines of the table of groups that the page begins with. */
export const FIRST_GROUPS = 50;
/** Groups that are ordered by a number. */
const MOST_GROUPS = 400;

/** In the order in which the API answers them only the groups are asked for that are shown. */
export function isPartAsked({ order, direction, all }: RatiosView): boolean {
  return order === 'names' && direction === 'asc' && !all;
}

/** What the API is asked for: of the ratios only the one that is shown. */
export function ratiosVariables(view: RatiosView) {
  const { metric, judged, by } = view;
  return {
    groups: isPartAsked(view) ? FIRST_GROUPS : MOST_GROUPS,
    qualityMetric: judged,
    filter: ratiosFilter(view),
    cost: enumOf(metric),
    by: by.map((key) => enumOf(key)),
    params: metric === 'params',
    macs: metric === 'macs',
    bytes: metric === 'bytes',
    latency: metric === 'latency',
    throughput: metric === 'throughput',
    predicted: metric === 'predicted',
  };
}

/** The groups as a file, with all ratios. */
export function summaryExportUrl(view: RatiosView, format: ExportFormat) {
  return exportUrl('summary', format, { by: view.by.join(), filter: ratiosFilter(view) });
}

/** The front by a quality metric as a file. */
export function frontExportUrl(
  view: RatiosView,
  { name }: { name: QualityMetricName },
  format: ExportFormat,
) {
  const asked = { cost: view.metric, qualityMetric: wordOf(name) };
  return exportUrl('front', format, { ...asked, filter: ratiosFilter(view) });
}
