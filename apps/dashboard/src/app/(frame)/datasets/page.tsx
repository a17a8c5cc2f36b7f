import type { Metadata } from 'next';
import Link from 'next/link';
import { AddDataset } from '#src/datasets/add-dataset.tsx';
import { shapeWords } from '#src/datasets/shape.ts';
import { grouped, plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Empty, Section } from '#src/ui/section.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';

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
        <Table caption="Data sets">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th right>Classes</Th>
              <Th className="hidden md:table-cell">Image</Th>
              <Th>Splits</Th>
              <Th right className="hidden md:table-cell">
                Added
              </Th>
            </tr>
          </thead>
          <tbody>
            {datasets.nodes.map(({ id, name, classes, splits, createdAt, ...image }) => (
              <Tr key={id}>
                <Td>
                  <Link href={`/datasets/${id}`} className="font-medium hover:underline">
                    {name}
                  </Link>
                </Td>
                <Td right title={classes.join(', ')}>
                  {classes.length}
                </Td>
                <Td className="hidden md:table-cell">{shapeWords(image)}</Td>
                <Td>{splits.map((split) => `${split.name} ${grouped(split.images)}`).join(', ')}</Td>
                <Td right className="hidden text-ink-soft md:table-cell">
                  <Time at={createdAt} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {viewer.viewerCanEdit && (
        <Section title="Add a data set" className="mt-8">
          <AddDataset have={datasets.nodes.map(({ name }) => name)} />
        </Section>
      )}
    </>
  );
}
