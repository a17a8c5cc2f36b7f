import type { Metadata } from 'next';
import { CompareBoard } from '#src/compare/compare-board.tsx';
import { comparePage } from '#src/compare/compare-query.ts';
import { commonGround, comparedRuns } from '#src/compare/runs.ts';
import { Verdict } from '#src/compare/verdict.tsx';
import { WhichWins } from '#src/compare/which-wins.tsx';
import { plural } from '#src/format/numbers.ts';
import { query } from '#src/graphql/server.ts';
import { filterOf, isFiltered, orderOf, readView, type SearchParams, viewParams } from '#src/runs/view.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Empty } from '#src/ui/section.tsx';
import { SavedViews } from '#src/views/saved-views.tsx';

export const metadata: Metadata = { title: 'Compare' };

/** Lines that a browser still draws at once. */
const MOST = 5000;

export default async function ComparePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const asked = readView(params);
  // Without a word about it: the finished ones, which have something to compare.
  const view = isFiltered(asked) ? asked : { ...asked, states: ['finished'] as const };
  const { comparison, viewer, savedViews } = await query(comparePage, {
    filter: filterOf(view),
    order: orderOf(view),
    most: MOST,
  });
  const runs = comparedRuns(comparison);
  const { same, different } = commonGround(runs);
  return (
    <>
      <PageHeader
        title="Compare"
        facts={
          <>
            <Fact name="runs">{comparison.count}</Fact>
            <Fact name="experiments">{new Set(runs.map(({ experimentId }) => experimentId)).size}</Fact>
            <Fact name="models">{new Set(runs.map(({ modelId }) => modelId)).size}</Fact>
          </>
        }
        actions={
          <>
            <SavedViews page="compare" path="/compare" views={savedViews} canShare={viewer.viewerCanEdit} />
            <ButtonLink href={`/runs?${viewParams(asked)}`}>Choose runs</ButtonLink>
          </>
        }
      />
      {runs.length < 2 ? (
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
        <>
          <div className="mb-6 grid gap-2">
            <Verdict {...comparison.comparability} />
            <Notice>
              {same.length > 0 ? `Same ${listed(same)}. ` : ''}
              {different.length > 0 ? `Different ${listed(different)}` : ''}
              {different.length > 0 && '.'}
            </Notice>
            {comparison.truncated && (
              <Notice>
                {plural(comparison.count, 'run')} match; the first {runs.length} are shown. Filter the list of
                runs to see the others.
              </Notice>
            )}
          </div>
          <CompareBoard
            key={viewParams(view).toString()}
            json={JSON.stringify({ columns: comparison.columns, onFront: comparison.onFront })}
          >
            <WhichWins filter={filterOf(view)} budgeted />
          </CompareBoard>
        </>
      )}
    </>
  );
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
