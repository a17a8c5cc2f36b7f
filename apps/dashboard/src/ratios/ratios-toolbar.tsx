'use client';

import { useRouter } from 'next/navigation';
import { METRIC_NAMES } from '#src/compression/view.ts';
import { metricNamed, type QualityMetric, type QualityMetricName } from '#src/format/quality.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { Select } from '#src/ui/field.tsx';
import { entries, type Named } from '#src/ui/named.ts';
import { isRatiosFiltered, type RatiosView, ratiosParams } from './view.ts';

/** Which ratio, of which runs. All of it stands in the address. */
export function RatiosToolbar({
  view,
  projects,
  datasets,
  models,
  judged,
  goesBy,
}: {
  view: RatiosView;
  projects: readonly Named[];
  datasets: readonly Named[];
  models: readonly Named[];
  /** By what the runs are judged, and which of it the front goes by. */
  judged: readonly QualityMetric[];
  goesBy: QualityMetricName;
}) {
  const router = useRouter();
  const go = (edits: Partial<RatiosView>) =>
    router.replace(`/ratios?${ratiosParams({ ...view, ...edits })}`, { scroll: false });
  // What an address names is a choice, also where no run is judged by it.
  const isListed = judged.some(({ name }) => name === goesBy);
  const metrics = isListed ? judged : [metricNamed(goesBy), ...judged];
  const filters = [
    { name: 'model', label: 'Model', choices: models, none: 'All models' },
    { name: 'dataset', label: 'Data set', choices: datasets, none: 'All data sets' },
    { name: 'project', label: 'Project', choices: projects, none: 'All projects' },
  ] as const;
  return (
    <search className="mb-4 flex flex-wrap items-center gap-2">
      <Select
        aria-label="What became less"
        className="w-auto"
        value={view.metric}
        options={entries(METRIC_NAMES)}
        onChange={(metric) => go({ metric })}
      />
      {(judged.length > 1 || view.judged !== null) && (
        <Select
          aria-label="The front goes by"
          className="w-auto"
          value={goesBy}
          options={metrics.map(({ name, label }) => ({ id: name, name: `by ${label}` }))}
          onChange={(name) => go({ judged: name })}
        />
      )}
      {filters.map(({ name, label, choices, none }) => (
        <Select
          key={name}
          aria-label={label}
          className="w-auto max-w-48"
          value={view[name]}
          options={[{ id: '', name: none }, ...choices]}
          onChange={(id) => go({ [name]: id })}
        />
      ))}
      {isRatiosFiltered(view) && (
        <ButtonLink
          look="quiet"
          href={`/ratios?${ratiosParams({ ...view, project: '', dataset: '', model: '' })}`}
        >
          Clear
        </ButtonLink>
      )}
    </search>
  );
}
