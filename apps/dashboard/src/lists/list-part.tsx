import type { ComponentProps } from 'react';
import { ButtonLink } from '#src/ui/button.tsx';
import { type Column, DataTable } from '#src/ui/data-table.tsx';
import type { TableOrder } from '#src/ui/order-link.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty } from '#src/ui/section.tsx';
import { ListToolbar } from './list-toolbar.tsx';
import { listParams } from './list-view.ts';

/** A list of what people gave names and tags to, under its title in small letters: what it shows is in the address. */
export function ListPart<Row extends { readonly id: string }>({
  title,
  view,
  after,
  list: { nodes, pageInfo },
  columns,
  ...toolbar
}: Omit<ComponentProps<typeof ListToolbar>, 'page'> & {
  title: string;
  after: string | null;
  list: { nodes: readonly Row[]; pageInfo: ComponentProps<typeof Pager>['page'] };
  columns: readonly Column<Row>[];
}) {
  const page = title.toLowerCase();
  const path = `/${page}`;
  const order: TableOrder = {
    ...view,
    href: (by, direction) => `${path}?${listParams({ ...view, by, direction })}`,
  };
  return (
    <>
      <ListToolbar page={page} view={view} {...toolbar} />
      {nodes.length === 0 ? (
        <NothingLikeThat one={page.slice(0, -1)} path={path} />
      ) : (
        <DataTable caption={title} rows={nodes} keyOf={({ id }) => id} order={order} columns={columns} />
      )}
      <Pager page={pageInfo} path={path} view={listParams(view)} after={after} />
    </>
  );
}

/** In place of a list that a filter left nothing of. */
export function NothingLikeThat({ one, path, all = `${one}s` }: { one: string; path: string; all?: string }) {
  return (
    <Empty title={`No ${one} is like that`} action={<ButtonLink href={path}>Show all {all}</ButtonLink>} />
  );
}
