'use client';

import { type ReactNode, useMemo } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { searchPlot } from '#src/charts/search.ts';
import { percent } from '#src/format/numbers.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import type { SearchStep } from './result-fields.ts';

const STEPS: Readonly<Record<SearchStep['kind'], string>> = {
  BISECT: 'bisection',
  TAKE: 'channels taken',
  GIVE_BACK: 'one channel restored to hit the target',
};

/** How the search closed in on the target. */
export function SearchPart({
  steps,
  target,
  children,
}: {
  steps: readonly SearchStep[];
  target: number;
  /** Below the chart. */
  children?: ReactNode;
}) {
  const plot = useMemo(() => searchPlot(steps, target), [steps, target]);
  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <div>
        <Chart
          label={`Share removed at each of ${steps.length} steps of the search; the table beside it has the numbers`}
          plot={plot}
        />
        {children}
      </div>
      <DataTable
        caption="Steps of the search"
        rows={steps}
        keyOf={(_, index) => index}
        columns={[
          { name: 'Step', right: true, cell: (_, index) => index + 1 },
          {
            name: 'What',
            cell: ({ kind, round }) => `${round === null ? '' : `round ${round}: `}${STEPS[kind]}`,
          },
          {
            name: 'Threshold',
            right: true,
            cell: ({ threshold }) => (threshold === null ? '–' : Number(threshold.toPrecision(4))),
          },
          { name: 'Removed', right: true, cell: ({ saving }) => percent(saving) },
        ]}
      />
    </div>
  );
}
