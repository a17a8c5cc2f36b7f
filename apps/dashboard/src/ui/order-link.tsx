import { ArrowDown, ArrowUp } from 'lucide-react';
import Link from 'next/link';

/** The order of a table's rows, and where another one is found. */
export interface TableOrder<By extends string> {
  readonly by: By;
  readonly direction: 'asc' | 'desc';
  readonly href: (by: By, direction: 'asc' | 'desc') => string;
}

/** The head of a column that orders the table: first downwards, then the other way round. */
export function OrderLink<By extends string>({
  name,
  by,
  order,
}: {
  name: string;
  by: By;
  order: TableOrder<By>;
}) {
  const here = by === order.by;
  const next = here && order.direction === 'desc' ? 'asc' : 'desc';
  const Arrow = order.direction === 'asc' ? ArrowUp : ArrowDown;
  return (
    <Link
      href={order.href(by, next)}
      scroll={false}
      className="inline-flex items-center gap-1 hover:text-ink"
    >
      {name}
      {here && <Arrow aria-hidden className="size-3" />}
    </Link>
  );
}

/** What the cell of such a head tells a screen reader. */
export function ariaSort<By extends string>(by: By, order: TableOrder<By>) {
  return by === order.by
    ? ({ 'aria-sort': order.direction === 'asc' ? 'ascending' : 'descending' } as const)
    : {};
}
