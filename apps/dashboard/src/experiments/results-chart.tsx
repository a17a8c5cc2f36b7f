'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { curvesOption, operatingCurves, type TargetMetric } from '#src/charts/curves.ts';
import { COST_NAMES, type CostMeasure, type RunPoint, scatterOption } from '#src/charts/scatter.ts';
import type { ComparedRun } from '#src/compare/runs.ts';
import { runTitle } from '#src/format/strategies.ts';
import { Button } from '#src/ui/button.tsx';
import { Select } from '#src/ui/field.tsx';
import { useLitRun } from './lit-run.tsx';

const CURVES = {
  'curves-macs': 'macs',
  'curves-params': 'params',
} as const satisfies Record<string, TargetMetric>;

type View = CostMeasure | keyof typeof CURVES;

interface Base {
  readonly params: number;
  readonly macs: number;
  readonly top1: number | null;
}

/** Accuracy over what a run costs, with the Pareto front, or over what was asked; a click leads to the run. */
export function ResultsChart({ runs, base }: { runs: readonly ComparedRun[]; base: Base }) {
  const [view, setView] = useState<View>('macs');
  const { kept, keep } = useLitRun();
  // A rectangle goes with the chart that it was drawn on.
  const [drawing, setDrawing] = useState(0);
  const points = runs.flatMap(pointOf);
  if (points.length === 0) return <p className="py-2 text-ink-soft">Results come here as runs finish.</p>;
  const asked = Object.entries(CURVES).filter(([, metric]) =>
    points.some((point) => point.metric === metric),
  );
  const showAll = () => {
    keep(null);
    setDrawing(drawing + 1);
  };
  return (
    <div data-chart>
      <label htmlFor="measure" className="sr-only">
        Over what
      </label>
      <Select
        id="measure"
        className="mb-2 w-auto"
        value={view}
        onChange={(event) => {
          showAll();
          setView(event.target.value as View);
        }}
      >
        <optgroup label="Every run">
          {Object.entries(COST_NAMES).map(([key, name]) => (
            <option key={key} value={key}>
              top-1 over {name}
            </option>
          ))}
        </optgroup>
        <optgroup label="Operating curves">
          {asked.map(([key, metric]) => (
            <option key={key} value={key}>
              top-1 over the {metric === 'macs' ? 'MACs' : 'params'} to remove, by strategy
            </option>
          ))}
        </optgroup>
      </Select>
      {isCurves(view) ? (
        <Curves points={points} base={base} metric={CURVES[view]} />
      ) : (
        <Scatter key={drawing} points={points} base={base} measure={view} />
      )}
      <p className="mt-1 min-h-8 text-small text-ink-soft">
        {kept ? (
          <>
            {kept.length} of {points.length} runs lie in the rectangle; the table shows them.{' '}
            <Button look="quiet" onClick={showAll}>
              Show all
            </Button>
          </>
        ) : (
          !isCurves(view) && 'Drag a rectangle to keep its runs in the table.'
        )}
      </p>
    </div>
  );
}

function Scatter({
  points,
  base: { top1, ...cost },
  measure,
}: {
  points: readonly RunPoint[];
  base: Base;
  measure: CostMeasure;
}) {
  const router = useRouter();
  const { id: lit, light, keep } = useLitRun();
  return (
    <Chart
      className="h-96"
      label={`Top-1 accuracy over ${COST_NAMES[measure]} of ${points.length} runs, with the Pareto front; the table has the numbers`}
      option={(palette) => scatterOption(points, top1 === null ? null : { ...cost, top1 }, measure, palette)}
      lit={lit}
      onClick={(id) => router.push(`/runs/${id}`)}
      onHover={light}
      onRectangle={keep}
    />
  );
}

function Curves({ points, base, metric }: { points: readonly RunPoint[]; base: Base; metric: TargetMetric }) {
  const curves = operatingCurves(points, metric);
  return (
    <Chart
      className="h-96"
      label={`Mean top-1 of ${curves.length} strategies over the share that was to go, with the lowest and the highest seed; the table has the numbers`}
      option={(palette) => curvesOption(curves, base.top1, metric, palette)}
    />
  );
}

function isCurves(view: View): view is keyof typeof CURVES {
  return view in CURVES;
}

function pointOf(run: ComparedRun): RunPoint[] {
  const { id, allocation, criterion, metric, share, top1, macs, params, latencyMs } = run;
  if (top1 === null || macs === null || params === null) return [];
  const title = runTitle(run);
  return [{ id, title, allocation, criterion, metric, share, top1, macs, params, latencyMs }];
}
