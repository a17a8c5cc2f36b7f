'use client';

import { clsx } from 'clsx';
import { X } from 'lucide-react';
import Link from 'next/link';
import { DataTable } from '#src/ui/data-table.tsx';
import { Dot } from '#src/ui/dot.tsx';
import { type DifferenceRow, differenceRows } from './difference.ts';
import { type ComparedRun, properties } from './runs.ts';

const VERDICTS = { better: 'text-done', worse: 'text-failed', same: 'text-ink-soft' } as const;

/** Runs as columns, properties as rows; one column is the baseline that the others are measured against. */
export function DifferenceTable({
  runs,
  baseline,
  onlyDifferent,
  onBaseline,
  onRemove,
}: {
  runs: readonly ComparedRun[];
  baseline: number;
  onlyDifferent: boolean;
  onBaseline: (id: string) => void;
  onRemove: (id: string) => void;
}) {
  const head = (run: ComparedRun, column: number) => (
    <span className="flex flex-col items-end gap-0.5 pb-1">
      <span className="flex items-center gap-1.5">
        <Dot allocation={run.allocation} criterion={run.criterion} />
        <Link href={`/runs/${run.id}`} className="font-medium text-ink hover:underline">
          {run.strategy}
        </Link>
        {runs.length > 2 && (
          <button
            type="button"
            aria-label={`Take ${run.strategy}, seed ${run.seed} out`}
            onClick={() => onRemove(run.id)}
            className="rounded-sm p-0.5 hover:bg-hover hover:text-ink"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        )}
      </span>
      {column === baseline ? (
        <span className="text-accent">baseline</span>
      ) : (
        <button type="button" onClick={() => onBaseline(run.id)} className="hover:text-ink hover:underline">
          make baseline
        </button>
      )}
    </span>
  );
  return (
    <DataTable
      caption="Differences between the chosen runs"
      rows={differenceRows(properties(runs), baseline, onlyDifferent)}
      keyOf={({ name }) => name}
      empty="These runs differ in nothing that is told here."
      columns={[
        {
          name: 'Property',
          sticky: true,
          namesRow: true,
          className: 'h-9 pr-4 font-normal whitespace-nowrap text-ink-soft',
          cell: ({ name }) => name,
        },
        ...runs.map((run, column) => ({
          name: run.strategy,
          key: run.id,
          right: true,
          head: { className: 'min-w-36 align-bottom', children: head(run, column) },
          cell: ({ cells }: DifferenceRow) => <Value cell={cells[column]} />,
        })),
      ]}
    />
  );
}

function Value({ cell }: { cell: DifferenceRow['cells'][number] | undefined }) {
  if (!cell) return null;
  const { text, delta, verdict } = cell;
  return (
    <>
      {text}
      {delta && (
        <span className={clsx('ml-2 text-small', verdict ? VERDICTS[verdict] : 'text-ink-soft')}>
          {delta}
          {verdict && verdict !== 'same' && <span className="sr-only">, {verdict}</span>}
        </span>
      )}
    </>
  );
}
