// Which lines a list of experiments or models shows, and in which order: all of it in the address.
import { enumOf } from '#src/graphql/enum-words.ts';
import {
  address,
  filterBy,
  list,
  type Order,
  one,
  orderText,
  readOrder,
  type SearchParams,
} from './address.ts';

export interface ListView<By extends string> extends Order<By> {
  readonly text: string;
  readonly tags: readonly string[];
  /** Ids of projects; an empty list is for all. */
  readonly projects: readonly string[];
  /** Ids of the users who made them; an empty list is for all. */
  readonly people: readonly string[];
}

/**
 * Whatever an address says; the newest first where it names no order that there is.
 *
 * @param authored whether it is known who made what is listed
 */
export function readListView<By extends string>(
  params: SearchParams,
  orders: readonly By[],
  authored = false,
): ListView<By | 'created'> {
  return {
    text: one(params, 'q'),
    tags: list(params, 'tags'),
    projects: list(params, 'projects'),
    people: authored ? list(params, 'people') : [],
    ...readOrder(params, orders),
  };
}

/** The address of a view: only what is not the default. */
export function listParams({ text, tags, projects, people, ...order }: ListView<string>): URLSearchParams {
  return address({ q: text, tags, projects, people, order: orderText(order) });
}

/** What a page's address asks for, and what the API is asked for then. */
export function readList<By extends string>(params: SearchParams, orders: readonly By[], authored = false) {
  const view = readListView(params, orders, authored);
  const { by, direction } = view;
  const after = one(params, 'after') || null;
  return {
    view,
    asked: { after, filter: listFilter(view), order: { by: enumOf(by), direction: enumOf(direction) } },
  };
}

/** What the API is asked for. */
export function listFilter(view: ListView<string>) {
  return filterBy(view, { project: view.projects, createdBy: view.people });
}

export function isListFiltered(view: ListView<string>): boolean {
  return Object.keys(listFilter(view)).length > 0;
}
