import type { Metadata } from 'next';
import { plural } from '#src/format/numbers.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { trashPage } from '#src/trash/trash-query.ts';
import { TrashTable } from '#src/trash/trash-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'Trash' };

export default async function TrashPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const after = one(await searchParams, 'after') || null;
  const { trash, viewer } = await query(trashPage, { after });
  return (
    <>
      <PageHeader
        title="Trash"
        crumbs={[{ name: 'Team', href: '/team' }]}
        facts={plural(trash.totalCount, 'deleted thing')}
      />
      {trash.totalCount === 0 ? (
        <Empty title="The trash is empty">What is deleted comes here first, and can be restored.</Empty>
      ) : (
        <TrashTable items={trash.nodes} canEdit={viewer.viewerCanEdit} canManage={viewer.viewerCanManage} />
      )}
      <Pager page={trash.pageInfo} path="/trash" after={after} />
    </>
  );
}
