// Which published results a page lists: all of it in the address.
import { address, one, type SearchParams } from '#src/lists/address.ts';

export interface PublishedView {
  readonly text: string;
  /** Empty for all. */
  readonly architecture: string;
  readonly dataset: string;
}

export function readPublishedView(params: SearchParams): PublishedView {
  return {
    text: one(params, 'q'),
    architecture: one(params, 'architecture'),
    dataset: one(params, 'dataset'),
  };
}

/** The address of a view: only what is chosen. */
export function publishedParams({ text, architecture, dataset }: PublishedView): URLSearchParams {
  return address({ q: text, architecture, dataset });
}

/** What the API is asked for; an empty list would match nothing and is left out. */
export function publishedFilter({ text, architecture, dataset }: PublishedView) {
  return {
    ...(text ? { text } : {}),
    ...(architecture ? { architectures: [architecture] } : {}),
    ...(dataset ? { datasets: [dataset] } : {}),
  };
}
