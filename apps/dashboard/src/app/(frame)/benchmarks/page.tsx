import type { Metadata } from 'next';
import { BenchmarkProgress } from '#src/benchmarks/benchmark-progress.tsx';
import { StartBenchmark } from '#src/benchmarks/start-benchmark.tsx';
import { plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { datasetList, modelList } from '#src/lists/choice-fields.ts';
import { everyDatasetWithPixels, everyModel } from '#src/lists/choices.ts';
import { DataTable, RowLink } from '#src/ui/data-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty, Section } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'Benchmarks' };

const benchmarksPage = graphql(
  `
  query BenchmarksPage($after: String) {
    viewer { viewerCanEdit }
    models(first: 100) { ...ModelList }
    datasets(first: 100) { ...DatasetList }
    benchmarks(first: 50, after: $after) {
      nodes { id name createdAt runs { total finished failed } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
`,
  [modelList, datasetList],
);

export default async function BenchmarksPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const after = one(await searchParams, 'after') || null;
  const page = await query(benchmarksPage, { after });
  const { benchmarks, viewer } = page;
  const [models, datasets] = await Promise.all([
    everyModel(page.models),
    everyDatasetWithPixels(page.datasets),
  ]);
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
        <DataTable
          caption="Benchmarks"
          rows={nodes}
          keyOf={({ id }) => id}
          columns={[
            { name: 'Name', cell: ({ id, name }) => <RowLink href={`/benchmarks/${id}`}>{name}</RowLink> },
            { name: 'Runs', cell: ({ runs }) => <BenchmarkProgress runs={runs} /> },
            { name: 'Started', time: ({ createdAt }) => createdAt, from: 'md' },
          ]}
        />
      )}
      <Pager page={pageInfo} path="/benchmarks" after={after} />
      {viewer.viewerCanEdit && models.length > 0 && datasets.length > 0 && (
        <Section title="Start a benchmark" className="mt-8">
          <StartBenchmark models={models} datasets={datasets} />
        </Section>
      )}
    </>
  );
}
