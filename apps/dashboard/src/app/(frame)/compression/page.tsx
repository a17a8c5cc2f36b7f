import type { Metadata } from 'next';
import { chosenRuns } from '#src/compression/chosen.ts';
import { ChosenTable } from '#src/compression/chosen-table.tsx';
import { compressionAnswer } from '#src/compression/compression-query.ts';
import { CompressionTable } from '#src/compression/compression-table.tsx';
import { CompressionToolbar } from '#src/compression/compression-toolbar.tsx';
import { PartShown } from '#src/compression/part-shown.tsx';
import {
  compressionVariables,
  FIRST_ROWS,
  METRIC_NAMES,
  readCompressionView,
} from '#src/compression/view.ts';
import { leftOutText } from '#src/compression/words.ts';
import { grouped } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import type { SearchParams } from '#src/lists/address.ts';
import { datasetList, projectList } from '#src/lists/choice-fields.ts';
import { everyDataset, everyProject } from '#src/lists/choices.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Empty, Section } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'Compression' };

const compressionPage = graphql(
  `
  query CompressionPage($budgets: [Float!]!, $metric: CompressionMetric!, $filter: RunFilter!, $first: Int) {
    projects(first: 100) { ...ProjectList }
    datasets(first: 100) { ...DatasetList }
    compression(budgets: $budgets, metric: $metric, filter: $filter) { ...CompressionAnswer }
  }
`,
  [compressionAnswer, projectList, datasetList],
);

export default async function CompressionPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const view = readCompressionView(await searchParams);
  const first = view.all ? null : FIRST_ROWS;
  const page = await query(compressionPage, { ...compressionVariables(view), first });
  const [projects, datasets] = await Promise.all([everyProject(page.projects), everyDataset(page.datasets)]);
  const { rows, rowCount, modelCount, budgets, runs, unknown, truncated } = page.compression;
  const leftOut = leftOutText(view.metric, unknown, runs);
  const chosen = chosenRuns(rows, budgets);
  const shown = view.all ? chosen : chosen.slice(0, FIRST_ROWS);
  return (
    <>
      <PageHeader
        title="Compression"
        facts={
          <>
            <Fact name="models">{grouped(modelCount)}</Fact>
            <Fact name="finished runs">{grouped(runs)}</Fact>
          </>
        }
      />
      <CompressionToolbar view={view} projects={projects} datasets={datasets} />
      {rows.length === 0 ? (
        <Empty
          title={runs === 0 ? 'No finished run yet' : 'No run has a time on a device yet'}
          action={<ButtonLink href="/experiments/new">New experiment</ButtonLink>}
        >
          {leftOut ?? 'The largest ratio of each model at each allowed drop of accuracy comes here.'}
        </Empty>
      ) : (
        <div className="grid gap-8">
          <div className="grid gap-2">
            {truncated && <Notice>There are more runs; the newest {grouped(runs)} were looked at.</Notice>}
            {leftOut !== null && <Notice>{leftOut}</Notice>}
            <CompressionTable rows={rows} budgets={budgets} metric={view.metric} />
            <PartShown shown={rows.length} of={rowCount} one="row" view={view} />
            <p className="max-w-3xl text-small text-ink-soft">
              {METRIC_NAMES[view.metric]} of the unpruned network over that of the pruned one (of throughput
              the other way round), and what the metric that runs are judged by (top-1 where nothing else is
              said) changed by on the test split: the largest ratio among the runs that lose no more than the
              drop above. A row holds only runs that may be compared
              {view.metric === 'predicted' && ', by one device, whose profile predicts the times'}. Behind a
              ratio of measured times stands the interval in which it lies with 95 % confidence. A dash: no
              run keeps to the drop, or the metric was not measured.
            </p>
          </div>
          {chosen.length > 0 && (
            <Section title="The runs behind the ratios">
              <ChosenTable chosen={shown} />
              <PartShown
                shown={shown.length}
                of={chosen.length}
                one="run"
                many={rows.length < rowCount ? 'runs behind the rows above' : 'runs'}
                view={view}
              />
            </Section>
          )}
        </div>
      )}
    </>
  );
}
