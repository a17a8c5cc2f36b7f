'use client';

import { useRouter } from 'next/navigation';
import { ButtonLink } from '#src/ui/button.tsx';
import { ChoiceMenu } from '#src/ui/menu.tsx';
import { type Named, named } from '#src/ui/named.ts';
import { SearchBox } from '#src/ui/search-box.tsx';
import { SavedViews, type View } from '#src/views/saved-views.tsx';
import { isListFiltered, type ListView, listParams } from './list-view.ts';
import { MadeByMenu } from './made-by-menu.tsx';

/** Which lines; kept views. All of it stands in the address. */
export function ListToolbar({
  page,
  view,
  tags,
  projects,
  people = [],
  views,
  canShare,
}: {
  /** Its name and address: `models` is at /models. */
  page: string;
  view: ListView<string>;
  tags: readonly string[];
  projects: readonly Named[];
  /** Of the team, where it is known who made what is listed. */
  people?: readonly Named[];
  views: readonly View[];
  canShare: boolean;
}) {
  const router = useRouter();
  const go = (edits: Partial<ListView<string>>) =>
    router.replace(`/${page}?${listParams({ ...view, ...edits })}`, { scroll: false });
  return (
    <search className="mb-4 flex flex-wrap items-center gap-2">
      <SearchBox
        label="Search in name or note"
        placeholder="Name or note"
        text={view.text}
        onSearch={(text) => go({ text })}
      />
      {projects.length > 1 && (
        <ChoiceMenu
          label="Project"
          counted="project"
          choices={projects}
          chosen={view.projects}
          onChange={(chosen) => go({ projects: chosen })}
        />
      )}
      <MadeByMenu people={people} chosen={view.people} onChange={(chosen) => go({ people: chosen })} />
      <ChoiceMenu
        label="Tags"
        counted="tag"
        choices={named(tags)}
        chosen={view.tags}
        onChange={(chosen) => go({ tags: chosen })}
      />
      {isListFiltered(view) && (
        <ButtonLink look="quiet" href={`/${page}`}>
          Clear
        </ButtonLink>
      )}
      <span className="ml-auto">
        <SavedViews page={page} views={views} canShare={canShare} />
      </span>
    </search>
  );
}
