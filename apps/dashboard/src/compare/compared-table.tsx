'use client';

import { useState } from 'react';
import { bytes, count, milliseconds, plural } from '#src/format/numbers.ts';
import { changeOf, changeText, commonMetric, headOf, valueText } from '#src/format/quality.ts';
import { targetWords } from '#src/format/strategies.ts';
import { Button } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { OriginMark } from '#src/ui/origin-mark.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import type { ComparedRun } from './runs.ts';
import { StrategyLabel } from './strategy-label.tsx';

/** More rows than that only slow the page down; one asks for them. */
const STEP = 50;

/** The runs that a brush left, best first; those that are ticked are the columns of the difference table. */
export function ComparedTable({
  runs,
  chosen,
  most,
  onChoose,
}: {
  runs: readonly ComparedRun[];
  chosen: readonly string[];
  most: number;
  onChoose: (id: string, on: boolean) => void;
}) {
  const [rows, setRows] = useState(STEP);
  const metric = commonMetric(runs.map(({ judgedBy }) => judgedBy));
  const isFull = chosen.length >= most;
  return (
    <>
      <DataTable
        caption="Runs of this comparison"
        rows={runs.slice(0, rows)}
        keyOf={({ id }) => id}
        columns={[
          {
            name: 'Compare',
            unseen: true,
            head: { className: 'w-8' },
            cell: (run) => {
              const isChosen = chosen.includes(run.id);
              return (
                <input
                  type="checkbox"
                  className="block size-4 accent-accent"
                  aria-label={`Compare ${run.strategy}, ${targetWords(run)}, seed ${run.seed}`}
                  checked={isChosen}
                  disabled={!isChosen && isFull}
                  title={!isChosen && isFull ? `${most} runs at most stand side by side` : undefined}
                  onChange={(event) => onChoose(run.id, event.target.checked)}
                />
              );
            },
          },
          {
            name: 'Strategy',
            cell: (run) => (
              <>
                <TextLink href={`/runs/${run.id}`}>
                  <StrategyLabel strategy={{ name: run.strategy, allocation: run.allocation }} />
                </TextLink>
                <OriginMark of={run.mark} />
              </>
            ),
          },
          { name: 'Experiment', from: 'md', cell: ({ experiment }) => experiment },
          { name: 'Model', from: 'md', cell: ({ model }) => model },
          { name: 'To remove', from: 'md', className: 'whitespace-nowrap', cell: targetWords },
          { name: 'Seed', right: true, cell: ({ seed }) => seed },
          metric === null && { name: 'Judged by', cell: ({ judgedBy }) => judgedBy.label },
          {
            name: metric ? headOf(metric) : 'Value',
            right: true,
            cell: ({ judgedBy, value }) => valueText(judgedBy, value),
          },
          {
            name: 'Against unpruned',
            right: true,
            from: 'md',
            cell: ({ judgedBy, valueDrop }) => changeText(judgedBy, changeOf(judgedBy, valueDrop)),
          },
          { name: 'MACs', right: true, cell: ({ macs }) => count(macs) },
          { name: 'Params', right: true, from: 'md', cell: ({ params }) => count(params) },
          { name: 'File', right: true, from: 'md', cell: (run) => bytes(run.bytes) },
          {
            name: 'Latency (p50)',
            right: true,
            from: 'md',
            cell: ({ latencyMs }) => milliseconds(latencyMs),
          },
          { name: 'Pareto front', from: 'md', cell: ({ onFront }) => (onFront ? 'on the front' : '') },
        ]}
      />
      {runs.length > rows && (
        <div className="mt-3 flex items-center justify-end gap-3 text-ink-soft">
          {plural(rows, 'row')} of {runs.length}
          <Button onClick={() => setRows(rows + STEP * 5)}>Show more</Button>
        </div>
      )}
    </>
  );
}
