'use client';

import type { ReactNode } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { type SearchStep, searchOption } from '#src/charts/search.ts';
import { percent } from '#src/format/numbers.ts';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';

const STEPS: Readonly<Record<string, string>> = {
  bisect: 'bisection',
  take: 'channels taken',
  'give-back': 'a unit given back',
};

/** How the search closed in on the target. */
export function SearchPart({
  steps,
  target,
  children,
}: {
  steps: readonly SearchStep[];
  target: number;
  /** Below the chart. */
  children?: ReactNode;
}) {
  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <div>
        <Chart
          label={`Share removed at each of ${steps.length} steps of the search; the table beside it has the numbers`}
          option={(palette) => searchOption(steps, target, palette)}
        />
        {children}
      </div>
      <Table caption="Steps of the search">
        <thead>
          <tr>
            <Th right>Step</Th>
            <Th>What</Th>
            <Th right>Threshold</Th>
            <Th right>Removed</Th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ threshold, saving, kind, round }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its number
            <Tr key={index}>
              <Td right>{index + 1}</Td>
              <Td>{`${round === undefined ? '' : `round ${round}: `}${STEPS[kind] ?? kind}`}</Td>
              <Td right>{Number(threshold.toPrecision(4))}</Td>
              <Td right>{percent(saving)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
