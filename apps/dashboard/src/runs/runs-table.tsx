import Link from 'next/link';
import { markOf } from '#src/format/origin.ts';
import { targetWords } from '#src/format/strategies.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { Dot } from '#src/ui/dot.tsx';
import type { TableOrder } from '#src/ui/order-link.tsx';
import { OriginMark } from '#src/ui/origin-mark.tsx';
import { columnsFor, DEFAULT_COLUMNS } from './columns.tsx';
import type { RunRow } from './run-row.ts';
import { SelectAll, SelectRun } from './selection.tsx';
import type { Grouping, OrderBy } from './view.ts';

/**
 * Runs, a line each. The strategy stays in sight when a wide table scrolls; on a phone the columns that matter are
 * left: what, how it stands, how good it is. Inside a `RunSelection` rows can be selected.
 */
export function RunsTable({
  runs,
  columns = DEFAULT_COLUMNS,
  caption = 'Runs',
  selectable = false,
  order,
  group = null,
}: {
  runs: readonly RunRow[];
  columns?: readonly string[];
  caption?: string;
  selectable?: boolean;
  order?: TableOrder<OrderBy>;
  group?: Grouping | null;
}) {
  const shown = columnsFor(runs, columns);
  return (
    <DataTable
      caption={caption}
      rows={runs}
      keyOf={({ id }) => id}
      groupOf={(run) => groupName(run, group)}
      rowProps={({ id }) => ({ 'data-row': id, className: 'data-lit:bg-hover' })}
      order={order}
      columns={[
        selectable && {
          name: 'Select',
          head: { className: 'w-8', children: <SelectAll ids={runs.map(({ id }) => id)} /> },
          cell: (run) => <SelectRun id={run.id} label={`${run.strategy.name}, ${targetWords(run)}`} />,
        },
        {
          name: 'Strategy',
          sticky: true,
          className: 'min-w-36 group-data-lit:bg-hover',
          cell: (run) => (
            <>
              <Link
                href={`/runs/${run.id}`}
                data-run={run.id}
                className="flex items-center gap-2 font-medium hover:underline"
              >
                <Dot allocation={run.allocation} criterion={run.criterion} />
                {run.strategy.name}
              </Link>
              <OriginMark of={markOf(run)} />
              <span className="text-small text-ink-soft md:hidden">
                {targetWords(run)}, seed {run.seed}
              </span>
            </>
          ),
        },
        ...shown.map(({ id, matters, ...column }) => ({
          ...(column.right ? {} : { className: 'whitespace-nowrap' }),
          ...column,
          key: id,
          ...(matters ? {} : { from: 'md' as const }),
        })),
      ]}
    />
  );
}

function groupName({ allocation, experiment }: RunRow, by: Grouping | null): string {
  if (by === null) return '';
  if (by === 'allocation') return allocation;
  return by === 'model' ? experiment.model.name : experiment.name;
}
