'use client';

import { useState } from 'react';
import { count, percent } from '#src/format/numbers.ts';
import { Select } from '#src/ui/field.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { LaneCell } from './lane-cell.tsx';
import { laneRows } from './lanes.ts';
import { type ModelLayer, shapeText } from './summary.ts';

type Cost = 'macs' | 'params';

/** The graph of the layers, and what each costs, as bars against the dearest one. */
export function LayersTable({ layers }: { layers: readonly ModelLayer[] }) {
  const [cost, setCost] = useState<Cost>('macs');
  const dearest = Math.max(1, ...layers.map((layer) => layer[cost]));
  const graph = graphOf(layers);
  const lanes = 1 + Math.max(0, ...graph.flatMap(({ lane, from, past }) => [lane, ...from, ...past]));
  const total = layers.reduce((sum, layer) => sum + layer[cost], 0) || 1;
  return (
    <div>
      <label htmlFor="layer-cost" className="mb-2 flex w-fit items-center gap-2 text-ink-soft">
        Cost
        <Select
          id="layer-cost"
          className="w-auto"
          value={cost}
          onChange={(event) => setCost(event.target.value as Cost)}
        >
          <option value="macs">MACs</option>
          <option value="params">params</option>
        </Select>
      </label>
      <Table caption="Layers and what they cost">
        <thead>
          <tr>
            {graph.length > 0 && (
              <Th className="w-0">
                <span className="sr-only">Reads from</span>
              </Th>
            )}
            <Th>Layer</Th>
            <Th className="hidden md:table-cell">Operation</Th>
            <Th className="hidden md:table-cell">Output</Th>
            <Th className="w-1/3">Share of the network</Th>
            <Th right>{cost === 'macs' ? 'MACs' : 'Params'}</Th>
            <Th right>Share</Th>
          </tr>
        </thead>
        <tbody>
          {layers.map((layer, index) => (
            <Tr key={layer.name}>
              {graph[index] && (
                <Td className="py-0!">
                  <LaneCell row={graph[index]} lanes={lanes} />
                  <span className="sr-only">{originsOf(layer, layers)}</span>
                </Td>
              )}
              <Td className="max-w-56 truncate font-mono text-small" title={layer.name}>
                {layer.name}
              </Td>
              <Td className="hidden md:table-cell">{layer.op}</Td>
              <Td className="hidden font-mono text-small md:table-cell">{shapeText(layer.shape)}</Td>
              <Td>
                <span
                  aria-hidden
                  className="block h-3 rounded-xs bg-accent"
                  style={{ width: `${(layer[cost] / dearest) * 100}%` }}
                />
              </Td>
              <Td right>{count(layer[cost] || null)}</Td>
              <Td right>{percent(layer[cost] ? layer[cost] / total : null, 1)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

/** Empty for a model of old, whose joins are not known. */
function graphOf(layers: readonly ModelLayer[]) {
  const joined = layers.flatMap(({ from }) => (from ? [{ from }] : []));
  return joined.length === layers.length ? laneRows(joined) : [];
}

function originsOf({ from = [] }: ModelLayer, layers: readonly ModelLayer[]): string {
  return from.map((index) => layers[index]?.name).join(', ') || 'the input';
}
