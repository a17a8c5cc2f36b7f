import { orderHead } from '#src/ui/order-link.tsx';
import { type ListView, listParams } from './list-view.ts';

/** Heads of the columns that order the list at a path. */
export function orderedHeads<By extends string>(path: string, view: ListView<By>) {
  const { by: now, direction } = view;
  const href = (by: By, way: 'asc' | 'desc') => `${path}?${listParams({ ...view, by, direction: way })}`;
  return (name: string, by: By) => orderHead(name, by, { by: now, direction, href });
}
