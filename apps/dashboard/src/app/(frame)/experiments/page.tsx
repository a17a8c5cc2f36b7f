import type { Metadata } from 'next';
import Link from 'next/link';
import { plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty } from '#src/ui/section.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';

export const metadata: Metadata = { title: 'Experiments' };

const experimentsPage = graphql(`
  query ExperimentsPage($after: ID) {
    experiments(first: 50, after: $after) {
      nodes { id name createdAt samples recipe model { id name } dataset { id name } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
`);

export default async function ExperimentsPage({
  searchParams,
}: {
  searchParams: Promise<{ after?: string }>;
}) {
  const { after = null } = await searchParams;
  const { experiments } = await query(experimentsPage, { after });
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
      {experiments.nodes.length === 0 ? (
        <Empty title="No experiment yet">
          An experiment fixes the model, the data and the recipe; the runs in it can be compared.
        </Empty>
      ) : (
        <>
          <Table caption="Experiments">
            <thead>
              <tr>
                <Th>Name</Th>
                <Th>Model</Th>
                <Th>Data set</Th>
                <Th right className="hidden md:table-cell">
                  Images sampled
                </Th>
                <Th className="hidden md:table-cell">Fine-tuning</Th>
                <Th right>Created</Th>
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
                  <Td right className="text-ink-soft">
                    <Time at={experiment.createdAt} />
                  </Td>
                </Tr>
              ))}
            </tbody>
          </Table>
          <Pager {...experiments.pageInfo} path="/experiments" />
        </>
      )}
    </>
  );
}

/** How long runs are fine-tuned: "10 epochs", "150 steps", "none". */
function recipeWords(recipe: Record<string, unknown> | null): string {
  if (!recipe) return 'none';
  if (typeof recipe.steps === 'number') return plural(recipe.steps, 'step');
  return typeof recipe.epochs === 'number' ? plural(recipe.epochs, 'epoch') : 'default recipe';
}
