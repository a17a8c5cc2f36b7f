import type { Metadata } from 'next';
import { plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { NothingLikeThat } from '#src/lists/list-part.tsx';
import { AddPublished } from '#src/published/add-published.tsx';
import { publishedRow } from '#src/published/published-row.ts';
import { PublishedTable } from '#src/published/published-table.tsx';
import { PublishedToolbar } from '#src/published/published-toolbar.tsx';
import { publishedFilter, publishedParams, readPublishedView } from '#src/published/view.ts';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';

export const metadata: Metadata = { title: 'Published results' };

const publishedPage = graphql(
  `
  query PublishedPage($after: String, $filter: PublishedResultFilter!) {
    viewer { viewerCanEdit }
    publishedSubjects { architecture dataset }
    publishedResults(first: 100, after: $after, filter: $filter) {
      nodes { ...PublishedRow }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
`,
  [publishedRow],
);

export default async function PublishedPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const view = readPublishedView(params);
  const after = one(params, 'after') || null;
  const asked = { after, filter: publishedFilter(view) };
  const { publishedResults, publishedSubjects, viewer } = await query(publishedPage, asked);
  const architectures = [...new Set(publishedSubjects.map(({ architecture }) => architecture))];
  const datasets = [...new Set(publishedSubjects.flatMap(({ dataset }) => dataset ?? []))].toSorted();
  return (
    <>
      <PageHeader
        title="Published results"
        facts={plural(publishedResults.totalCount, 'result')}
        actions={viewer.viewerCanEdit && <AddPublished architectures={architectures} datasets={datasets} />}
      />
      <p className="mb-4 max-w-3xl text-ink-soft">
        What others report, each against its own base network, with its own fine-tuning and its own way to
        count. They can stand beside your runs on the page of an experiment, and are never ranked with them. A
        dash is what the source does not say.
      </p>
      <PublishedToolbar view={view} architectures={architectures} datasets={datasets} />
      {publishedResults.nodes.length === 0 ? (
        <NothingLikeThat one="published result" all="results" path="/published" />
      ) : (
        <PublishedTable results={publishedResults.nodes} caption="Published results" removable />
      )}
      <Pager page={publishedResults.pageInfo} path="/published" view={publishedParams(view)} after={after} />
    </>
  );
}
