import { clsx } from 'clsx';
import Link from 'next/link';
import { targetWords } from '#src/format/strategies.ts';
import { Dot } from '#src/ui/dot.tsx';
import { ariaSort, OrderLink, type TableOrder } from '#src/ui/order-link.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { COLUMNS, DEFAULT_COLUMNS } from './columns.tsx';
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
  const shown = COLUMNS.filter(({ id }) => columns.includes(id));
  const width = shown.length + 1 + (selectable ? 1 : 0);
  return (
    <Table caption={caption}>
      <thead>
        <tr>
          {selectable && (
            <Th className="w-8">
              <SelectAll ids={runs.map(({ id }) => id)} />
            </Th>
          )}
          <Th className="sticky left-0 z-10 bg-page">Strategy</Th>
          {shown.map(({ id, name, right, matters, order: by }) => (
            <Th
              key={id}
              className={clsx(!matters && 'hidden md:table-cell')}
              {...(right ? { right } : {})}
              {...(order && by ? ariaSort(by, order) : {})}
            >
              {order && by ? <OrderLink name={name} by={by} order={order} /> : name}
            </Th>
          ))}
        </tr>
      </thead>
      {groupsOf(runs, group).map(({ name, rows }) => (
        <tbody key={name ?? 'all'}>
          {name !== null && (
            <tr>
              <th scope="rowgroup" colSpan={width} className="h-9 border-b border-line pt-2 font-semibold">
                {name} <span className="font-normal text-ink-soft tabular-nums">{rows.length}</span>
              </th>
            </tr>
          )}
          {rows.map((run) => (
            <Tr key={run.id} data-row={run.id} className="group data-lit:bg-hover">
              {selectable && (
                <Td>
                  <SelectRun id={run.id} label={`${run.strategy.name}, ${targetWords(run)}`} />
                </Td>
              )}
              <Td className="sticky left-0 z-10 bg-page group-hover:bg-hover group-data-lit:bg-hover">
                <Link
                  href={`/runs/${run.id}`}
                  data-run={run.id}
                  className="flex items-center gap-2 font-medium whitespace-nowrap hover:underline"
                >
                  <Dot allocation={run.allocation} />
                  {run.strategy.name}
                </Link>
                <span className="text-small text-ink-soft md:hidden">
                  {targetWords(run)}, seed {run.seed}
                </span>
              </Td>
              {shown.map(({ id, right, matters, cell }) => (
                <Td
                  key={id}
                  className={clsx(!matters && 'hidden md:table-cell', !right && 'whitespace-nowrap')}
                  {...(right ? { right } : {})}
                >
                  {cell(run)}
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      ))}
    </Table>
  );
}

function groupsOf(
  runs: readonly RunRow[],
  by: Grouping | null,
): readonly { name: string | null; rows: readonly RunRow[] }[] {
  if (by === null) return [{ name: null, rows: runs }];
  const groups = new Map<string, RunRow[]>();
  for (const run of runs) {
    const name = groupName(run, by);
    groups.set(name, [...(groups.get(name) ?? []), run]);
  }
  return [...groups].map(([name, rows]) => ({ name, rows }));
}

function groupName({ allocation, experiment }: RunRow, by: Grouping): string {
  if (by === 'allocation') return allocation;
  return by === 'model' ? experiment.model.name : experiment.name;
}
