import type { Metadata } from 'next';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { readSummary } from '#src/models/summary.ts';
import { NewExperimentForm } from '#src/new-experiment/new-experiment-form.tsx';
import { ButtonLink } from '#src/ui/button.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Empty } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'New experiment' };

const newExperimentPage = graphql(`
  query NewExperimentPage {
    models(first: 100) { nodes { id name summary } }
    datasets(first: 100) { nodes { id name } }
    methods { allocations { name needsSamples } criteria }
  }
`);

export default async function NewExperimentPage({
  searchParams,
}: {
  searchParams: Promise<{ model?: string }>;
}) {
  const { model } = await searchParams;
  const { models, datasets, methods } = await query(newExperimentPage, {});
  const ready = models.nodes.length > 0 && datasets.nodes.length > 0;
  return (
    <>
      <PageHeader title="New experiment" crumbs={[{ name: 'Experiments', href: '/experiments' }]} />
      {ready ? (
        <NewExperimentForm
          models={models.nodes.map(({ id, name, summary }) => ({
            id,
            name,
            reachable: readSummary(summary).reachable,
          }))}
          datasets={datasets.nodes}
          allocations={methods.allocations}
          criteria={methods.criteria}
          model={model}
        />
      ) : (
        <Empty
          title="An experiment needs a model and a data set"
          action={
            <ButtonLink look="primary" href={models.nodes.length === 0 ? '/models' : '/datasets'}>
              {models.nodes.length === 0 ? 'Add a model' : 'Add a data set'}
            </ButtonLink>
          }
        />
      )}
    </>
  );
}
