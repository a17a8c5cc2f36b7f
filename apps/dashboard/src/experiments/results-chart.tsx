'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { COST_NAMES, type CostMeasure, type RunPoint, scatterOption } from '#src/charts/scatter.ts';
import { runTitle } from '#src/format/strategies.ts';
import type { RunRow } from '#src/runs/run-row.ts';
import { Select } from '#src/ui/field.tsx';
import { useLitRun } from './lit-run.tsx';

/** Accuracy over what a run costs, with the Pareto front; a click leads to the run. */
export function ResultsChart({
  runs,
  base,
}: {
  runs: readonly RunRow[];
  base: { params: number; macs: number; top1: number | null };
}) {
  const [measure, setMeasure] = useState<CostMeasure>('macs');
  const router = useRouter();
  const { id: lit, light } = useLitRun();
  const points = runs.flatMap(pointOf);
  if (points.length === 0) return <p className="py-2 text-ink-soft">Results come here as runs finish.</p>;
  const { top1, ...cost } = base;
  return (
    <div data-chart>
      <label htmlFor="measure" className="sr-only">
        Cost
      </label>
      <Select
        id="measure"
        className="mb-2 w-auto"
        value={measure}
        onChange={(event) => setMeasure(event.target.value as CostMeasure)}
      >
        {Object.entries(COST_NAMES).map(([key, name]) => (
          <option key={key} value={key}>
            top-1 over {name}
          </option>
        ))}
      </Select>
      <Chart
        className="h-96"
        label={`Top-1 accuracy over ${COST_NAMES[measure]} of ${points.length} runs, with the Pareto front; the table below has the numbers`}
        option={(palette) =>
          scatterOption(points, top1 === null ? null : { ...cost, top1 }, measure, palette, lit)
        }
        onClick={(id) => router.push(`/runs/${id}`)}
        onHover={light}
      />
    </div>
  );
}

function pointOf(run: RunRow): RunPoint[] {
  const { result } = run;
  if (!result || result.top1 === null) return [];
  const { top1, macs, params, latencyMs } = result;
  return [{ id: run.id, title: runTitle(run), allocation: run.allocation, top1, macs, params, latencyMs }];
}
