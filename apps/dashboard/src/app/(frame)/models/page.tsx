import type { Metadata } from 'next';
import { count, percent, plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import type { SearchParams } from '#src/lists/address.ts';
import { projectList, tagList, viewList } from '#src/lists/choice-fields.ts';
import { everyProject, everyTag, everyView } from '#src/lists/choices.ts';
import { ListPart } from '#src/lists/list-part.tsx';
import { isListFiltered, readList } from '#src/lists/list-view.ts';
import { shapeText } from '#src/models/summary.ts';
import { UploadModel } from '#src/models/upload-model.tsx';
import { Projects } from '#src/projects/projects.tsx';
import { RowLink } from '#src/ui/data-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Section } from '#src/ui/section.tsx';
import { Tags } from '#src/ui/tags.tsx';

export const metadata: Metadata = { title: 'Models' };

const ORDERS = ['created', 'name', 'params', 'macs'] as const;

const modelsPage = graphql(
  `
  query ModelsPage($after: String, $filter: ModelFilter, $order: ModelOrder) {
    models(first: 50, after: $after, filter: $filter, order: $order) {
      nodes { id name params macs summary { inputShape groups { name } } tags createdAt evaluations { split top1 } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
    projects(first: 100) { ...ProjectList }
    viewer { viewerCanEdit }
    uploadLimit
    tags(first: 100) { ...TagList }
    savedViews(first: 100, filter: { page: { in: ["models"] } }) { ...ViewList }
  }
`,
  [projectList, tagList, viewList],
);

export default async function ModelsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { view, asked } = readList(await searchParams, ORDERS);
  const page = await query(modelsPage, asked);
  const { models, viewer } = page;
  const [projects, tags, views] = await Promise.all([
    everyProject(page.projects),
    everyTag(page.tags, 'models'),
    everyView(page.savedViews, 'models'),
  ]);
  const isEmpty = models.totalCount === 0 && !isListFiltered(view);
  return (
    <>
      <PageHeader title="Models" facts={plural(models.totalCount, 'model')} />
      {viewer.viewerCanEdit && (
        <div className="mb-6">
          <UploadModel projects={projects} limit={page.uploadLimit} />
        </div>
      )}
      {!isEmpty && (
        <ListPart
          title="Models"
          view={view}
          after={asked.after}
          list={models}
          tags={tags}
          projects={projects}
          views={views}
          canShare={viewer.viewerCanEdit}
          columns={[
            {
              name: 'Name',
              order: 'name',
              cell: ({ id, name }) => <RowLink href={`/models/${id}`}>{name}</RowLink>,
            },
            {
              name: 'Input',
              from: 'md',
              className: 'font-mono text-small',
              cell: ({ summary }) => shapeText(summary?.inputShape),
            },
            { name: 'Params', right: true, order: 'params', cell: (model) => count(model.params) },
            { name: 'MACs', right: true, order: 'macs', cell: ({ macs }) => count(macs) },
            { name: 'Top-1', right: true, cell: ({ evaluations }) => percent(testTop1(evaluations)) },
            {
              name: 'Channel groups',
              right: true,
              from: 'md',
              cell: ({ summary }) => summary?.groups?.length ?? '–',
            },
            { name: 'Tags', from: 'md', cell: (model) => <Tags tags={model.tags} /> },
            { name: 'Added', time: ({ createdAt }) => createdAt, from: 'md', order: 'created' },
          ]}
        />
      )}
      {projects.length > 0 && (
        <Section title="Projects" aside={plural(projects.length, 'project')} className="mt-8">
          <Projects projects={projects} canEdit={viewer.viewerCanEdit} />
        </Section>
      )}
    </>
  );
}

function testTop1(evaluations: readonly { readonly split: string; readonly top1: number }[]): number | null {
  return evaluations.find(({ split }) => split === 'TEST')?.top1 ?? null;
}
