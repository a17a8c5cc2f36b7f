import { ArrowDown, ArrowUp } from 'lucide-react';
import Link from 'next/link';

/** The order of a table's rows, and where another one is found. */
export interface TableOrder<By extends string = string> {
  readonly by: By;
  readonly direction: 'asc' | 'desc';
  href(by: By, direction: 'asc' | 'desc'): string;
}

/** The head of a column that orders the table: first downwards, then the other way round. */
export function orderHead(name: string, by: string, order: TableOrder) {
  const here = by === order.by;
  const next = here && order.direction === 'desc' ? 'asc' : 'desc';
  const [Arrow, sorted] =
    order.direction === 'asc' ? ([ArrowUp, 'ascending'] as const) : ([ArrowDown, 'descending'] as const);
  return {
    ...(here ? { 'aria-sort': sorted } : {}),
    children: (
      <Link
        href={order.href(by, next)}
        scroll={false}
        className="inline-flex items-center gap-1 hover:text-ink"
      >
        {name}
        {here && <Arrow aria-hidden className="size-3" />}
      </Link>
    ),
  };
}
