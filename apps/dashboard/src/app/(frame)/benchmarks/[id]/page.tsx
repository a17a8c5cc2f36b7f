import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { BenchmarkProgress } from '#src/benchmarks/benchmark-progress.tsx';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { Refresh } from '#src/live/refresh.tsx';
import { MoveToTrash } from '#src/trash/move-to-trash.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Empty, Section } from '#src/ui/section.tsx';
import { Time } from '#src/ui/time.tsx';

const benchmarkPage = graphql(`
  query BenchmarkPage($id: ID!) {
    viewer { viewerCanEdit }
    benchmark(id: $id) { id name createdAt runs { total finished failed } }
    benchmarkSections(id: $id) {
      title
      conditions
      experiment { id }
      missing
      model { id name }
      tables { title caption heads rows }
    }
  }
`);

interface Props {
  readonly params: Promise<{ id: string }>;
}

const load = cache((id: string) => query(benchmarkPage, { id }));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load((await params).id)).benchmark?.name ?? 'No such benchmark' };
}

export default async function BenchmarkPage({ params }: Props) {
  const { benchmark, benchmarkSections, viewer } = await load((await params).id);
  if (!benchmark) notFound();
  const { id, name, runs, createdAt } = benchmark;
  const goesOn = runs.finished + runs.failed < runs.total;
  return (
    <>
      {goesOn && <Refresh seconds={5} />}
      <PageHeader
        title={name}
        crumbs={[{ name: 'Benchmarks', href: '/benchmarks' }]}
        actions={viewer.viewerCanEdit && <MoveToTrash id={id} name={name} back="/benchmarks" />}
        facts={
          <>
            <BenchmarkProgress runs={runs} />
            <span>
              started <Time at={createdAt} />
            </span>
          </>
        }
      />
      {(benchmarkSections ?? []).length === 0 && (
        <Empty title="Its experiments were deleted">Look for them in the trash.</Empty>
      )}
      <div className="grid gap-10">
        {(benchmarkSections ?? []).map(({ title, conditions, experiment, missing, model, tables }) => (
          <Section
            key={`${title} ${model.id}`}
            title={`${title}: ${model.name}`}
            aside={
              <Link href={`/experiments/${experiment.id}`} className="hover:text-ink hover:underline">
                Curves and runs
              </Link>
            }
          >
            <p className="mb-4 max-w-3xl text-ink-soft">
              {conditions} {missing > 0 && `${missing} results are missing, shown as “–”.`}
            </p>
            <div className="grid gap-6">
              {tables.map(({ title: what, caption, heads, rows }) => (
                <div key={what} className="grid gap-2">
                  <p className="max-w-3xl text-small text-ink-soft">{caption}</p>
                  <DataTable
                    caption={`${title}, ${model.name}: ${what}`}
                    rows={rows}
                    keyOf={([first = '']) => first}
                    columns={heads.map((name, i) => ({
                      name,
                      right: i > 0,
                      className: 'whitespace-nowrap',
                      cell: (cells: readonly string[]) => cells[i],
                    }))}
                  />
                </div>
              ))}
            </div>
          </Section>
        ))}
      </div>
      <p className="mt-8 text-small text-ink-soft">CIE is our reconstruction of the published method.</p>
    </>
  );
}
