import { ariaSort, OrderLink } from '#src/ui/order-link.tsx';
import { type ListView, listParams } from './list-view.ts';

/** Heads of the columns that order the list at a path. */
export function orderedHeads<By extends string>(path: string, view: ListView<By>) {
  const { by: now, direction } = view;
  const href = (by: By, way: 'asc' | 'desc') => `${path}?${listParams({ ...view, by, direction: way })}`;
  const order = { by: now, direction, href };
  return (name: string, by: By) => ({
    ...ariaSort(by, order),
    children: <OrderLink name={name} by={by} order={order} />,
  });
}
