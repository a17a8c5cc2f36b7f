import type { Metadata } from 'next';
import { AddDataset } from '#src/datasets/add-dataset.tsx';
import { shapeWords } from '#src/datasets/shape.ts';
import { grouped, plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { DataTable, RowLink } from '#src/ui/data-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Empty, Section } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'Data sets' };

const datasetsPage = graphql(`
  query DatasetsPage {
    viewer { viewerCanEdit }
    datasets(first: 100) {
      nodes { id name classes channels width height createdAt splits { name images } }
      totalCount
    }
  }
`);

export default async function DatasetsPage() {
  const { datasets, viewer } = await query(datasetsPage, {});
  return (
    <>
      <PageHeader title="Data sets" facts={plural(datasets.totalCount, 'data set')} />
      {datasets.nodes.length === 0 ? (
        <Empty title="No data set yet">
          Add one that comes with Espalier below, or push a folder of images, a folder for each class, with{' '}
          <code className="font-mono">espalier push --dataset FOLDER</code>.
        </Empty>
      ) : (
        <DataTable
          caption="Data sets"
          rows={datasets.nodes}
          keyOf={({ id }) => id}
          columns={[
            { name: 'Name', cell: ({ id, name }) => <RowLink href={`/datasets/${id}`}>{name}</RowLink> },
            {
              name: 'Classes',
              right: true,
              title: ({ classes }) => classes.join(', '),
              cell: ({ classes }) => classes.length,
            },
            { name: 'Image', from: 'md', cell: shapeWords },
            {
              name: 'Splits',
              cell: ({ splits }) => splits.map(({ name, images }) => `${name} ${grouped(images)}`).join(', '),
            },
            { name: 'Added', time: ({ createdAt }) => createdAt, from: 'md' },
          ]}
        />
      )}
      {viewer.viewerCanEdit && (
        <Section title="Add a data set" className="mt-8">
          <AddDataset have={datasets.nodes.map(({ name }) => name)} />
        </Section>
      )}
    </>
  );
}
