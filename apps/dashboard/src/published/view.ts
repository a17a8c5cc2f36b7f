// Which published results a page lists: all of it in the address.
import { address, filterBy, one, type SearchParams } from '#src/lists/address.ts';

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

/** What the API is asked for. */
export function publishedFilter({ text, architecture, dataset }: PublishedView) {
  const chosen = (name: string) => (name ? [name] : []);
  return filterBy({ text }, { architecture: chosen(architecture), dataset: chosen(dataset) });
}
