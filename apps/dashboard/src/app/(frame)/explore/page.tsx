import type { Metadata } from 'next';
import { grouped, plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { DataTable, RowLink } from '#src/ui/data-table.tsx';
import { OriginMark } from '#src/ui/origin-mark.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty } from '#src/ui/section.tsx';
import { TextLink } from '#src/ui/text-link.tsx';

export const metadata: Metadata = { title: 'Explore' };

const explorePage = graphql(`
  query SamplingsToExplore($after: String) {
    viewer { viewerCanEdit }
    samplingRuns(first: 50, after: $after, filter: { state: { in: [DONE] } }) {
      nodes {
        id criterion samples origin createdAt
        source { tool }
        qualityMetric { label }
        externalMetric { name }
        model { id name }
        dataset { name }
      }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
`);

export default async function ExplorePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const after = one(await searchParams, 'after') || null;
  const { samplingRuns, viewer } = await query(explorePage, { after });
  return (
    <>
      <PageHeader
        title="Explore"
        facts={`${plural(samplingRuns.totalCount, 'sampling')}: what each allocation would leave of each layer for a target, without computing a run`}
      />
      {samplingRuns.totalCount === 0 ? (
        <Empty
          title="No sampling yet"
          action={
            viewer.viewerCanEdit && (
              <ButtonLink look="primary" href="/experiments/new">
                New experiment
              </ButtonLink>
            )
          }
        >
          Runs with a strategy that samples, such as cie, measure which layers matter. After the first such
          measurement, a slider here shows what any target leaves of each layer.
        </Empty>
      ) : (
        <DataTable
          caption="Samplings"
          rows={samplingRuns.nodes}
          keyOf={({ id }) => id}
          columns={[
            {
              name: 'Criterion',
              cell: ({ id, criterion }) => <RowLink href={`/explore/${id}`}>{criterion}</RowLink>,
            },
            {
              name: 'Model',
              cell: ({ model }) =>
                model ? <TextLink href={`/models/${model.id}`}>{model.name}</TextLink> : '–',
            },
            { name: 'Data set', cell: ({ dataset }) => dataset?.name ?? '–' },
            {
              name: 'Judged by',
              from: 'md',
              cell: ({ qualityMetric, externalMetric }) =>
                qualityMetric?.label ?? externalMetric?.name ?? '–',
            },
            { name: 'Images', right: true, cell: ({ samples }) => grouped(samples) },
            {
              name: 'From',
              from: 'lg',
              cell: ({ origin, source }) => (
                <OriginMark of={{ origin, tool: source?.tool ?? null, evidence: null }} />
              ),
            },
            { name: 'Made', time: ({ createdAt }) => createdAt, from: 'md' },
          ]}
        />
      )}
      <Pager page={samplingRuns.pageInfo} path="/explore" after={after} />
    </>
  );
}
