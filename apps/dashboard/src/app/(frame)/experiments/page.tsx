import type { Metadata } from 'next';
import { Best, experimentBest } from '#src/experiments/best-cell.tsx';
import { experimentStanding } from '#src/experiments/standing.ts';
import { Standing } from '#src/experiments/standing-cell.tsx';
import { authorWords } from '#src/format/author.ts';
import { grouped, plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import type { SearchParams } from '#src/lists/address.ts';
import { memberList, projectList, tagList, viewList } from '#src/lists/choice-fields.ts';
import { everyPerson, everyProject, everyTag, everyView } from '#src/lists/choices.ts';
import { ListPart } from '#src/lists/list-part.tsx';
import { isListFiltered, readList } from '#src/lists/list-view.ts';
import { recipeLength } from '#src/settings/recipe-fields.ts';
import { recipeWords } from '#src/settings/recipe-words.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { RowLink } from '#src/ui/data-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Empty } from '#src/ui/section.tsx';
import { Tags } from '#src/ui/tags.tsx';
import { TextLink } from '#src/ui/text-link.tsx';

export const metadata: Metadata = { title: 'Experiments' };

const ORDERS = ['created', 'name'] as const;

const experimentsPage = graphql(
  `
  query ExperimentsPage($after: String, $filter: ExperimentFilter, $order: ExperimentOrder) {
    experiments(first: 50, after: $after, filter: $filter, order: $order) {
      nodes { ...ExperimentStanding ...ExperimentBest id name createdAt createdBy { name } createdByKey samples recipe { ...RecipeLength } tags model { id name } dataset { id name } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
    projects(first: 100) { ...ProjectList }
    members(first: 100) { ...MemberList }
    viewer { viewerCanEdit }
    tags(first: 100) { ...TagList }
    savedViews(first: 100, filter: { page: { in: ["experiments"] } }) { ...ViewList }
  }
`,
  [experimentBest, experimentStanding, recipeLength, memberList, projectList, tagList, viewList],
);

export default async function ExperimentsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { view, asked } = readList(await searchParams, ORDERS, true);
  const page = await query(experimentsPage, asked);
  const { experiments, viewer } = page;
  const [projects, people, tags, views] = await Promise.all([
    everyProject(page.projects),
    everyPerson(page.members),
    everyTag(page.tags, 'experiments'),
    everyView(page.savedViews, 'experiments'),
  ]);
  const isEmpty = experiments.totalCount === 0 && !isListFiltered(view);
  return (
    <>
      <PageHeader
        title="Experiments"
        facts={plural(experiments.totalCount, 'experiment')}
        actions={
          viewer.viewerCanEdit && (
            <ButtonLink look="primary" href="/experiments/new">
              New experiment
            </ButtonLink>
          )
        }
      />
      {isEmpty ? (
        <Empty title="No experiment yet">
          An experiment fixes the model, the data and the recipe; the runs in it can be compared.
        </Empty>
      ) : (
        <ListPart
          title="Experiments"
          view={view}
          after={asked.after}
          list={experiments}
          tags={tags}
          projects={projects}
          people={people}
          views={views}
          canShare={viewer.viewerCanEdit}
          columns={[
            {
              name: 'Name',
              order: 'name',
              cell: ({ id, name }) => <RowLink href={`/experiments/${id}`}>{name}</RowLink>,
            },
            {
              name: 'Model',
              cell: ({ model }) => <TextLink href={`/models/${model.id}`}>{model.name}</TextLink>,
            },
            { name: 'Data set', from: 'md', cell: ({ dataset }) => dataset.name },
            { name: 'Runs', cell: (experiment) => <Standing of={experiment} /> },
            {
              name: 'Fewer MACs within 1 pt',
              from: 'md',
              cell: (experiment) => <Best of={experiment} />,
            },
            {
              name: 'Images per measurement',
              right: true,
              from: 'md',
              cell: ({ samples }) => grouped(samples),
            },
            { name: 'Fine-tuning', from: 'md', cell: ({ recipe }) => recipeWords(recipe) },
            { name: 'Tags', from: 'md', cell: (experiment) => <Tags tags={experiment.tags} /> },
            { name: 'Made by', from: 'md', cell: (experiment) => authorWords(experiment) ?? '–' },
            { name: 'Created', time: ({ createdAt }) => createdAt, order: 'created' },
          ]}
        />
      )}
    </>
  );
}
