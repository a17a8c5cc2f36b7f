import { isTime, METRIC_NAMES } from '#src/compression/view.ts';
import { grouped, plural } from '#src/format/numbers.ts';
import { ExportMenu } from '#src/ui/export-menu.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Section } from '#src/ui/section.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { GroupedBy } from './grouped-by.tsx';
import { orderedGroups } from './groups.ts';
import { GroupsTable } from './groups-table.tsx';
import type { RatioGroup } from './ratios-query.ts';
import { FIRST_GROUPS, isPartAsked, type RatiosView, ratiosParams, summaryExportUrl } from './view.ts';

/** What runs reached, a line each group. */
export function GroupsPart({
  summary: { groups, groupCount },
  view,
}: {
  summary: { readonly groups: readonly RatioGroup[]; readonly groupCount: number };
  view: RatiosView;
}) {
  const ordered = orderedGroups(groups, view);
  const shown = view.all ? ordered : ordered.slice(0, FIRST_GROUPS);
  // Those behind the first ones by their names were not asked for.
  const known = isPartAsked(view) ? groupCount : ordered.length;
  const isThroughput = view.metric === 'throughput';
  return (
    <Section
      title="In groups"
      aside={
        <>
          <GroupedBy view={view} />
          <ExportMenu of="groups" one="group" url={(format) => summaryExportUrl(view, format)} />
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
        {groupCount > known && (
          <Notice>
            Of {plural(groupCount, 'group')} the first {grouped(groups.length)} by their names are looked at:
            group by less, or choose a model or a data set.
          </Notice>
        )}
        <GroupsTable groups={shown} view={view} />
        {shown.length < known && (
          <p className="py-2">
            {shown.length} of {plural(known, 'group')}.{' '}
            <TextLink href={`/ratios?${ratiosParams({ ...view, all: true })}`}>Show all</TextLink>
          </p>
        )}
        <p className="max-w-3xl text-small text-ink-soft">
          {METRIC_NAMES[view.metric]} of the{' '}
          {isThroughput
            ? 'pruned network over that of the unpruned'
            : 'unpruned network over that of the pruned'}{' '}
          one: 2× is twice as {isTime(view.metric) ? 'fast' : 'small'}. Mean ± deviation over the different
          networks of a group, the change being that of the metric that they are judged by, each against its
          own base; equal networks count once. In the picture the dot is the mean, the bar its deviation, the
          tick the best.
          {view.metric === 'predicted' &&
            ' Times are those that the device profile of an experiment predicts: runs without one have none, and those of several devices have no mean.'}
          {groups.some(({ grounds }) => grounds > 1) &&
            ' Where a group stands on several grounds (starting networks, data sets, test images, recipes, recalibrations, repairs) its runs lie side by side, and nothing is ranked.'}
        </p>
      </div>
    </Section>
  );
}
