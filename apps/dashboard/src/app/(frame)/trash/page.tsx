import type { Metadata } from 'next';
import { plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { TrashTable } from '#src/trash/trash-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Empty } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'Trash' };

const trashPage = graphql(`
  query TrashPage {
    viewer { viewerCanEdit viewerCanManage }
    trash(first: 100) { nodes { id name deletedAt } totalCount }
  }
`);

export default async function TrashPage() {
  const { trash, viewer } = await query(trashPage, {});
  return (
    <>
      <PageHeader
        title="Trash"
        crumbs={[{ name: 'Team', href: '/team' }]}
        facts={plural(trash.totalCount, 'deleted thing')}
      />
      {trash.nodes.length === 0 ? (
        <Empty title="The trash is empty">What is deleted comes here first, and can be restored.</Empty>
      ) : (
        <TrashTable items={trash.nodes} canEdit={viewer.viewerCanEdit} canManage={viewer.viewerCanManage} />
      )}
    </>
  );
}
