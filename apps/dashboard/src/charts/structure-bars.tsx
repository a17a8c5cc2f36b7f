'use client';

import { useState } from 'react';
import { count, grouped, percent, points } from '#src/format/numbers.ts';
import { Select } from '#src/ui/field.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import type { GroupWidth, Matrix } from './matrix.ts';
import { STRUCTURE_ORDERS, type StructureOrder, structureRows } from './structure.ts';

/** One row a group: the grey bar is the width before, the coloured one what is kept; what that saved and cost. */
export function StructureBars({
  structure,
  matrix,
  colour,
}: {
  structure: readonly GroupWidth[];
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
          onChange={(event) => setOrder(event.target.value as StructureOrder)}
        >
          {Object.entries(STRUCTURE_ORDERS)
            .filter(([key]) => key !== 'drop' || matrix !== null)
            .map(([key, name]) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
        </Select>
      </label>
      <Table caption="Width of each channel group before and after">
        <thead>
          <tr>
            <Th>Channel group</Th>
            <Th className="w-1/3">Units kept of units before</Th>
            <Th right className="hidden md:table-cell">
              Before
            </Th>
            <Th right>After</Th>
            <Th right>Removed</Th>
            <Th
              right
              className="hidden md:table-cell"
              title="By the cut of this group alone; the savings of groups that share a layer overlap"
            >
              MACs saved alone
            </Th>
            {matrix && (
              <Th
                right
                className="hidden md:table-cell"
                title="With this group alone cut, at the sampled ratio next to what was removed"
              >
                Change of top-1 alone
              </Th>
            )}
          </tr>
        </thead>
        <tbody>
          {structureRows(structure, order, matrix).map((row) => (
            <Tr key={row.group}>
              <Td className="max-w-64 truncate font-mono text-small" title={row.group}>
                {row.group}
              </Td>
              <Td>
                <span aria-hidden className="relative block h-3 min-w-32">
                  <span
                    className="absolute inset-y-0 left-0 rounded-xs bg-line-strong"
                    style={{ width: `${row.beforeShare * 100}%` }}
                  />
                  <span
                    className="absolute inset-y-0 left-0 rounded-xs"
                    style={{ width: `${row.afterShare * 100}%`, background: colour }}
                  />
                </span>
              </Td>
              <Td right className="hidden md:table-cell">
                {grouped(row.before)}
              </Td>
              <Td right>{grouped(row.after)}</Td>
              <Td right>{percent(row.removedShare, 0)}</Td>
              <Td right className="hidden md:table-cell">
                {count(row.savedMacs)}
              </Td>
              {matrix && (
                <Td right className="hidden md:table-cell">
                  {points(row.drop === null ? null : -row.drop, 1)}
                </Td>
              )}
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
