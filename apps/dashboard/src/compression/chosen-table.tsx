import Link from 'next/link';
import { markOf } from '#src/format/origin.ts';
import { commonMetric, headOf } from '#src/format/quality.ts';
import { criterionIn } from '#src/format/shapes.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { Dot } from '#src/ui/dot.tsx';
import { OriginMark } from '#src/ui/origin-mark.tsx';
import { type Chosen, keyOf } from './chosen.ts';
import { Ratio } from './ratio.tsx';
import { METRIC_NAMES, METRICS } from './view.ts';
import { budgetText, costsText, lossText, valuesText } from './words.ts';

/** The runs behind the ratios: what they are worth, and their ratios in every metric. */
export function ChosenTable({ chosen }: { chosen: readonly Chosen[] }) {
  const isPredicted = chosen.some(({ best }) => best.ratio.predicted !== null);
  const common = commonMetric(chosen.map(({ row }) => row.qualityMetric));
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
            <>
              <Link
                href={`/runs/${best.run.id}`}
                className="flex min-w-36 items-center gap-2 font-medium hover:underline md:whitespace-nowrap"
              >
                <Dot allocation={best.allocation} criterion={criterionIn(best.name)} />
                {best.name}
              </Link>
              <OriginMark of={markOf(best.run)} />
            </>
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
          cell: ({ row, budgets }) =>
            budgets.map((budget) => budgetText(budget, row.qualityMetric.unit)).join(', '),
        },
        {
          name: common ? headOf(common) : 'Value',
          right: true,
          from: 'md',
          title: ({ row }) => row.qualityMetric.label,
          cell: ({ row, best }) => valuesText(row.qualityMetric, best),
        },
        { name: 'Change', right: true, cell: ({ row, best }) => lossText(row.qualityMetric, best) },
        ...METRICS.filter((metric) => metric !== 'predicted' || isPredicted).map((metric) => ({
          name: METRIC_NAMES[metric],
          right: true,
          title: ({ best }: Chosen) => costsText(metric, best),
          cell: ({ best }: Chosen) => <Ratio best={best} metric={metric} />,
        })),
      ]}
    />
  );
}
