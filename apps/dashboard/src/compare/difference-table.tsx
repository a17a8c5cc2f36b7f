'use client';

import { clsx } from 'clsx';
import { X } from 'lucide-react';
import Link from 'next/link';
import { Dot } from '#src/ui/dot.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
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
  const rows = differenceRows(properties(runs), baseline, onlyDifferent);
  return (
    <Table caption="Differences between the chosen runs">
      <thead>
        <tr>
          <Th className="sticky left-0 z-10 bg-page">Property</Th>
          {runs.map((run, column) => (
            <Th key={run.id} right className="min-w-36 align-bottom">
              <span className="flex flex-col items-end gap-0.5 pb-1">
                <span className="flex items-center gap-1.5">
                  <Dot allocation={run.allocation} />
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
                  <button
                    type="button"
                    onClick={() => onBaseline(run.id)}
                    className="hover:text-ink hover:underline"
                  >
                    make baseline
                  </button>
                )}
              </span>
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <PropertyRow key={row.name} row={row} />
        ))}
        {rows.length === 0 && (
          <tr>
            <Td colSpan={runs.length + 1}>These runs differ in nothing that is told here.</Td>
          </tr>
        )}
      </tbody>
    </Table>
  );
}

function PropertyRow({ row }: { row: DifferenceRow }) {
  return (
    <Tr className="group">
      <th
        scope="row"
        className="sticky left-0 z-10 h-9 border-b border-line bg-page pr-4 font-normal whitespace-nowrap text-ink-soft group-hover:bg-hover"
      >
        {row.name}
      </th>
      {row.cells.map(({ text, delta, verdict }, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
        <Td key={column} right>
          {text}
          {delta && (
            <span className={clsx('ml-2 text-small', verdict ? VERDICTS[verdict] : 'text-ink-soft')}>
              {delta}
              {verdict && verdict !== 'same' && <span className="sr-only">, {verdict}</span>}
            </span>
          )}
        </Td>
      ))}
    </Tr>
  );
}
