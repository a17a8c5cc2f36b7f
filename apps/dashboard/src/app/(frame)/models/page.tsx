import type { Metadata } from 'next';
import Link from 'next/link';
import { count, plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { UploadModel } from '#src/models/upload-model.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';

export const metadata: Metadata = { title: 'Models' };

const modelsPage = graphql(`
  query ModelsPage($after: ID) {
    models(first: 50, after: $after) {
      nodes { id name params macs summary createdAt }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
    projects(first: 100) { nodes { id name } }
    viewer { viewerCanEdit }
  }
`);

export default async function ModelsPage({ searchParams }: { searchParams: Promise<{ after?: string }> }) {
  const { after = null } = await searchParams;
  const { models, projects, viewer } = await query(modelsPage, { after });
  return (
    <>
      <PageHeader title="Models" facts={plural(models.totalCount, 'model')} />
      {viewer.viewerCanEdit && (
        <div className="mb-6">
          <UploadModel projects={projects.nodes} />
        </div>
      )}
      {models.nodes.length > 0 && (
        <Table caption="Models">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th className="hidden md:table-cell">Input</Th>
              <Th right>Params</Th>
              <Th right>MACs</Th>
              <Th right className="hidden md:table-cell">
                Channel groups
              </Th>
              <Th right>Added</Th>
            </tr>
          </thead>
          <tbody>
            {models.nodes.map(({ id, name, params, macs, summary, createdAt }) => (
              <Tr key={id}>
                <Td>
                  <Link href={`/models/${id}`} className="font-medium hover:underline">
                    {name}
                  </Link>
                </Td>
                <Td className="hidden font-mono text-small md:table-cell">
                  {Array.isArray(summary.input) ? summary.input.join('×') : '–'}
                </Td>
                <Td right>{count(params)}</Td>
                <Td right>{count(macs)}</Td>
                <Td right className="hidden md:table-cell">
                  {Array.isArray(summary.groups) ? summary.groups.length : '–'}
                </Td>
                <Td right className="text-ink-soft">
                  <Time at={createdAt} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      <Pager {...models.pageInfo} path="/models" />
    </>
  );
}
