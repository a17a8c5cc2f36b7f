import type { Metadata } from 'next';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { Refresh } from '#src/live/refresh.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { WorkersTable } from '#src/workers/workers-table.tsx';

export const metadata: Metadata = { title: 'Workers' };

const workersPage = graphql(`
  query WorkersPage {
    workers { id host engine cores memoryBytes gpu version startedAt lastSeenAt }
  }
`);

export default async function WorkersPage() {
  const { workers } = await query(workersPage, {});
  return (
    <>
      <Refresh seconds={5} />
      <PageHeader title="Workers" />
      <WorkersTable workers={workers} />
    </>
  );
}
