'use client';

import { useMemo } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { trainingPlot } from '#src/charts/lines.ts';
import { duration, fixed, percent, rate } from '#src/format/numbers.ts';
import { headOf, type QualityMetric, valueText } from '#src/format/quality.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import type { RunDetail } from './run-page-query.ts';

export function TrainingPart({ epochs, metric }: { epochs: RunDetail['epochs']; metric: QualityMetric }) {
  const plot = useMemo(() => trainingPlot(epochs), [epochs]);
  // Of imported runs that are judged by another metric than top-1.
  const isValued = epochs.some(({ value }) => value !== null);
  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <Chart
        label="Top-1 and training loss over the epochs; the table beside it has the numbers"
        plot={plot}
      />
      <DataTable
        caption="Epochs of fine-tuning"
        rows={epochs}
        keyOf={({ epoch }) => epoch}
        columns={[
          { name: 'Epoch', right: true, cell: ({ epoch }) => Number(epoch.toFixed(2)) },
          { name: 'Training loss', right: true, cell: ({ loss }) => fixed(loss) },
          { name: 'Top-1, search split', right: true, cell: ({ top1 }) => percent(top1) },
          isValued && { name: headOf(metric), right: true, cell: ({ value }) => valueText(metric, value) },
          { name: 'Learning rate', right: true, cell: ({ learningRate }) => fixed(learningRate, 4) },
          { name: 'Rate', right: true, cell: ({ imagesPerSecond }) => rate(imagesPerSecond) },
          { name: 'Took', right: true, cell: ({ seconds }) => duration(seconds) },
        ]}
      />
    </div>
  );
}
