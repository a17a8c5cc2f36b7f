// Which lines a list of experiments or models shows, and in which order: all of it in the address.
import type { SearchParams } from '#src/runs/view.ts';

export interface ListView<By extends string> {
  readonly text: string;
  readonly tags: readonly string[];
  readonly by: By;
  readonly direction: 'asc' | 'desc';
}

/** Whatever an address says; the newest first where it names no order that there is. */
export function readListView<By extends string>(
  params: SearchParams,
  orders: readonly By[],
): ListView<By | 'created'> {
  const one = (name: string): string => {
    const value = params[name];
    return typeof value === 'string' ? value : (value?.[0] ?? '');
  };
  const order = one('order');
  const by = orders.find((name) => name === order.replace(/^-/, ''));
  return {
    text: one('q'),
    tags: one('tags').split(',').filter(Boolean),
    by: by ?? 'created',
    direction: by && !order.startsWith('-') ? 'asc' : 'desc',
  };
}

/** The address of a view: only what is not the default. */
export function listParams({ text, tags, by, direction }: ListView<string>): URLSearchParams {
  const params = new URLSearchParams();
  if (text) params.set('q', text);
  if (tags.length > 0) params.set('tags', tags.join(','));
  if (by !== 'created' || direction !== 'desc') params.set('order', direction === 'desc' ? `-${by}` : by);
  return params;
}

/** What the API is asked for; an empty list would match nothing and is left out. */
export function listFilter({ text, tags }: ListView<string>) {
  return { ...(text ? { text } : {}), ...(tags.length > 0 ? { tags: [...tags] } : {}) };
}

export function isListFiltered({ text, tags }: ListView<string>): boolean {
  return text !== '' || tags.length > 0;
}
