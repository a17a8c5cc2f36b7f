// Which published results a page lists: all of it in the address.
import type { SearchParams } from '#src/runs/view.ts';

export interface PublishedView {
  readonly text: string;
  /** Empty for all. */
  readonly architecture: string;
  readonly dataset: string;
}

export function readPublishedView(params: SearchParams): PublishedView {
  const one = (name: string): string => {
    const value = params[name];
    return typeof value === 'string' ? value : (value?.[0] ?? '');
  };
  return { text: one('q'), architecture: one('architecture'), dataset: one('dataset') };
}

/** The address of a view: only what is chosen. */
export function publishedParams({ text, architecture, dataset }: PublishedView): URLSearchParams {
  const params = new URLSearchParams();
  if (text) params.set('q', text);
  if (architecture) params.set('architecture', architecture);
  if (dataset) params.set('dataset', dataset);
  return params;
}

/** What the API is asked for; an empty list would match nothing and is left out. */
export function publishedFilter({ text, architecture, dataset }: PublishedView) {
  return {
    ...(text ? { text } : {}),
    ...(architecture ? { architectures: [architecture] } : {}),
    ...(dataset ? { datasets: [dataset] } : {}),
  };
}
