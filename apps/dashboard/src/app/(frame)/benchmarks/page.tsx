import type { Metadata } from 'next';
import Link from 'next/link';
import { BenchmarkProgress } from '#src/benchmarks/benchmark-progress.tsx';
import { StartBenchmark } from '#src/benchmarks/start-benchmark.tsx';
import { plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import type { SearchParams } from '#src/runs/view.ts';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty, Section } from '#src/ui/section.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';

export const metadata: Metadata = { title: 'Benchmarks' };

const benchmarksPage = graphql(`
  query BenchmarksPage($after: ID) {
    viewer { viewerCanEdit }
    models(first: 100) { nodes { id name } }
    datasets(first: 100) { nodes { id name } }
    benchmarks(first: 50, after: $after) {
      nodes { id name createdAt runs { total finished failed } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
`);

export default async function BenchmarksPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { after } = await searchParams;
  const { benchmarks, viewer, models, datasets } = await query(benchmarksPage, {
    after: typeof after === 'string' ? after : null,
  });
  const { nodes, pageInfo, totalCount } = benchmarks;
  return (
    <>
      <PageHeader title="Benchmarks" facts={plural(totalCount, 'benchmark')} />
      {nodes.length === 0 ? (
        <Empty title="No benchmark yet">
          Strategies under equal conditions: models by strategies by targets by seeds, as tables. Without a
          platform: <code className="font-mono">espalier benchmark FILE</code>
        </Empty>
      ) : (
        <Table caption="Benchmarks">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>Runs</Th>
              <Th right className="hidden md:table-cell">
                Started
              </Th>
            </tr>
          </thead>
          <tbody>
            {nodes.map(({ id, name, createdAt, runs }) => (
              <Tr key={id}>
                <Td>
                  <Link href={`/benchmarks/${id}`} className="font-medium hover:underline">
                    {name}
                  </Link>
                </Td>
                <Td>
                  <BenchmarkProgress runs={runs} />
                </Td>
                <Td right className="hidden text-ink-soft md:table-cell">
                  <Time at={createdAt} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      <Pager {...pageInfo} path="/benchmarks" restarts={after !== undefined} />
      {viewer.viewerCanEdit && models.nodes.length > 0 && datasets.nodes.length > 0 && (
        <Section title="Start a benchmark" className="mt-8">
          <StartBenchmark models={models.nodes} datasets={datasets.nodes} />
        </Section>
      )}
    </>
  );
}
