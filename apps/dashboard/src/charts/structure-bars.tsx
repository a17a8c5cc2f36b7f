'use client';

import { type ReactNode, useState } from 'react';
import { count, grouped, percent, plural } from '#src/format/numbers.ts';
import { changeOf, changeText } from '#src/format/quality.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { Select } from '#src/ui/field.tsx';
import { entries } from '#src/ui/named.ts';
import type { Matrix } from './matrix.ts';
import {
  type BarGroup,
  STRUCTURE_ORDERS,
  type StructureOrder,
  structureRows,
  widestOf,
} from './structure.ts';

/** One row a group: a bar as long as the group was wide, filled as far as channels are kept; what that saved and cost. */
export function StructureBars({
  structure,
  matrix,
  colour,
}: {
  structure: readonly BarGroup[];
  /** What the search went by, if it did. */
  matrix: Matrix | null;
  colour: string;
}) {
  const [order, setOrder] = useState<StructureOrder>('position');
  return (
    <div>
      <label htmlFor="structure-order" className="mb-2 flex w-fit items-center gap-2 text-ink-soft">
        Order
        <Select
          id="structure-order"
          className="w-auto"
          value={order}
          options={entries(STRUCTURE_ORDERS).filter(({ id }) => id !== 'drop' || matrix !== null)}
          onChange={setOrder}
        />
      </label>
      <p className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-small text-ink-soft">
        <Swatch colour={colour}>filled: channels kept</Swatch>
        <Swatch>whole bar: channels before</Swatch>
        <span>
          All bars have one scale: the longest is the widest group, {plural(widestOf(structure), 'channel')}.
        </span>
      </p>
      <DataTable
        caption="Channels of each group before and after"
        rows={structureRows(structure, order, matrix)}
        keyOf={({ group }) => group}
        columns={[
          { name: 'Channel group', className: 'max-w-64', long: ({ group }) => group },
          {
            name: 'Channels',
            head: { className: 'w-1/3' },
            cell: ({ beforeShare, afterShare }) => (
              <span aria-hidden className="relative block h-3 min-w-32">
                <span
                  className="absolute inset-y-0 left-0 rounded-xs bg-line-strong"
                  style={{ width: `${beforeShare * 100}%` }}
                />
                <span
                  className="absolute inset-y-0 left-0 rounded-xs"
                  style={{ width: `${afterShare * 100}%`, background: colour }}
                />
              </span>
            ),
          },
          { name: 'Channels before', right: true, from: 'md', cell: ({ before }) => grouped(before) },
          { name: 'Channels kept', right: true, cell: ({ after }) => grouped(after) },
          { name: 'Removed', right: true, cell: ({ removedShare }) => percent(removedShare, 0) },
          {
            name: 'MACs saved alone',
            right: true,
            from: 'md',
            head: {
              title: 'By the cut of this group alone; the savings of groups that share a layer overlap',
            },
            cell: ({ savedMacs }) => count(savedMacs),
          },
          matrix !== null && {
            name: `Change of ${matrix.metric.label} alone`,
            right: true,
            from: 'md',
            head: { title: 'With this group alone cut, at the sampled ratio next to what was removed' },
            cell: ({ drop }) => changeText(matrix.metric, changeOf(matrix.metric, drop), 1),
          },
        ]}
      />
    </div>
  );
}

/** What a colour of the bars is; the grey of what is before without one. */
function Swatch({ colour, children }: { colour?: string; children: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <span
        aria-hidden
        className="h-2.5 w-4 rounded-xs bg-line-strong"
        {...(colour === undefined ? {} : { style: { background: colour } })}
      />
      {children}
    </span>
  );
}
