'use client';

import { useRouter } from 'next/navigation';
import { evidenceWord } from '#src/format/origin.ts';
import { RUN_STATES, stateWord } from '#src/format/status.ts';
import { MadeByMenu } from '#src/lists/made-by-menu.tsx';
import { ButtonLink } from '#src/ui/button.tsx';
import { ExportMenu } from '#src/ui/export-menu.tsx';
import { ChoiceMenu, Menu, MenuItem } from '#src/ui/menu.tsx';
import { entries, type Named, named } from '#src/ui/named.ts';
import { SearchBox } from '#src/ui/search-box.tsx';
import { SavedViews, type View } from '#src/views/saved-views.tsx';
import {
  GROUPINGS,
  isFiltered,
  RUN_EVIDENCE,
  RUN_ORIGINS,
  type RunsView,
  runsExportUrl,
  viewParams,
} from './view.ts';

const ORIGIN_WORDS = { ESPALIER: 'by workers', EXTERNAL: 'imported' } as const satisfies Record<
  (typeof RUN_ORIGINS)[number],
  string
>;
const MENUS = entries({ allocations: 'Allocation', criteria: 'Criterion', tags: 'Tags' });

/** Which runs, which columns, which groups; kept views; everything as a file. All of it stands in the address. */
export function RunsToolbar({
  view,
  choices,
  devices,
  people,
  columns,
  shown,
  views,
  canShare,
}: {
  view: RunsView;
  choices: Readonly<Record<(typeof MENUS)[number]['id'], readonly string[]>>;
  /** By whose profile runs were pruned to a time. */
  devices: readonly Named[];
  /** Of the team. */
  people: readonly Named[];
  columns: readonly Named[];
  shown: readonly string[];
  views: readonly View[];
  canShare: boolean;
}) {
  const router = useRouter();
  const go = (edits: Partial<RunsView>) =>
    router.replace(`/runs?${viewParams({ ...view, ...edits })}`, { scroll: false });

  return (
    <search className="mb-4 flex flex-wrap items-center gap-2">
      <SearchBox
        label="Search in experiments, models and notes"
        placeholder="Experiment, model or note"
        text={view.text}
        onSearch={(text) => go({ text })}
      />
      <ChoiceMenu
        label="State"
        choices={RUN_STATES.map((id) => ({ id, name: stateWord(id) }))}
        chosen={view.states}
        onChange={(states) => go({ states: states as RunsView['states'] })}
      />
      <ChoiceMenu
        label="Origin"
        choices={RUN_ORIGINS.map((id) => ({ id, name: ORIGIN_WORDS[id] }))}
        chosen={view.origins}
        onChange={(origins) => go({ origins: origins as RunsView['origins'] })}
      />
      <ChoiceMenu
        label="Evidence"
        choices={RUN_EVIDENCE.map((id) => ({ id, name: evidenceWord(id) }))}
        chosen={view.evidence}
        onChange={(evidence) => go({ evidence: evidence as RunsView['evidence'] })}
      />
      {MENUS.map(({ id, name }) => (
        <ChoiceMenu
          key={id}
          label={name}
          {...(id === 'tags' ? { counted: 'tag' } : {})}
          choices={named(choices[id])}
          chosen={view[id]}
          onChange={(chosen) => go({ [id]: chosen })}
        />
      ))}
      {devices.length > 0 && (
        <ChoiceMenu
          label="Device"
          choices={devices}
          chosen={view.devices}
          onChange={(chosen) => go({ devices: chosen })}
        />
      )}
      <MadeByMenu people={people} chosen={view.people} onChange={(chosen) => go({ people: chosen })} />
      {isFiltered(view) && (
        <ButtonLink look="quiet" href="/runs">
          Clear
        </ButtonLink>
      )}
      <span className="ml-auto flex flex-wrap items-center gap-2">
        <Menu label={view.group ? `By ${view.group}` : 'Group'}>
          <MenuItem onSelect={() => go({ group: null })}>Not grouped</MenuItem>
          {GROUPINGS.map((group) => (
            <MenuItem key={group} onSelect={() => go({ group })}>
              By {group}
            </MenuItem>
          ))}
        </Menu>
        <ChoiceMenu
          label="Columns"
          choices={columns}
          chosen={shown}
          shownCount={view.columns ? shown.length : 0}
          onChange={(chosen) => go({ columns: chosen })}
        />
        <SavedViews page="runs" views={views} canShare={canShare} />
        <ExportMenu one="run" url={(format) => runsExportUrl(view, format)} />
      </span>
    </search>
  );
}
