// What a list of runs shows, all of it in the address: which runs, in which order, which columns, how grouped.
import { RUN_STATES, type RunState } from '#src/format/status.ts';

const ORDERS = ['created', 'top1', 'drop', 'macs', 'savedMacs', 'params', 'savedParams', 'latency'] as const;
export type OrderBy = (typeof ORDERS)[number];

export const GROUPINGS = ['experiment', 'model', 'allocation'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface RunsView {
  readonly text: string;
  readonly states: readonly RunState[];
  readonly allocations: readonly string[];
  readonly criteria: readonly string[];
  readonly tags: readonly string[];
  readonly experiments: readonly string[];
  readonly models: readonly string[];
  /** Chosen one by one; empty for all that match. */
  readonly ids: readonly string[];
  readonly by: OrderBy;
  readonly direction: 'asc' | 'desc';
  readonly group: Grouping | null;
  /** Ids of columns; null for those that are shown by default. */
  readonly columns: readonly string[] | null;
}

export type SearchParams = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Whatever an address says; what it does not know is left out. */
export function readView(params: SearchParams): RunsView {
  const one = (name: string): string => {
    const value = params[name];
    return typeof value === 'string' ? value : (value?.[0] ?? '');
  };
  const list = (name: string) => one(name).split(',').filter(Boolean);
  const order = one('order');
  const by = ORDERS.find((name) => name === order.replace(/^-/, ''));
  return {
    text: one('q'),
    states: list('states')
      // An address of before this stage had its name.
      .map((state) => (state === 'pruning' ? 'recalibrating' : state))
      .filter((state): state is RunState => RUN_STATES.some((known) => known === state)),
    allocations: list('allocations'),
    criteria: list('criteria'),
    tags: list('tags'),
    experiments: list('experiments'),
    models: list('models'),
    ids: list('runs'),
    by: by ?? 'created',
    direction: by && !order.startsWith('-') ? 'asc' : 'desc',
    group: GROUPINGS.find((name) => name === one('group')) ?? null,
    columns: 'columns' in params ? list('columns') : null,
  };
}

/** The address of a view: only what is not the default. */
export function viewParams(view: RunsView): URLSearchParams {
  const params = new URLSearchParams();
  const list = (name: string, values: readonly string[]) => {
    if (values.length > 0) params.set(name, values.join(','));
  };
  if (view.text) params.set('q', view.text);
  list('states', view.states);
  list('allocations', view.allocations);
  list('criteria', view.criteria);
  list('tags', view.tags);
  list('experiments', view.experiments);
  list('models', view.models);
  list('runs', view.ids);
  if (view.by !== 'created' || view.direction !== 'desc') {
    params.set('order', view.direction === 'desc' ? `-${view.by}` : view.by);
  }
  if (view.group) params.set('group', view.group);
  if (view.columns) params.set('columns', view.columns.join(','));
  return params;
}

/** What the API is asked for; an empty list would match nothing and is left out. */
export function filterOf(view: RunsView) {
  const list = <K extends string, T>(name: K, values: readonly T[]) =>
    (values.length > 0 ? { [name]: [...values] } : {}) as { [_ in K]?: T[] };
  return {
    ...(view.text ? { text: view.text } : {}),
    ...list('states', view.states),
    ...list('allocations', view.allocations),
    ...list('criteria', view.criteria),
    ...list('tags', view.tags),
    ...list('experimentIds', view.experiments),
    ...list('modelIds', view.models),
    ...list('ids', view.ids),
  };
}

export function orderOf({ by, direction }: RunsView) {
  return { by, direction };
}

/** Whether anything is left out. */
export function isFiltered(view: RunsView): boolean {
  return Object.keys(filterOf(view)).length > 0;
}

/** All runs of the view as a file. */
export function exportUrl(view: RunsView, format: 'csv' | 'ndjson'): string {
  const filter = JSON.stringify(filterOf(view));
  const order = JSON.stringify(orderOf(view));
  return `/files/export/runs.${format}?${new URLSearchParams({ filter, order })}`;
}
