'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button, ButtonLink } from '#src/ui/button.tsx';
import { ExportMenu } from '#src/ui/export-menu.tsx';
import { Input, Select } from '#src/ui/field.tsx';
import { entries, type Named } from '#src/ui/named.ts';
import {
  type CompressionView,
  compressionExportUrl,
  compressionParams,
  METRIC_NAMES,
  readBudgets,
} from './view.ts';

/** What became less, at which drops, in which runs. All of it stands in the address. */
export function CompressionToolbar({
  view,
  projects,
  datasets,
}: {
  view: CompressionView;
  projects: readonly Named[];
  datasets: readonly Named[];
}) {
  const router = useRouter();
  const [typed, setTyped] = useState(view.budgets.join(', '));
  const [wrong, setWrong] = useState(false);
  const go = (edits: Partial<CompressionView>) =>
    router.replace(`/compression?${compressionParams({ ...view, ...edits })}`, { scroll: false });
  const take = (event: FormEvent) => {
    event.preventDefault();
    const budgets = readBudgets(typed);
    setWrong(budgets === null);
    if (budgets) go({ budgets });
  };
  return (
    <search className="mb-4 flex flex-wrap items-center gap-2">
      <Select
        aria-label="What became less"
        className="w-auto"
        value={view.metric}
        options={entries(METRIC_NAMES)}
        onChange={(metric) => go({ metric })}
      />
      <Select
        aria-label="Project"
        className="w-auto max-w-48"
        value={view.project}
        options={[{ id: '', name: 'All projects' }, ...projects]}
        onChange={(project) => go({ project })}
      />
      <Select
        aria-label="Data set"
        className="w-auto max-w-48"
        value={view.dataset}
        options={[{ id: '', name: 'All data sets' }, ...datasets]}
        onChange={(dataset) => go({ dataset })}
      />
      <form method="post" onSubmit={take} className="flex items-center gap-2">
        <label htmlFor="budgets">Allowed drops, in points</label>
        <Input
          id="budgets"
          className="w-32"
          value={typed}
          {...(wrong ? { 'aria-invalid': true, 'aria-describedby': 'budgets-hint' } : {})}
          onChange={({ target }) => setTyped(target.value)}
        />
        <Button type="submit">Show</Button>
        {wrong && (
          <span id="budgets-hint" role="alert" className="text-small text-danger">
            Give up to 10 numbers from 0 to 100: 0.5, 1, 2.
          </span>
        )}
      </form>
      <span className="flex flex-wrap items-center gap-2 md:ml-auto">
        <ButtonLink
          look="quiet"
          href={`/compression.json?${compressionParams(view)}`}
          prefetch={false}
          download
        >
          Export JSON
        </ButtonLink>
        <ExportMenu of="table" one="network and drop" url={(format) => compressionExportUrl(view, format)} />
      </span>
    </search>
  );
}
