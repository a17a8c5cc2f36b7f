'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { Chart } from '#src/charts/chart.tsx';
import { type ModelMark, modelMarks, ratioFrontOption } from '#src/charts/ratio-front.ts';
import { ratioText } from '#src/compression/words.ts';
import { LitRun, useLitRun } from '#src/experiments/lit-run.tsx';
import { plural, points } from '#src/format/numbers.ts';
import { RunSelection, SelectAll, SelectRun } from '#src/runs/selection.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import type { FrontRun } from './ratios-query.ts';

/** The front as a chart and as a table: each shows the run under the pointer, or under the keyboard, in the other. */
export function FrontPart({ front, ratioName }: { front: readonly FrontRun[]; ratioName: string }) {
  const marks = modelMarks(front.map(({ run }) => run));
  return (
    <LitRun className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <FrontChart front={front} ratioName={ratioName} />
      <RunSelection>
        <DataTable
          caption={`Runs on the front of ${ratioName} and accuracy`}
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
              name: 'Run',
              sticky: true,
              className: 'group-data-lit:bg-hover py-1',
              cell: ({ run }) => (
                <>
                  <Link
                    href={`/runs/${run.id}`}
                    data-run={run.id}
                    className="font-medium hover:underline md:whitespace-nowrap"
                  >
                    {run.name}
                  </Link>
                  <span className="block text-small text-ink-soft md:hidden">{run.model.name}</span>
                </>
              ),
            },
            {
              name: 'Model',
              from: 'md',
              cell: ({ run }) => (
                <span className="flex items-center gap-2 whitespace-nowrap">
                  <Mark mark={marks.get(run.model.id)} />
                  <TextLink href={`/models/${run.model.id}`}>{run.model.name}</TextLink>
                  <span className="text-ink-soft">on {run.dataset.name}</span>
                </span>
              ),
            },
            { name: ratioName, right: true, cell: ({ ratio }) => ratioText(ratio) },
            {
              name: 'Change of top-1',
              right: true,
              className: 'whitespace-nowrap',
              cell: ({ drop }) => points(-drop),
            },
          ]}
        />
      </RunSelection>
    </LitRun>
  );
}

function FrontChart({ front, ratioName }: { front: readonly FrontRun[]; ratioName: string }) {
  const router = useRouter();
  const { id: lit, light } = useLitRun();
  const drawn = front.map(({ ratio, drop, run: { id, name, model } }) => ({ id, name, model, ratio, drop }));
  return (
    <div data-chart>
      <Chart
        className="h-96"
        label={`Change of top-1 over the ratio of ${ratioName} of ${plural(front.length, 'run')} on the Pareto front; the table has the numbers`}
        option={(palette) => ratioFrontOption(drawn, ratioName, palette)}
        lit={lit}
        onClick={(id) => router.push(`/runs/${id}`)}
        onHover={light}
      />
    </div>
  );
}

const FORMS: Readonly<Record<ModelMark['symbol'], string>> = {
  circle: 'M5 0a5 5 0 1 0 0 10a5 5 0 1 0 0 -10z',
  diamond: 'M5 0L10 5L5 10L0 5z',
  triangle: 'M5 0L10 10H0z',
  rect: 'M0 0H10V10H0z',
};

/** A model's form and colour on the chart. */
function Mark({ mark }: { mark: ModelMark | undefined }) {
  if (!mark) return null;
  return (
    <svg aria-hidden width={10} height={10} className="shrink-0">
      <path d={FORMS[mark.symbol]} fill={mark.colour} />
    </svg>
  );
}
