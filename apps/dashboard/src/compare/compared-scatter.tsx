'use client';

import { useMemo } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { comparedPlot } from '#src/charts/compared.ts';
import { SAVING_NAMES, type SavingMeasure } from '#src/charts/savings.ts';
import { plural } from '#src/format/numbers.ts';
import { changeOf, commonMetric } from '#src/format/quality.ts';
import { useInAddress } from '#src/lists/use-in-address.ts';
import { Select } from '#src/ui/field.tsx';
import { entries } from '#src/ui/named.ts';
import { Section } from '#src/ui/section.tsx';
import type { ComparedRun } from './runs.ts';

const MEASURES = Object.keys(SAVING_NAMES) as SavingMeasure[];

/**
 * All runs of a comparison as points, each against its own base; a click puts one among the chosen runs, or takes it out.
 * Nothing where they are judged by several metrics, which have no axis in common.
 */
export function ComparedScatter({
  runs,
  chosen,
  onChoose,
}: {
  runs: readonly ComparedRun[];
  chosen: readonly string[];
  onChoose: (id: string, on: boolean) => void;
}) {
  const [measure, setMeasure] = useInAddress<SavingMeasure>('saved', 'savedMacs', MEASURES);
  const metric = useMemo(() => commonMetric(runs.map(({ judgedBy }) => judgedBy)), [runs]);
  const points = useMemo(
    () =>
      runs.flatMap((run) => {
        const [saved, change] = [run[measure], changeOf(run.judgedBy, run.valueDrop)];
        return saved === null || change === null ? [] : [{ ...run, saved, change }];
      }),
    [runs, measure],
  );
  const plot = useMemo(
    () => metric && comparedPlot(points, SAVING_NAMES[measure], metric),
    [points, measure, metric],
  );
  if (!plot || !metric || points.length < 2) return null;
  const missing = runs.length - points.length;
  return (
    <Section
      title={`Change of ${metric.label} over what was saved`}
      aside={
        <Select
          aria-label="What was saved"
          className="w-auto"
          options={entries(SAVING_NAMES)}
          value={measure}
          onChange={setMeasure}
        />
      }
    >
      <Chart
        className="h-96"
        label={`Change of ${metric.label} over ${SAVING_NAMES[measure]} of ${plural(points.length, 'run')}, each against its own base; the table of runs has the numbers`}
        plot={plot}
        onClick={(id) => onChoose(id, !chosen.includes(id))}
      />
      <p className="mt-1 text-small text-ink-soft">
        Click a point to compare its run, or to take it out.{' '}
        {missing > 0 &&
          `${plural(missing, 'run')} without a value or a saving ${missing === 1 ? 'is' : 'are'} left out.`}
      </p>
    </Section>
  );
}
