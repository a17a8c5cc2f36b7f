'use client';

import { useRouter } from 'next/navigation';
import { ButtonLink } from '#src/ui/button.tsx';
import { Select } from '#src/ui/field.tsx';
import { SearchBox } from '#src/ui/search-box.tsx';
import { type PublishedView, publishedParams } from './view.ts';

/** Which results: of an architecture, on a data set, with words in them. All of it stands in the address. */
export function PublishedToolbar({
  view,
  architectures,
  datasets,
}: {
  view: PublishedView;
  architectures: readonly string[];
  datasets: readonly string[];
}) {
  const router = useRouter();
  const go = (edits: Partial<PublishedView>) =>
    router.replace(`/published?${publishedParams({ ...view, ...edits })}`, { scroll: false });
  return (
    <search className="mb-4 flex flex-wrap items-center gap-2">
      <SearchBox
        label="Search in methods and sources"
        placeholder="Method or source"
        text={view.text}
        onSearch={(text) => go({ text })}
      />
      <Choice
        label="Architecture"
        all="All architectures"
        names={architectures}
        chosen={view.architecture}
        onChoose={(architecture) => go({ architecture })}
      />
      <Choice
        label="Data set"
        all="All data sets"
        names={datasets}
        chosen={view.dataset}
        onChoose={(dataset) => go({ dataset })}
      />
      {publishedParams(view).size > 0 && (
        <ButtonLink look="quiet" href="/published">
          Clear
        </ButtonLink>
      )}
    </search>
  );
}

function Choice({
  label,
  all,
  names,
  chosen,
  onChoose,
}: {
  label: string;
  all: string;
  names: readonly string[];
  chosen: string;
  onChoose: (name: string) => void;
}) {
  return (
    <Select
      aria-label={label}
      className="w-auto"
      value={chosen}
      onChange={(event) => onChoose(event.target.value)}
    >
      <option value="">{all}</option>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
      {/* An address may name what there is not. */}
      {chosen && !names.includes(chosen) && <option>{chosen}</option>}
    </Select>
  );
}
