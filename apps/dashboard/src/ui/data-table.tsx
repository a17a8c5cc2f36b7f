import { clsx } from 'clsx';
import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { termOf } from '#src/glossary/terms.ts';
import { groupBy } from '#src/lists/group-by.ts';
import { orderHead, type TableOrder } from './order-link.tsx';
import { Table, Td, Th, Tr } from './table.tsx';
import { Time } from './time.tsx';

/** A column: what its head is called, and what its cells show of a row. */
export interface Column<Row> {
  readonly name: string;
  readonly cell?: (row: Row, index: number) => ReactNode;
  /** In place of `cell`, when something was: it stands on the right, softer than what the row is about. */
  readonly time?: (row: Row) => string | null;
  /** In place of `cell`, for what nodes and groups are called: as far as there is room, and whole on hover. */
  readonly long?: (row: Row) => string;
  /** Numbers stand on the right. */
  readonly right?: boolean;
  /** What the rows are ordered by for it, in a table that has an order. */
  readonly order?: string;
  /** The screen that it takes; a smaller one does without it. */
  readonly from?: 'md' | 'lg';
  /** It stays in sight when the table scrolls. */
  readonly sticky?: boolean;
  /** Its cells are the heads of their rows. */
  readonly namesRow?: boolean;
  /** Only screen readers are told the name. */
  readonly unseen?: boolean;
  /** Of its cells. */
  readonly className?: string;
  /** What a cell tells on hover. */
  readonly title?: (row: Row) => string | undefined;
  /** What its head has besides the name, or instead of it as `children`. */
  readonly head?: ComponentProps<typeof Th>;
  /** Where names are not of one column alone. */
  readonly key?: string;
}

const FROM = { md: 'hidden md:table-cell', lg: 'hidden lg:table-cell' } as const;
const STICKY = 'sticky left-0 z-10 bg-page';

type RowProps = ComponentProps<'tr'> & { readonly [data: `data-${string}`]: string };

/** A table with a line each row. Columns that are `false` are left out. */
export function DataTable<Row>({
  caption,
  rows,
  keyOf,
  groupOf = () => '',
  rowProps,
  order,
  empty,
  columns,
}: {
  caption: string;
  rows: readonly Row[];
  keyOf: (row: Row, index: number) => string | number;
  /** What a row stands under; nowhere where that is an empty text. */
  groupOf?: (row: Row) => string;
  rowProps?: (row: Row) => RowProps;
  order?: TableOrder | undefined;
  /** What it says without rows. */
  empty?: string;
  columns: readonly (Column<Row> | false)[];
}) {
  const shown = columns.filter((column) => column !== false);
  return (
    <Table caption={caption}>
      <thead>
        <tr>
          {shown.map((column) => (
            <Head key={column.key ?? column.name} column={column} order={order} />
          ))}
        </tr>
      </thead>
      {[...groupBy(rows, groupOf)].map(([name, group]) => (
        <tbody key={name}>
          {name && (
            <tr>
              <th
                scope="rowgroup"
                colSpan={shown.length}
                className="h-9 border-b border-line pt-2 font-semibold"
              >
                {name} <span className="font-normal text-ink-soft tabular-nums">{group.length}</span>
              </th>
            </tr>
          )}
          {group.map((row, index) => {
            const { className, ...props } = rowProps?.(row) ?? {};
            return (
              <Tr key={keyOf(row, index)} {...props} className={clsx('group', className)}>
                {shown.map((column) => (
                  <Cell key={column.key ?? column.name} column={column} row={row} index={index} />
                ))}
              </Tr>
            );
          })}
        </tbody>
      ))}
      {rows.length === 0 && empty && (
        <tbody>
          <tr>
            <Td colSpan={shown.length}>{empty}</Td>
          </tr>
        </tbody>
      )}
    </Table>
  );
}

function Head<Row>({ column, order }: { column: Column<Row>; order: TableOrder | undefined }) {
  const { name, right = false, time, from, sticky, unseen, head, order: by } = column;
  const { children = unseen ? <span className="sr-only">{name}</span> : name, ...ordered } =
    order && by ? orderHead(name, by, order) : {};
  return (
    <Th
      right={right || time !== undefined}
      title={termOf(name)?.words}
      {...ordered}
      {...head}
      className={clsx(from && FROM[from], sticky && STICKY, head?.className)}
    >
      {head?.children ?? children}
    </Th>
  );
}

function Cell<Row>({ column, row, index }: { column: Column<Row>; row: Row; index: number }) {
  const { cell, long, right = false, time, from, sticky, namesRow, className, title = long } = column;
  const classes = clsx(
    from && FROM[from],
    sticky && `${STICKY} group-hover:bg-hover`,
    long ? clsx('truncate font-mono text-small', className ?? 'max-w-56') : className,
  );
  if (namesRow) {
    return (
      <th scope="row" className={clsx('border-b border-line', classes)}>
        {cell?.(row, index)}
      </th>
    );
  }
  return (
    <Td
      right={right || time !== undefined}
      className={clsx(classes, time && 'text-ink-soft')}
      title={title?.(row)}
    >
      {time ? <Time at={time(row)} /> : (long?.(row) ?? cell?.(row, index))}
    </Td>
  );
}

/** The name of what a row is of, leading to its page. */
export function RowLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="font-medium hover:underline">
      {children}
    </Link>
  );
}
