'use client';

import Link from 'next/link';
import { useState } from 'react';
import { count, milliseconds, percent, plural, points } from '#src/format/numbers.ts';
import { strategyWords, targetWords } from '#src/format/strategies.ts';
import { Button } from '#src/ui/button.tsx';
import { Dot } from '#src/ui/dot.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import type { ComparedRun } from './runs.ts';

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
  const isFull = chosen.length >= most;
  return (
    <>
      <Table caption="Runs of this comparison">
        <thead>
          <tr>
            <Th className="w-8">
              <span className="sr-only">Compare</span>
            </Th>
            <Th>Strategy</Th>
            <Th className="hidden md:table-cell">Experiment</Th>
            <Th className="hidden md:table-cell">Model</Th>
            <Th className="hidden md:table-cell">To remove</Th>
            <Th right>Seed</Th>
            <Th right>Top-1</Th>
            <Th right className="hidden md:table-cell">
              Against unpruned
            </Th>
            <Th right>MACs</Th>
            <Th right className="hidden md:table-cell">
              Params
            </Th>
            <Th right className="hidden md:table-cell">
              Latency (p50)
            </Th>
            <Th className="hidden md:table-cell">Pareto front</Th>
          </tr>
        </thead>
        <tbody>
          {runs.slice(0, rows).map((run) => {
            const isChosen = chosen.includes(run.id);
            return (
              <Tr key={run.id}>
                <Td>
                  <input
                    type="checkbox"
                    className="block size-4 accent-accent"
                    aria-label={`Compare ${run.allocation} with ${run.criterion}, ${targetWords(run)}, seed ${run.seed}`}
                    checked={isChosen}
                    disabled={!isChosen && isFull}
                    title={!isChosen && isFull ? `${most} runs at most stand side by side` : undefined}
                    onChange={(event) => onChoose(run.id, event.target.checked)}
                  />
                </Td>
                <Td>
                  <Link
                    href={`/runs/${run.id}`}
                    className="flex items-center gap-2 font-medium whitespace-nowrap hover:underline"
                  >
                    <Dot allocation={run.allocation} />
                    {strategyWords(run)}
                  </Link>
                </Td>
                <Td className="hidden md:table-cell">{run.experiment}</Td>
                <Td className="hidden md:table-cell">{run.model}</Td>
                <Td className="hidden whitespace-nowrap md:table-cell">{targetWords(run)}</Td>
                <Td right>{run.seed}</Td>
                <Td right>{percent(run.top1)}</Td>
                <Td right className="hidden md:table-cell">
                  {points(run.drop === null ? null : -run.drop)}
                </Td>
                <Td right>{count(run.macs)}</Td>
                <Td right className="hidden md:table-cell">
                  {count(run.params)}
                </Td>
                <Td right className="hidden md:table-cell">
                  {milliseconds(run.latencyMs)}
                </Td>
                <Td className="hidden md:table-cell">{run.onFront ? 'on the front' : ''}</Td>
              </Tr>
            );
          })}
        </tbody>
      </Table>
      {runs.length > rows && (
        <div className="mt-3 flex items-center justify-end gap-3 text-ink-soft">
          {plural(rows, 'row')} of {runs.length}
          <Button onClick={() => setRows(rows + STEP * 5)}>Show more</Button>
        </div>
      )}
    </>
  );
}
