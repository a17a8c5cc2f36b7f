import Link from 'next/link';
import { UNKNOWN } from '#src/format/numbers.ts';
import { markOf } from '#src/format/origin.ts';
import { commonMetric } from '#src/format/quality.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { OriginMark } from '#src/ui/origin-mark.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { keyOf } from './chosen.ts';
import type { CompressionBest, CompressionRow } from './compression-query.ts';
import { Ratio } from './ratio.tsx';
import { METRIC_NAMES, type Metric } from './view.ts';
import { budgetText, cellTitle, lossText, wayText } from './words.ts';

interface Props {
  readonly rows: readonly CompressionRow[];
  readonly budgets: readonly number[];
  readonly metric: Metric;
}

/** Models by budgets: the largest ratio in each cell, which leads to its run. On a phone a card a model. */
export function CompressionTable({ rows, budgets, metric }: Props) {
  // A head is in points where all rows are, and else a plain number in the unit of each row.
  const unit =
    rows.length === 0 ? 'SHARE' : (commonMetric(rows.map((row) => row.qualityMetric))?.unit ?? 'RATIO');
  return (
    <>
      <div className="hidden md:block">
        <DataTable
          caption={`${METRIC_NAMES[metric]}, base over pruned, by model and allowed drop`}
          rows={rows}
          keyOf={keyOf}
          columns={[
            {
              name: 'Model',
              namesRow: true,
              className: 'py-1 pr-2 font-medium',
              cell: (row) => <ModelLink row={row} />,
            },
            { name: 'Data set', cell: ({ dataset }) => dataset.name },
            metric === 'predicted' && {
              name: 'Device',
              cell: ({ profiledDevice }: CompressionRow) => profiledDevice ?? UNKNOWN,
            },
            {
              name: 'Fine-tuning',
              className: 'text-ink-soft',
              title: ({ reservation }: CompressionRow) => reservation ?? undefined,
              cell: wayText,
            },
            { name: 'Networks', right: true, cell: ({ networks }) => networks },
            ...budgets.map((budget, i) => ({
              name: `at most ${budgetText(budget, unit)}`,
              right: true,
              cell: ({ best, qualityMetric }: CompressionRow) => (
                <Cell best={best[i] ?? null} metric={metric} judgedBy={qualityMetric} />
              ),
            })),
          ]}
        />
      </div>
      <ul className="grid gap-4 md:hidden">
        {rows.map((row) => (
          <li key={keyOf(row)} className="border-b border-line pb-3">
            <p className="font-medium">
              <ModelLink row={row} />
            </p>
            <p className="text-small text-ink-soft">
              {[row.dataset.name, row.profiledDevice, wayText(row), row.reservation]
                .filter(Boolean)
                .join(', ')}
            </p>
            <dl className="mt-1">
              {budgets.map((budget, i) => (
                <div key={budget} className="flex min-h-8 items-center justify-between">
                  <dt className="text-ink-soft">at most {budgetText(budget, row.qualityMetric.unit)}</dt>
                  <dd className="numbers">
                    <Cell best={row.best[i] ?? null} metric={metric} judgedBy={row.qualityMetric} />
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}

function ModelLink({ row }: { row: CompressionRow }) {
  return <TextLink href={`/models/${row.model.id}`}>{row.model.name}</TextLink>;
}

function Cell({
  best,
  metric,
  judgedBy,
}: {
  best: CompressionBest | null;
  metric: Metric;
  judgedBy: CompressionRow['qualityMetric'];
}) {
  if (!best) return <span title="No run keeps to this drop">{UNKNOWN}</span>;
  return (
    <Link
      href={`/runs/${best.run.id}`}
      title={cellTitle(judgedBy, best, metric)}
      className="inline-flex items-baseline gap-2 hover:underline"
    >
      <span className="font-medium">
        <Ratio best={best} metric={metric} />
      </span>
      <span className="text-small text-ink-soft">{lossText(judgedBy, best)}</span>
      <OriginMark of={markOf(best.run)} />
    </Link>
  );
}
