import type { Metadata } from 'next';
import { METRIC_NAMES } from '#src/compression/view.ts';
import { grouped, plural } from '#src/format/numbers.ts';
import { query } from '#src/graphql/server.ts';
import type { SearchParams } from '#src/lists/address.ts';
import { everyDataset, everyModel, everyProject } from '#src/lists/choices.ts';
import { NothingLikeThat } from '#src/lists/list-part.tsx';
import { FrontSection } from '#src/ratios/front-section.tsx';
import { GroupsPart } from '#src/ratios/groups-part.tsx';
import { ratiosPage } from '#src/ratios/ratios-query.ts';
import { RatiosToolbar } from '#src/ratios/ratios-toolbar.tsx';
import { isRatiosFiltered, ratiosVariables, readRatiosView } from '#src/ratios/view.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Empty } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'Trade-offs' };

export default async function RatiosPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const view = readRatiosView(await searchParams);
  const page = await query(ratiosPage, ratiosVariables(view));
  const [projects, datasets, models] = await Promise.all([
    everyProject(page.projects),
    everyDataset(page.datasets),
    everyModel(page.models),
  ]);
  const { ratioSummary: summary, ratioFront: front } = page;
  const isEmpty = summary.groupCount === 0;
  return (
    <>
      <PageHeader
        title="Trade-offs"
        facts={
          !isEmpty && (
            <>
              <Fact name={summary.groupCount === 1 ? 'group' : 'groups'}>{grouped(summary.groupCount)}</Fact>
              <Fact name="on the front">{plural(front.count, 'run')}</Fact>
            </>
          )
        }
      />
      {isEmpty && !isRatiosFiltered(view) ? (
        <Empty
          title="No finished run yet"
          action={<ButtonLink href="/experiments/new">New experiment</ButtonLink>}
        >
          How much smaller and faster networks became, and what it cost, comes here: by model, data set,
          strategy, target or project.
        </Empty>
      ) : (
        <>
          <RatiosToolbar
            {...{ view, projects, datasets, models }}
            judged={front.judged.map(({ qualityMetric }) => qualityMetric)}
            goesBy={front.qualityMetric.name}
          />
          {isEmpty ? (
            <NothingLikeThat one="finished run" path="/ratios" />
          ) : (
            <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
              <FrontSection front={front} view={view} ratioName={METRIC_NAMES[view.metric]} />
              <GroupsPart summary={summary} view={view} />
            </div>
          )}
        </>
      )}
    </>
  );
}
