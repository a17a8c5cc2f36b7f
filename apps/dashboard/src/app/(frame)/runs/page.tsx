import type { Metadata } from 'next';
import { plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { deviceList, memberList, tagList, viewList } from '#src/lists/choice-fields.ts';
import { everyDevice, everyPerson, everyTag, everyView } from '#src/lists/choices.ts';
import { NothingLikeThat } from '#src/lists/list-part.tsx';
import { COLUMNS, DEFAULT_COLUMNS } from '#src/runs/columns.tsx';
import { runRow } from '#src/runs/run-row.ts';
import { RunsTable } from '#src/runs/runs-table.tsx';
import { RunsToolbar } from '#src/runs/runs-toolbar.tsx';
import { selectable } from '#src/runs/selected.ts';
import { RunSelection } from '#src/runs/selection.tsx';
import { filterOf, isFiltered, orderOf, readView, viewParams } from '#src/runs/view.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'Runs' };

const runsPage = graphql(
  `
    query RunsPage($after: String, $filter: RunFilter, $order: RunOrder) {
      viewer { viewerCanEdit }
      runs(first: 100, after: $after, filter: $filter, order: $order) {
        nodes { ...RunRow }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
      methods { allocations { name } criteria { name } }
      devices(first: 100) { ...DeviceList }
      members(first: 100) { ...MemberList }
      tags(first: 100) { ...TagList }
      savedViews(first: 100, filter: { page: { in: ["runs"] } }) { ...ViewList }
    }
  `,
  [runRow, deviceList, memberList, tagList, viewList],
);

export default async function RunsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const view = readView(params);
  const after = one(params, 'after') || null;
  const page = await query(runsPage, { after, filter: filterOf(view), order: orderOf(view) });
  const { runs, methods } = page;
  const [devices, people, tags, views] = await Promise.all([
    everyDevice(page.devices),
    everyPerson(page.members),
    everyTag(page.tags, 'runs'),
    everyView(page.savedViews, 'runs'),
  ]);
  const columns = view.columns ?? DEFAULT_COLUMNS;
  const nothingYet = runs.totalCount === 0 && !isFiltered(view);
  return (
    <>
      <PageHeader
        title="Runs"
        facts={plural(runs.totalCount, 'run')}
        actions={
          runs.totalCount > 1 && (
            <ButtonLink href={`/compare?${viewParams({ ...view, group: null, columns: null })}`}>
              Compare all of these
            </ButtonLink>
          )
        }
      />
      {nothingYet ? (
        <Empty title="No run yet">
          Runs are started in an experiment. Results of other tools are imported by{' '}
          <code className="font-mono">espalier import csv FILE</code> or from Python.
        </Empty>
      ) : (
        <>
          <RunsToolbar
            view={view}
            choices={{
              allocations: methods.allocations.map(({ name }) => name),
              criteria: methods.criteria.map(({ name }) => name),
              tags,
            }}
            devices={devices}
            people={people}
            columns={COLUMNS.map(({ id, name }) => ({ id, name }))}
            shown={columns}
            views={views}
            canShare={page.viewer.viewerCanEdit}
          />
          {runs.nodes.length === 0 ? (
            <NothingLikeThat one="run" path="/runs" />
          ) : (
            <RunSelection runs={selectable(runs.nodes)} tags={tags} canEdit={page.viewer.viewerCanEdit}>
              <RunsTable
                runs={runs.nodes}
                columns={columns}
                group={view.group}
                selectable
                order={{
                  by: view.by,
                  direction: view.direction,
                  href: (by, direction) => `/runs?${viewParams({ ...view, by, direction })}`,
                }}
              />
              <Pager page={runs.pageInfo} path="/runs" view={viewParams(view)} after={after} />
            </RunSelection>
          )}
        </>
      )}
    </>
  );
}
