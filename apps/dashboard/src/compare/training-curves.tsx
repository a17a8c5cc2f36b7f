'use client';

import { useMemo } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { type TrainingValue, trainingCurvesPlot } from '#src/charts/training-curves.ts';
import { fixed, percent, plural } from '#src/format/numbers.ts';
import { useAnswer } from '#src/graphql/use-answer.ts';
import { useInAddress } from '#src/lists/use-in-address.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { Select } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Section } from '#src/ui/section.tsx';
import { epochsQuery } from './compare-query.ts';
import type { ComparedRun } from './runs.ts';

const VALUES = [
  { id: 'top1', name: 'top-1, search split' },
  { id: 'loss', name: 'training loss' },
] as const;

/** How the chosen runs were fine-tuned, epoch by epoch; nothing where none was. */
export function TrainingCurves({ runs }: { runs: readonly ComparedRun[] }) {
  const { answer, error } = useAnswer(epochsQuery, { ids: runs.map(({ id }) => id) });
  const [value, setValue] = useInAddress<TrainingValue>('training', 'top1', ['top1', 'loss']);
  const trained = useMemo(() => {
    const epochs = new Map(
      (answer?.nodes ?? []).flatMap((node) =>
        node?.__typename === 'Run' ? [[node.id, node.epochs] as const] : [],
      ),
    );
    return runs.flatMap(({ id, name, allocation }) => {
      const own = epochs.get(id) ?? [];
      return own.length > 0 ? [{ id, name, allocation, epochs: own }] : [];
    });
  }, [answer, runs]);
  const plot = useMemo(() => trainingCurvesPlot(trained, value), [trained, value]);
  if (error) return <Notice kind="error">{error}</Notice>;
  if (trained.length === 0) return null;
  return (
    <Section
      title="Training"
      aside={
        <Select
          aria-label="What is drawn over the epochs"
          className="w-auto"
          options={VALUES}
          value={value}
          onChange={setValue}
        />
      }
    >
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Chart
          label={`${VALUES.find(({ id }) => id === value)?.name} of ${plural(trained.length, 'run')} over the epochs; the table has the last values`}
          plot={plot}
        />
        <DataTable
          caption="What training came to"
          rows={trained}
          keyOf={({ id }) => id}
          columns={[
            { name: 'Run', cell: ({ name }) => name },
            { name: 'Epochs', right: true, cell: (run) => Number(run.epochs.at(-1)?.epoch.toFixed(2)) },
            { name: 'Last loss', right: true, cell: (run) => fixed(run.epochs.at(-1)?.loss) },
            {
              name: 'Best top-1',
              right: true,
              cell: (run) => {
                const values = run.epochs.flatMap(({ top1 }) => top1 ?? []);
                return percent(values.length > 0 ? Math.max(...values) : null);
              },
            },
          ]}
        />
      </div>
    </Section>
  );
}
