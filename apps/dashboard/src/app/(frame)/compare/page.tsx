import type { Metadata } from 'next';
import { Suspense } from 'react';
import { CompareBoard } from '#src/compare/compare-board.tsx';
import { comparePage } from '#src/compare/compare-query.ts';
import { Verdict, VerdictToCome } from '#src/compare/verdict.tsx';
import { WhichWins } from '#src/compare/which-wins.tsx';
import { grouped } from '#src/format/numbers.ts';
import { packed } from '#src/format/packed.ts';
import { query } from '#src/graphql/server.ts';
import type { SearchParams } from '#src/lists/address.ts';
import { everyView } from '#src/lists/choices.ts';
import { Share } from '#src/public/share.tsx';
import { filterOf, isFiltered, orderOf, readView, runsExportUrl, viewParams } from '#src/runs/view.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { DownloadLink } from '#src/ui/download-link.tsx';
import { ExportMenu } from '#src/ui/export-menu.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Empty } from '#src/ui/section.tsx';
import { SavedViews } from '#src/views/saved-views.tsx';

export const metadata: Metadata = { title: 'Compare' };

/** Runs that come with the page; of more the browser asks for the others once this much is there to be seen. */
const FIRST = 50;
/** Lines that a browser still draws at once. */
const MOST = 5000;

export default async function ComparePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const asked = readView(params);
  // Without a word about it: the finished ones, which have something to compare.
  const view = isFiltered(asked) ? asked : { ...asked, states: ['FINISHED'] as const };
  const by = { filter: filterOf(view), order: orderOf(view), most: MOST };
  const { comparison, viewer, savedViews } = await query(comparePage, { ...by, most: FIRST });
  const { count, columns, onFront, truncated } = comparison;
  const views = await everyView(savedViews, 'compare');
  return (
    <>
      <PageHeader
        title="Compare"
        facts={<Fact name="runs">{grouped(count)}</Fact>}
        actions={
          <>
            <SavedViews page="compare" views={views} canShare={viewer.viewerCanEdit} />
            <DownloadLink
              url={`/files/report/comparison.html?${new URLSearchParams({ filter: JSON.stringify(by.filter) })}`}
              label="Report"
            />
            {viewer.viewerCanEdit && count > 0 && <Share of={{ kind: 'COMPARISON', filter: by.filter }} />}
            <ExportMenu of="runs" one="run" url={(format) => runsExportUrl(view, format)} />
            <ButtonLink href={`/runs?${viewParams(asked)}`}>Choose runs</ButtonLink>
          </>
        }
      />
      {count < 2 ? (
        <Empty
          title="Two runs make a comparison"
          action={
            <ButtonLink look="primary" href="/runs">
              Choose runs
            </ButtonLink>
          }
        >
          Tick runs in any list of them, of one experiment or of several, and press Compare.
        </Empty>
      ) : (
        <CompareBoard
          key={viewParams(view).toString()}
          // The front of a few is not the front of all.
          json={packed({ count, columns, truncated, onFront: truncated ? [] : onFront })}
          all={truncated ? by : null}
          verdict={
            <Suspense fallback={<VerdictToCome />}>
              <Verdict by={by} />
            </Suspense>
          }
        >
          <WhichWins filter={by.filter} finished={count} budgeted />
        </CompareBoard>
      )}
    </>
  );
}
