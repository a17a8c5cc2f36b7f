import Link from 'next/link';
import { points } from '#src/format/numbers.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { Dot } from '#src/ui/dot.tsx';
import { type Chosen, keyOf } from './chosen.ts';
import { METRIC_NAMES, METRICS } from './view.ts';
import { accuraciesText, budgetText, costsText, ratioText } from './words.ts';

/** The runs behind the ratios: their accuracies, and their ratios in every metric. */
export function ChosenTable({ chosen }: { chosen: readonly Chosen[] }) {
  return (
    <DataTable
      caption="The runs behind the ratios"
      rows={chosen}
      keyOf={({ row, run }) => `${keyOf(row)} ${run.runId}`}
      columns={[
        {
          name: 'Run',
          sticky: true,
          cell: ({ run }) => (
            <Link
              href={`/runs/${run.runId}`}
              className="flex min-w-36 items-center gap-2 font-medium hover:underline md:whitespace-nowrap"
            >
              <Dot allocation={run.allocation} />
              {run.name}
            </Link>
          ),
        },
        {
          name: 'Model',
          from: 'md',
          cell: ({ row }) => (
            <>
              {row.model} <span className="text-ink-soft">on {row.dataset}</span>
            </>
          ),
        },
        {
          name: 'Best at',
          from: 'md',
          className: 'whitespace-nowrap',
          cell: ({ budgets }) => budgets.map(budgetText).join(', '),
        },
        { name: 'Top-1', right: true, from: 'md', cell: ({ run }) => accuraciesText(run) },
        { name: 'Change', right: true, cell: ({ run }) => points(-run.drop) },
        ...METRICS.map((metric) => ({
          name: METRIC_NAMES[metric],
          right: true,
          title: ({ run }: Chosen) => costsText(metric, run),
          cell: ({ run }: Chosen) => ratioText(run.ratio[metric]),
        })),
      ]}
    />
  );
}
