'use client';

import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { curvesPlot, operatingCurves } from '#src/charts/curves.ts';
import type { Plot } from '#src/charts/plot.ts';
import { placed, SAVING_NAMES, type SavingMeasure, savingsPlot } from '#src/charts/savings.ts';
import { COST_NAMES, type CostMeasure, type RunPoint, scatterPlot } from '#src/charts/scatter.ts';
import type { ComparedRun } from '#src/compare/runs.ts';
import { plural } from '#src/format/numbers.ts';
import { headOf, type QualityMetric, type ShownMetric } from '#src/format/quality.ts';
import { type CostMetric, metricName } from '#src/format/strategies.ts';
import { useInAddress } from '#src/lists/use-in-address.ts';
import type { PublishedRow } from '#src/published/published-row.ts';
import { PublishedTable } from '#src/published/published-table.tsx';
import { placeOf } from '#src/published/words.ts';
import { Button } from '#src/ui/button.tsx';
import { Options, Select } from '#src/ui/field.tsx';
import { entries } from '#src/ui/named.ts';
import { Notice } from '#src/ui/notice.tsx';
import { useLitRun } from './lit-run.tsx';
import { PublishedBeside } from './published-beside.tsx';
import type { PublishedBesideRuns } from './published-query.ts';

const CURVES = {
  'curves-macs': 'MACS',
  'curves-params': 'PARAMS',
  'curves-latency': 'LATENCY',
} as const satisfies Record<string, CostMetric>;

/** What is drawn, by the metric that the runs are judged by. */
function choicesBy({ label }: ShownMetric) {
  return {
    costs: entries(COST_NAMES, (name) => `${label} over ${name}`),
    savings: entries(SAVING_NAMES, (name) => `change of ${label} over ${name}`),
    curves: entries(CURVES, (metric) => `${label} over the ${metricName(metric)} to remove, by strategy`),
  };
}

type View = CostMeasure | SavingMeasure | keyof typeof CURVES;

const VIEWS = Object.keys({ ...COST_NAMES, ...SAVING_NAMES, ...CURVES }) as View[];

interface Base {
  readonly params: number;
  readonly macs: number;
  /** By the metric of the runs. */
  readonly value: number | null;
}

/**
 * What runs are worth over what they cost or save, with the Pareto front, or over what was asked; a click leads to the run.
 * Published results stand beside the runs over what was saved, where each has its own base.
 */
export function ResultsChart({
  runs,
  base,
  metric,
  published: { beside, results, verdict },
}: {
  runs: readonly ComparedRun[];
  base: Base;
  metric: QualityMetric;
  published: PublishedBesideRuns;
}) {
  const [view, setView] = useInAddress<View>(
    'chart',
    beside.on && base.value !== null ? 'savedMacs' : 'macs',
    VIEWS,
  );
  const { kept, keep } = useLitRun();
  // A rectangle goes with the chart that it was drawn on.
  const [drawing, setDrawing] = useState(0);
  const points = useMemo(() => runs.filter(isPoint), [runs]);
  const others = useMemo(
    () => results.map((result) => ({ ...result, name: result.method, source: placeOf(result) })),
    [results],
  );
  const { value: unpruned, macs, params } = base;
  const plot = useMemo(() => {
    const from = unpruned === null ? null : { value: unpruned, macs, params };
    if (isCurves(view)) {
      return curvesPlot(operatingCurves(points, CURVES[view]), { base: unpruned, metric }, CURVES[view]);
    }
    if (!isSaving(view)) return scatterPlot(points, from, view, metric);
    return from && savingsPlot(points, from, others, view, metric);
  }, [view, points, others, unpruned, macs, params, metric]);
  const choices = choicesBy(metric);
  if (points.length === 0) return <p className="py-2 text-ink-soft">Results appear here as runs finish.</p>;
  const asked = choices.curves.filter(({ id }) => points.some(({ metric }) => metric === CURVES[id]));
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
        onChange={(chosen) => {
          showAll();
          setView(chosen as View);
        }}
      >
        <optgroup label="Every run">
          <Options of={choices.costs} />
        </optgroup>
        {base.value !== null && (
          <optgroup label="Against its own base">
            <Options of={choices.savings} />
          </optgroup>
        )}
        <optgroup label="Operating curves">
          <Options of={asked} />
        </optgroup>
      </Select>
      {plot && isCurves(view) && (
        <Chart
          className="h-96"
          label={`Mean ${metric.label} of ${plural(plot.series.length, 'strategy', 'strategies')} over the share that was to go, with the lowest and the highest seed; the table has the numbers`}
          plot={plot}
        />
      )}
      {plot && isSaving(view) && (
        <RunChart
          key={drawing}
          label={`Change of ${metric.label} over ${SAVING_NAMES[view]} of ${plural(points.length, 'run')}, with the Pareto front${besideWords(placed(others, view).length)}; the tables have the numbers`}
          plot={plot}
        />
      )}
      {plot && !isCurves(view) && !isSaving(view) && (
        <RunChart
          key={drawing}
          label={`${headOf(metric)} over ${COST_NAMES[view]} of ${points.length} runs, with the Pareto front; the table has the numbers`}
          plot={plot}
        />
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
      {metric.name === 'TOP1' && base.value !== null && (
        <PublishedBeside
          beside={beside}
          onChange={(on) => {
            if (on && !isSaving(view)) {
              showAll();
              setView('savedMacs');
            }
          }}
        />
      )}
      {results.length > 0 && (
        <PublishedList
          results={results}
          verdict={verdict}
          hidden={isSaving(view) ? results.length - placed(others, view).length : null}
        />
      )}
    </div>
  );
}

/** Every run as a point: the one under the pointer stands out, and a rectangle keeps some. */
function RunChart({ label, plot }: { label: string; plot: Plot }) {
  const router = useRouter();
  const { id: lit, light, keep } = useLitRun();
  return (
    <Chart
      className="h-96"
      label={label}
      plot={plot}
      lit={lit}
      onClick={(id) => router.push(`/runs/${id}`)}
      onHover={light}
      onRectangle={keep}
    />
  );
}

/** What the hollow marks are, why they are not ranked, and all of them as a table. */
function PublishedList({
  results,
  verdict,
  hidden,
}: {
  results: readonly PublishedRow[];
  verdict: string | null;
  /** How many have no place on the chart that is shown; null where none is drawn on it. */
  hidden: number | null;
}) {
  return (
    <div className="mt-2 grid gap-2">
      <Notice>
        {hidden === null
          ? 'Published results are drawn where the axis is a change against one’s own base. '
          : 'Hollow marks are published results, each against its own base, fine-tuned and counted in its own way. '}
        {verdict && `Not to be ranked: ${verdict}. `}
        {hidden !== null &&
          hidden > 0 &&
          `${hidden} of ${results.length} lack a number that the chart takes.`}
      </Notice>
      <details>
        <summary className="cursor-pointer py-1 text-ink-soft hover:text-ink">View as table</summary>
        <PublishedTable results={results} caption="Published results beside these runs" />
      </details>
    </div>
  );
}

function besideWords(published: number): string {
  return published > 0 ? ` and of ${plural(published, 'published result')}, hollow and not on the front` : '';
}

function isCurves(view: View): view is keyof typeof CURVES {
  return view in CURVES;
}

function isSaving(view: View): view is SavingMeasure {
  return view in SAVING_NAMES;
}

function isPoint(run: ComparedRun): run is ComparedRun & RunPoint {
  return run.value !== null && run.macs !== null && run.params !== null;
}
