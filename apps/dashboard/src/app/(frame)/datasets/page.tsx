import type { Metadata } from 'next';
import { grouped, plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Empty } from '#src/ui/section.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';

export const metadata: Metadata = { title: 'Data sets' };

const datasetsPage = graphql(`
  query DatasetsPage {
    datasets(first: 100) {
      nodes { id name classes createdAt splits { name images } }
      totalCount
    }
  }
`);

export default async function DatasetsPage() {
  const { datasets } = await query(datasetsPage, {});
  return (
    <>
      <PageHeader title="Data sets" facts={plural(datasets.totalCount, 'data set')} />
      {datasets.nodes.length === 0 ? (
        <Empty title="No data set yet">
          Register CIFAR-10 or MNIST by name, or push a folder of images with{' '}
          <code className="font-mono">espalier push</code>.
        </Empty>
      ) : (
        <Table caption="Data sets">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th right>Classes</Th>
              <Th>Splits</Th>
              <Th right>Added</Th>
            </tr>
          </thead>
          <tbody>
            {datasets.nodes.map(({ id, name, classes, splits, createdAt }) => (
              <Tr key={id}>
                <Td className="font-medium">{name}</Td>
                <Td right title={classes.join(', ')}>
                  {classes.length}
                </Td>
                <Td>{splits.map((split) => `${split.name} ${grouped(split.images)}`).join(', ')}</Td>
                <Td right className="text-ink-soft">
                  <Time at={createdAt} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}
