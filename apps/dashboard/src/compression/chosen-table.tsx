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
      keyOf={({ row, best }) => `${keyOf(row)} ${best.run.id}`}
      columns={[
        {
          name: 'Run',
          sticky: true,
          cell: ({ best }) => (
            <Link
              href={`/runs/${best.run.id}`}
              className="flex min-w-36 items-center gap-2 font-medium hover:underline md:whitespace-nowrap"
            >
              <Dot allocation={best.allocation} />
              {best.name}
            </Link>
          ),
        },
        {
          name: 'Model',
          from: 'md',
          cell: ({ row }) => (
            <>
              {row.model.name} <span className="text-ink-soft">on {row.dataset.name}</span>
            </>
          ),
        },
        {
          name: 'Best at',
          from: 'md',
          className: 'whitespace-nowrap',
          cell: ({ budgets }) => budgets.map(budgetText).join(', '),
        },
        { name: 'Top-1', right: true, from: 'md', cell: ({ best }) => accuraciesText(best) },
        { name: 'Change', right: true, cell: ({ best }) => points(-best.drop) },
        ...METRICS.map((metric) => ({
          name: METRIC_NAMES[metric],
          right: true,
          title: ({ best }: Chosen) => costsText(metric, best),
          cell: ({ best }: Chosen) => ratioText(best.ratio[metric]),
        })),
      ]}
    />
  );
}
