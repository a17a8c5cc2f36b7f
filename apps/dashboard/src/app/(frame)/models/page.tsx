import type { Metadata } from 'next';
import { count, percent, plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { ListToolbar } from '#src/lists/list-toolbar.tsx';
import { isListFiltered, listFilter, listParams, readListView } from '#src/lists/list-view.ts';
import { orderedHeads } from '#src/lists/ordered-head.tsx';
import { readSummary, shapeText } from '#src/models/summary.ts';
import { UploadModel } from '#src/models/upload-model.tsx';
import { ButtonLink } from '#src/ui/button.tsx';
import { DataTable, RowLink } from '#src/ui/data-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty } from '#src/ui/section.tsx';
import { Tags } from '#src/ui/tags.tsx';
import { viewRow } from '#src/views/view-row.ts';

export const metadata: Metadata = { title: 'Models' };

const ORDERS = ['created', 'name', 'params', 'macs'] as const;

const modelsPage = graphql(
  `
  query ModelsPage($after: ID, $filter: ModelFilter, $order: ModelOrder) {
    models(first: 50, after: $after, filter: $filter, order: $order) {
      nodes { id name params macs summary tags createdAt evaluations { split top1 } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
    projects(first: 100) { nodes { id name } }
    viewer { viewerCanEdit }
    tags { tag models }
    savedViews(page: "models") { ...ViewRow }
  }
`,
  [viewRow],
);

export default async function ModelsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const view = readListView(params, ORDERS);
  const { by, direction } = view;
  const after = one(params, 'after') || null;
  const asked = { after, filter: listFilter(view), order: { by, direction } };
  const { models, projects, viewer, tags, savedViews } = await query(modelsPage, asked);
  const isEmpty = models.totalCount === 0 && !isListFiltered(view);
  const ordered = orderedHeads('/models', view);
  return (
    <>
      <PageHeader title="Models" facts={plural(models.totalCount, 'model')} />
      {viewer.viewerCanEdit && (
        <div className="mb-6">
          <UploadModel projects={projects.nodes} />
        </div>
      )}
      {!isEmpty && (
        <ListToolbar
          page="models"
          search="Name or note"
          view={view}
          tags={tags.filter((tag) => tag.models > 0).map(({ tag }) => tag)}
          views={savedViews}
          canShare={viewer.viewerCanEdit}
        />
      )}
      {!isEmpty && models.nodes.length === 0 && (
        <Empty
          title="No model is like that"
          action={<ButtonLink href="/models">Show all models</ButtonLink>}
        />
      )}
      {models.nodes.length > 0 && (
        <DataTable
          caption="Models"
          rows={models.nodes}
          keyOf={({ id }) => id}
          columns={[
            {
              name: 'Name',
              head: ordered('Name', 'name'),
              cell: ({ id, name }) => <RowLink href={`/models/${id}`}>{name}</RowLink>,
            },
            {
              name: 'Input',
              from: 'md',
              className: 'font-mono text-small',
              cell: ({ summary }) => shapeText(readSummary(summary).input),
            },
            {
              name: 'Params',
              right: true,
              head: ordered('Params', 'params'),
              cell: (model) => count(model.params),
            },
            { name: 'MACs', right: true, head: ordered('MACs', 'macs'), cell: ({ macs }) => count(macs) },
            { name: 'Top-1', right: true, cell: ({ evaluations }) => percent(testTop1(evaluations)) },
            {
              name: 'Channel groups',
              right: true,
              from: 'md',
              cell: ({ summary }) => (Array.isArray(summary.groups) ? summary.groups.length : '–'),
            },
            { name: 'Tags', from: 'md', cell: (model) => <Tags tags={model.tags} /> },
            {
              name: 'Added',
              time: ({ createdAt }) => createdAt,
              from: 'md',
              head: ordered('Added', 'created'),
            },
          ]}
        />
      )}
      <Pager page={models.pageInfo} path="/models" view={listParams(view)} after={after} />
    </>
  );
}

function testTop1(evaluations: readonly { split: string; top1: number }[]): number | null {
  return evaluations.find(({ split }) => split === 'test')?.top1 ?? null;
}
