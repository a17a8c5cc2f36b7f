'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { type ModelMark, modelMarks, ratioFrontPlot } from '#src/charts/ratio-front.ts';
import { isTime, type Metric } from '#src/compression/view.ts';
import { ratioText } from '#src/compression/words.ts';
import { LitRun, useLitRun } from '#src/experiments/lit-run.tsx';
import { plural, UNKNOWN } from '#src/format/numbers.ts';
import { markedName, markOf } from '#src/format/origin.ts';
import { changeOf, changeText, type QualityMetric } from '#src/format/quality.ts';
import { RunSelection, SelectAll, SelectRun } from '#src/runs/selection.tsx';
import { speedText } from '#src/runs/speedup-words.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { OriginMark } from '#src/ui/origin-mark.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import type { FrontRun } from './ratios-query.ts';

interface Props {
  readonly front: readonly FrontRun[];
  readonly ratioName: string;
  readonly cost: Metric;
  /** By which the runs are judged. */
  readonly metric: QualityMetric;
}

/** The front as a chart and as a table: each shows the run under the pointer, or under the keyboard, in the other. */
export function FrontPart({ front, ratioName, cost, metric }: Props) {
  const marks = modelMarks(front.map(({ run }) => run));
  return (
    <LitRun className="grid grid-cols-1 items-start gap-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <FrontChart front={front} ratioName={ratioName} metric={metric} />
      {/* Only finished runs are on a front. */}
      <RunSelection runs={front.map(({ run: { id, origin } }) => ({ id, origin, state: 'FINISHED' }))}>
        <DataTable
          caption={`Runs on the front of ${ratioName} and ${metric.label}`}
          rows={front}
          keyOf={({ run }) => run.id}
          rowProps={({ run }) => ({ 'data-row': run.id, className: 'data-lit:bg-hover' })}
          columns={[
            {
              name: 'Select',
              head: { className: 'w-8', children: <SelectAll ids={front.map(({ run }) => run.id)} /> },
              cell: ({ run }) => <SelectRun id={run.id} label={run.name} />,
            },
            {
              name: 'Run and model',
              sticky: true,
              // A phone has less room than a long name.
              className: 'group-data-lit:bg-hover py-1 max-md:wrap-anywhere',
              cell: ({ run }) => (
                <>
                  <Link href={`/runs/${run.id}`} data-run={run.id} className="font-medium hover:underline">
                    {run.name}
                  </Link>
                  <OriginMark of={markOf(run)} />
                  <span className="flex flex-wrap items-center gap-x-2 text-small text-ink-soft">
                    <Mark mark={marks.get(run.model.id)} />
                    <TextLink href={`/models/${run.model.id}`}>{run.model.name}</TextLink>
                    <span>on {run.dataset.name}</span>
                    {cost === 'predicted' && <span>{run.result?.latency?.device.name ?? UNKNOWN}</span>}
                  </span>
                </>
              ),
            },
            {
              name: ratioName,
              right: true,
              className: 'whitespace-nowrap',
              title: ({ run }) => measuredTitle(run),
              cell: ({ ratio, run }) => ratioCell(cost, ratio, run),
            },
            {
              name: `Change of ${metric.label}`,
              right: true,
              className: 'whitespace-nowrap',
              cell: ({ drop }) => changeText(metric, changeOf(metric, drop)),
            },
          ]}
        />
      </RunSelection>
    </LitRun>
  );
}

/** Times stand with their interval, and say what is slower. */
function ratioCell(cost: Metric, ratio: number, { result }: FrontRun['run']): string {
  if (!isTime(cost)) return ratioText(ratio);
  return speedText(ratio, result?.latencyInterval ?? result?.throughputInterval);
}

function measuredTitle({ result }: FrontRun['run']): string | undefined {
  const speedup = result?.latency?.measured?.speedup;
  return speedup && `Measured: ${speedText(speedup.ratio, speedup)}`;
}

function FrontChart({ front, ratioName, metric }: Omit<Props, 'cost'>) {
  const router = useRouter();
  const { id: lit, light } = useLitRun();
  const plot = useMemo(() => {
    const points = front.map(({ ratio, drop, run }) => {
      const { id, model } = run;
      return { id, name: markedName(run.name, markOf(run)), model, ratio, drop };
    });
    return ratioFrontPlot(points, ratioName, metric);
  }, [front, ratioName, metric]);
  return (
    <div data-chart>
      <Chart
        className="h-96"
        label={`Change of ${metric.label} over the ratio of ${ratioName} of ${plural(front.length, 'run')} on the Pareto front; the table has the numbers`}
        plot={plot}
        lit={lit}
        onClick={(id) => router.push(`/runs/${id}`)}
        onHover={light}
      />
    </div>
  );
}

/** A model's form and colour on the chart. */
function Mark({ mark }: { mark: ModelMark | undefined }) {
  if (!mark) return null;
  return (
    <svg aria-hidden width={10} height={10} className="shrink-0">
      <path d={mark.shape} fill={mark.colour} />
    </svg>
  );
}
