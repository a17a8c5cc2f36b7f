import type { Metadata } from 'next';
import { AddDataset } from '#src/datasets/add-dataset.tsx';
import { shapeWords } from '#src/datasets/shape.ts';
import { grouped, plural } from '#src/format/numbers.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { datasetList } from '#src/lists/choice-fields.ts';
import { everyDatasetWithPixels } from '#src/lists/choices.ts';
import { DataTable, RowLink } from '#src/ui/data-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty, Section } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'Data sets' };

const datasetsPage = graphql(
  `
  query DatasetsPage($after: String) {
    viewer { viewerCanEdit }
    uploadLimit
    all: datasets(first: 100) { ...DatasetList }
    datasets(first: 50, after: $after) {
      nodes { id name classes channels width height createdAt splits { name images } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
`,
  [datasetList],
);

export default async function DatasetsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const after = one(await searchParams, 'after') || null;
  const { datasets, all, viewer, uploadLimit } = await query(datasetsPage, { after });
  return (
    <>
      <PageHeader title="Data sets" facts={plural(datasets.totalCount, 'data set')} />
      {datasets.totalCount === 0 ? (
        <Empty title="No data set yet">
          Drop your own images below, as a zip or a folder, or add a data set that comes with Espalier.
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
              cell: ({ classes }) => classes.length || 'none',
            },
            { name: 'Image', from: 'md', cell: shapeWords },
            {
              name: 'Splits',
              cell: ({ splits }) =>
                splits.map(({ name, images }) => `${wordOf(name)} ${grouped(images)}`).join(', '),
            },
            { name: 'Added', time: ({ createdAt }) => createdAt, from: 'md' },
          ]}
        />
      )}
      <Pager page={datasets.pageInfo} path="/datasets" after={after} />
      {viewer.viewerCanEdit && (
        <Section title="Add a data set" className="mt-8">
          <AddDataset
            have={(await everyDatasetWithPixels(all)).map(({ name }) => name)}
            limit={uploadLimit}
          />
        </Section>
      )}
    </>
  );
}
