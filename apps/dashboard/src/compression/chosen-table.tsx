import Link from 'next/link';
import { points } from '#src/format/numbers.ts';
import { runTitle } from '#src/format/strategies.ts';
import { Dot } from '#src/ui/dot.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { type Chosen, keyOf } from './chosen.ts';
import { METRIC_NAMES, METRICS } from './view.ts';
import { accuraciesText, budgetText, costsText, factorText } from './words.ts';

/** The runs behind the factors: their accuracies, and their factors in every metric. */
export function ChosenTable({ chosen }: { chosen: readonly Chosen[] }) {
  return (
    <Table caption="The runs behind the factors">
      <thead>
        <tr>
          <Th className="sticky left-0 z-10 bg-page">Run</Th>
          <Th className="hidden md:table-cell">Model</Th>
          <Th className="hidden md:table-cell">Best at</Th>
          <Th right className="hidden md:table-cell">
            Top-1
          </Th>
          <Th right>Change</Th>
          {METRICS.map((metric) => (
            <Th key={metric} right>
              {METRIC_NAMES[metric]}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {chosen.map(({ row, run, budgets }) => (
          <Tr key={`${keyOf(row)} ${run.runId}`} className="group">
            <Td className="sticky left-0 z-10 bg-page group-hover:bg-hover">
              <Link
                href={`/runs/${run.runId}`}
                className="flex items-center gap-2 font-medium hover:underline md:whitespace-nowrap"
              >
                <Dot allocation={run.allocation} />
                {runTitle(run)}
              </Link>
            </Td>
            <Td className="hidden md:table-cell">
              {row.model} <span className="text-ink-soft">on {row.dataset}</span>
            </Td>
            <Td className="hidden whitespace-nowrap md:table-cell">{budgets.map(budgetText).join(', ')}</Td>
            <Td right className="hidden md:table-cell">
              {accuraciesText(run)}
            </Td>
            <Td right>{points(-run.drop)}</Td>
            {METRICS.map((metric) => (
              <Td key={metric} right title={costsText(metric, run)}>
                {factorText(run.factors[metric])}
              </Td>
            ))}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
