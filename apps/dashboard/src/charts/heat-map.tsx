'use client';

import { clsx } from 'clsx';
import { type KeyboardEvent, useId, useState } from 'react';
import { percent } from '#src/format/numbers.ts';
import { amountText, changeOf, changeText, directionWords, headOf, valueText } from '#src/format/quality.ts';
import { Select } from '#src/ui/field.tsx';
import { entries } from '#src/ui/named.ts';
import { inkOn, sequential } from './colours.ts';
import {
  type GroupWidth,
  harmScale,
  inOrder,
  MATRIX_ORDERS,
  MATRIX_VIEWS,
  type Matrix,
  type MatrixOrder,
  type MatrixView,
  matrixRows,
} from './matrix.ts';

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** What is no finite number: without these units the network's outputs are none. */
const BROKEN = 'broken';

/**
 * Groups by ratios as a real table: every cell can be read, pointed at and walked to with the arrow keys. The
 * outlined cell of a row is what the structure took of that group.
 */
export function HeatMap({
  matrix,
  structure,
  onRow,
  row: chosenRow,
  label = '',
  first = 'contribution',
}: {
  matrix: Matrix;
  structure: readonly GroupWidth[];
  /** The group that was chosen. */
  row: string | undefined;
  onRow: (group: string) => void;
  /** Whose it is, where there are several on a page. */
  label?: string;
  /** The order that it begins with: several beside each other have their rows in the same places. */
  first?: MatrixOrder;
}) {
  const [view, setView] = useState<MatrixView>('monotone');
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const orderId = useId();
  const [asTable, setAsTable] = useState(false);
  const [order, setOrder] = useState<MatrixOrder>(first);
  const rows = inOrder(matrixRows(matrix, view, structure), order);
  const scale = harmScale(matrix, view);
  const { metric } = matrix;
  const shown = {
    drop: (value: number) => changeText(metric, changeOf(metric, value), 1),
    monotone: (value: number) => changeText(metric, changeOf(metric, value), 1),
    contribution: (value: number) => percent(value, 1),
    values: (value: number) => valueText(metric, value, 1),
  };
  const show = (value: number) => (Number.isFinite(value) ? shown[view](value) : BROKEN);

  function walk(event: KeyboardEvent<HTMLTableElement>): void {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const row = Math.min(rows.length - 1, Math.max(0, at[0] + step[0]));
    const column = Math.min(matrix.grid.length - 1, Math.max(0, at[1] + step[1]));
    setAt([row, column]);
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${row}/${column}"]`)?.focus();
  }

  const [row, column] = at;
  const shownRow = rows[row];
  const detail = shownRow?.cells[column];
  const place = shownRow?.index ?? 0;
  return (
    <div>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">What the cells show</legend>
          {MATRIX_VIEWS.map((each) => (
            <button
              key={each.view}
              type="button"
              aria-pressed={view === each.view}
              onClick={() => setView(each.view)}
              className={clsx(
                'h-7 rounded-md border px-2',
                view === each.view
                  ? 'border-accent bg-accent-soft font-medium'
                  : 'border-line text-ink-soft hover:bg-hover',
              )}
            >
              {each.name ?? headOf(metric)}
            </button>
          ))}
        </fieldset>
        <span className="flex flex-wrap items-center gap-x-4 gap-y-2 text-ink-soft">
          <label htmlFor={orderId} className="flex items-center gap-2">
            Order
            <Select
              id={orderId}
              className="w-auto"
              value={order}
              options={entries(MATRIX_ORDERS)}
              onChange={(chosen) => {
                setOrder(chosen);
                setAt([0, 0]);
              }}
            />
          </label>
          <label className="flex items-center gap-2">
            <input type="checkbox" checked={asTable} onChange={(event) => setAsTable(event.target.checked)} />
            View as table
          </label>
        </span>
      </div>
      <section
        className="scroll-shades overflow-x-auto pb-1"
        aria-label={`Contribution matrix ${label}`.trim()}
      >
        <table className="border-separate border-spacing-px" onKeyDown={walk}>
          <caption className="sr-only">
            Rows are channel groups, columns the share of the group that is removed
          </caption>
          <thead>
            <tr>
              <th
                scope="col"
                className="pr-2 text-right text-small text-ink-soft"
                title="1: its cuts cause the largest share of the total drop, over all ratios"
              >
                Rank
              </th>
              <th scope="col" className="sticky left-0 bg-page pr-3 text-small text-ink-soft">
                Channel group
              </th>
              {matrix.grid.map((ratio) => (
                <th
                  key={ratio}
                  scope="col"
                  className="px-1 text-center text-small text-ink-soft tabular-nums"
                >
                  {percent(ratio, 0)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ group, rank, cells }, r) => (
              <tr key={group}>
                <td className="pr-2 text-right text-small text-ink-soft tabular-nums">{rank}</td>
                <th scope="row" className="sticky left-0 max-w-56 bg-page pr-3 font-normal">
                  <button
                    type="button"
                    onClick={() => onRow(group)}
                    aria-pressed={group === chosenRow}
                    className={clsx(
                      'block max-w-full truncate font-mono text-small hover:underline',
                      group === chosenRow && 'font-semibold text-accent',
                    )}
                    title={group}
                  >
                    {group}
                  </button>
                </th>
                {cells.map(({ value, harm, chosen }, c) => (
                  <td key={matrix.grid[c]} className="p-0">
                    <button
                      type="button"
                      data-cell={`${r}/${c}`}
                      tabIndex={r === row && c === column ? 0 : -1}
                      onFocus={() => setAt([r, c])}
                      onMouseEnter={() => setAt([r, c])}
                      onClick={() => onRow(group)}
                      aria-label={`${group}, ${percent(matrix.grid[c], 0)} removed: ${show(value)}${chosen ? ', chosen' : ''}`}
                      className={clsx(
                        'block h-6 w-full min-w-14 px-1 text-center text-small whitespace-nowrap tabular-nums',
                        chosen && 'outline-2 -outline-offset-2 outline-ink',
                      )}
                      style={asTable ? undefined : { background: sequential(harm), color: inkOn(harm) }}
                    >
                      {asTable || chosen || (r === row && c === column) ? show(value) : ''}
                    </button>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="mt-3 flex flex-wrap items-center justify-between gap-3 text-small text-ink-soft">
        <p aria-live="off" className="tabular-nums">
          {detail && (
            <>
              <span className="font-mono text-ink">{shownRow?.group}</span>, {percent(matrix.grid[column], 0)}{' '}
              removed: {metric.label} {valueText(metric, matrix.values[place]?.[column])},{' '}
              {changeText(metric, changeOf(metric, matrix.drop[place]?.[column]))} (±{' '}
              {amountText(metric, matrix.standardError[place]?.[column])}),{' '}
              {percent(matrix.contribution[place]?.[column], 1)} of the total drop
            </>
          )}
        </p>
        <span className="flex flex-wrap items-center gap-3">
          {metric.direction === 'LOWER' && `${headOf(metric)}: ${directionWords(metric)}`}
          <Scale harmless={show(scale.harmless)} harmful={show(scale.harmful)} />
        </span>
      </div>
    </div>
  );
}

/** The colour map, with the values at its ends in words. */
function Scale({ harmless, harmful }: { harmless: string; harmful: string }) {
  const stops = Array.from({ length: 9 }, (_, index) => sequential(index / 8)).join(', ');
  return (
    <span className="flex items-center gap-2 tabular-nums">
      harmless ({harmless})
      <span
        aria-hidden
        className="h-2.5 w-32 rounded-xs"
        style={{ background: `linear-gradient(to right, ${stops})` }}
      />
      harmful ({harmful})
    </span>
  );
}
