'use client';

import { useRouter } from 'next/navigation';
import { ButtonLink } from '#src/ui/button.tsx';
import { Select } from '#src/ui/field.tsx';
import { named } from '#src/ui/named.ts';
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
      <Select
        aria-label="Architecture"
        className="w-auto"
        value={view.architecture}
        options={withAll('All architectures', architectures, view.architecture)}
        onChange={(architecture) => go({ architecture })}
      />
      <Select
        aria-label="Data set"
        className="w-auto"
        value={view.dataset}
        options={withAll('All data sets', datasets, view.dataset)}
        onChange={(dataset) => go({ dataset })}
      />
      {publishedParams(view).size > 0 && (
        <ButtonLink look="quiet" href="/published">
          Clear
        </ButtonLink>
      )}
    </search>
  );
}

/** An address may name what there is not. */
function withAll(all: string, names: readonly string[], chosen: string) {
  return [{ id: '', name: all }, ...named([...new Set([...names, ...(chosen === '' ? [] : [chosen])])])];
}
