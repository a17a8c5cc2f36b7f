'use client';

import { useState } from 'react';
import { grouped, percent } from '#src/format/numbers.ts';
import { Select } from '#src/ui/field.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import type { GroupWidth } from './matrix.ts';
import { type StructureOrder, structureRows } from './structure.ts';

/** One row a group: the grey bar is the width before, the coloured one what is kept. */
export function StructureBars({ structure, colour }: { structure: readonly GroupWidth[]; colour: string }) {
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
          <option value="position">by position in the network</option>
          <option value="saving">by share removed</option>
        </Select>
      </label>
      <Table caption="Width of each channel group before and after">
        <thead>
          <tr>
            <Th>Channel group</Th>
            <Th className="w-1/2">Units kept of units before</Th>
            <Th right>Before</Th>
            <Th right>After</Th>
            <Th right>Removed</Th>
          </tr>
        </thead>
        <tbody>
          {structureRows(structure, order).map((row) => (
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
              <Td right>{grouped(row.before)}</Td>
              <Td right>{grouped(row.after)}</Td>
              <Td right>{percent(row.removedShare, 0)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
