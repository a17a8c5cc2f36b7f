import type { Metadata } from 'next';
import Link from 'next/link';
import { recipeWords } from '#src/experiments/recipe-words.ts';
import { plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import type { SearchParams } from '#src/lists/address.ts';
import { ListToolbar } from '#src/lists/list-toolbar.tsx';
import { isListFiltered, listFilter, listParams, readListView } from '#src/lists/list-view.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { ariaSort, OrderLink, type TableOrder } from '#src/ui/order-link.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty } from '#src/ui/section.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Tags } from '#src/ui/tags.tsx';
import { Time } from '#src/ui/time.tsx';
import { viewRow } from '#src/views/view-row.ts';

export const metadata: Metadata = { title: 'Experiments' };

const ORDERS = ['created', 'name'] as const;

const experimentsPage = graphql(
  `
  query ExperimentsPage($after: ID, $filter: ExperimentFilter, $order: ExperimentOrder) {
    experiments(first: 50, after: $after, filter: $filter, order: $order) {
      nodes { id name createdAt samples recipe tags model { id name } dataset { id name } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
    viewer { viewerCanEdit }
    tags { tag experiments }
    savedViews(page: "experiments") { ...ViewRow }
  }
`,
  [viewRow],
);

export default async function ExperimentsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const view = readListView(params, ORDERS);
  const { by, direction } = view;
  const after = typeof params.after === 'string' ? params.after : null;
  const asked = { after, filter: listFilter(view), order: { by, direction } };
  const { experiments, viewer, tags, savedViews } = await query(experimentsPage, asked);
  const isEmpty = experiments.totalCount === 0 && !isListFiltered(view);
  const order: TableOrder<(typeof ORDERS)[number]> = {
    ...{ by, direction },
    href: (next, way) => `/experiments?${listParams({ ...view, by: next, direction: way })}`,
  };
  return (
    <>
      <PageHeader
        title="Experiments"
        facts={plural(experiments.totalCount, 'experiment')}
        actions={
          <ButtonLink look="primary" href="/experiments/new">
            New experiment
          </ButtonLink>
        }
      />
      {isEmpty ? (
        <Empty title="No experiment yet">
          An experiment fixes the model, the data and the recipe; the runs in it can be compared.
        </Empty>
      ) : (
        <>
          <ListToolbar
            page="experiments"
            search="Name or note"
            view={view}
            tags={tags.filter((tag) => tag.experiments > 0).map(({ tag }) => tag)}
            views={savedViews}
            canShare={viewer.viewerCanEdit}
          />
          {experiments.nodes.length === 0 ? (
            <Empty
              title="No experiment is like that"
              action={<ButtonLink href="/experiments">Show all experiments</ButtonLink>}
            />
          ) : (
            <Table caption="Experiments">
              <thead>
                <tr>
                  <Th {...ariaSort('name', order)}>
                    <OrderLink name="Name" by="name" order={order} />
                  </Th>
                  <Th>Model</Th>
                  <Th>Data set</Th>
                  <Th right className="hidden md:table-cell">
                    Images sampled
                  </Th>
                  <Th className="hidden md:table-cell">Fine-tuning</Th>
                  <Th className="hidden md:table-cell">Tags</Th>
                  <Th right {...ariaSort('created', order)}>
                    <OrderLink name="Created" by="created" order={order} />
                  </Th>
                </tr>
              </thead>
              <tbody>
                {experiments.nodes.map((experiment) => (
                  <Tr key={experiment.id}>
                    <Td>
                      <Link href={`/experiments/${experiment.id}`} className="font-medium hover:underline">
                        {experiment.name}
                      </Link>
                    </Td>
                    <Td>
                      <Link href={`/models/${experiment.model.id}`} className="hover:underline">
                        {experiment.model.name}
                      </Link>
                    </Td>
                    <Td>{experiment.dataset.name}</Td>
                    <Td right className="hidden md:table-cell">
                      {experiment.samples.toLocaleString('en-US')}
                    </Td>
                    <Td className="hidden md:table-cell">{recipeWords(experiment.recipe)}</Td>
                    <Td className="hidden md:table-cell">
                      <Tags tags={experiment.tags} />
                    </Td>
                    <Td right className="text-ink-soft">
                      <Time at={experiment.createdAt} />
                    </Td>
                  </Tr>
                ))}
              </tbody>
            </Table>
          )}
          <Pager
            {...experiments.pageInfo}
            path="/experiments"
            keep={Object.fromEntries(listParams(view))}
            restarts={after !== null}
          />
        </>
      )}
    </>
  );
}
