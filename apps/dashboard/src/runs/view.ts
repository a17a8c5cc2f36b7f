// What a list of runs shows, all of it in the address: which runs, in which order, which columns, how grouped.

import { type ExportFormat, exportUrl } from '#src/format/export-url.ts';
import { RUN_STATES, type RunState } from '#src/format/status.ts';
import { enumNamed, enumOf, wordOf } from '#src/graphql/enum-words.ts';
import {
  address,
  filterBy,
  list,
  type Order,
  one,
  orderText,
  readOrder,
  type SearchParams,
} from '#src/lists/address.ts';

/** Who computed a run. */
export const RUN_ORIGINS = ['ESPALIER', 'EXTERNAL'] as const;
type RunOrigin = (typeof RUN_ORIGINS)[number];

/** What stands behind imported runs. */
export const RUN_EVIDENCE = ['REPORTED', 'STRUCTURE_VERIFIED', 'RECOMPUTED'] as const;
type RunEvidence = (typeof RUN_EVIDENCE)[number];

const ORDERS = [
  ...[
    'created',
    'finished',
    'value',
    'valueDrop',
    'top1',
    'loss',
    'macs',
    'savedMacs',
    'params',
    'savedParams',
    'bytes',
  ],
  ...['latency', 'throughput', 'ratioMacs', 'ratioParams', 'ratioBytes', 'ratioLatency', 'ratioThroughput'],
  ...['predicted', 'ratioPredicted', 'measured', 'ratioMeasured'],
] as const;
export type OrderBy = (typeof ORDERS)[number];

export const GROUPINGS = ['experiment', 'model', 'allocation'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Of which there may be several; `runs` are chosen one by one. An empty list is for all. */
const LISTS = [
  'allocations',
  'criteria',
  'tags',
  'experiments',
  'models',
  'devices',
  'people',
  'runs',
] as const;
type Lists = { readonly [Name in (typeof LISTS)[number]]: readonly string[] };

export interface RunsView extends Order<OrderBy>, Lists {
  readonly text: string;
  readonly states: readonly RunState[];
  readonly origins: readonly RunOrigin[];
  readonly evidence: readonly RunEvidence[];
  readonly group: Grouping | null;
  /** Ids of columns; null for those that are shown by default. */
  readonly columns: readonly string[] | null;
}

/** Whatever an address says; what it does not know is left out. */
export function readView(params: SearchParams): RunsView {
  const group = one(params, 'group');
  return {
    text: one(params, 'q'),
    states: list(params, 'states')
      // An address of before this stage had its name.
      .map((state) => (state === 'pruning' ? 'recalibrating' : state))
      .flatMap((word) => enumNamed(RUN_STATES, word) ?? []),
    origins: list(params, 'origins').flatMap((word) => enumNamed(RUN_ORIGINS, word) ?? []),
    evidence: list(params, 'evidence').flatMap((word) => enumNamed(RUN_EVIDENCE, word) ?? []),
    ...(Object.fromEntries(LISTS.map((name) => [name, list(params, name)])) as Record<keyof Lists, string[]>),
    ...readOrder(params, ORDERS),
    group: GROUPINGS.find((name) => name === group) ?? null,
    columns: 'columns' in params ? list(params, 'columns') : null,
  };
}

/** The address of a view: only what is not the default. */
export function viewParams(view: RunsView): URLSearchParams {
  const { text, group, columns, by, direction, states, origins, evidence, ...lists } = view;
  const order = orderText({ by, direction });
  const words = {
    ...{ states: states.map(wordOf), origins: origins.map(wordOf) },
    evidence: evidence.map(wordOf),
  };
  const params = address({ q: text, ...words, ...lists, order, group: group ?? '' });
  // None at all is not the default.
  if (columns) params.set('columns', columns.join(','));
  return params;
}

/** What the API is asked for. */
export function filterOf(view: RunsView) {
  const { states: state, origins: origin, allocations: allocation, criteria: criterion } = view;
  const {
    experiments: experiment,
    models: model,
    devices: device,
    people: createdBy,
    runs: id,
    evidence,
  } = view;
  return filterBy(view, {
    state,
    origin,
    evidence,
    allocation,
    criterion,
    experiment,
    model,
    device,
    createdBy,
    id,
  });
}

export function orderOf({ by, direction }: Order<OrderBy>) {
  return { by: enumOf(by), direction: enumOf(direction) };
}

/** Whether anything is left out. */
export function isFiltered(view: RunsView): boolean {
  return Object.keys(filterOf(view)).length > 0;
}

/** All runs of the view as a file. */
export function runsExportUrl(view: RunsView, format: ExportFormat): string {
  return exportUrl('runs', format, { filter: filterOf(view), order: orderOf(view) });
}
