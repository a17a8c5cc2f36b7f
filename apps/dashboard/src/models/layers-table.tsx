'use client';

import { useState } from 'react';
import { count, percent } from '#src/format/numbers.ts';
import { METRIC_NAMES } from '#src/format/strategies.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { Select } from '#src/ui/field.tsx';
import { LaneCell } from './lane-cell.tsx';
import { laneRows } from './lanes.ts';
import { type ModelLayer, shapeText } from './summary.ts';

const COSTS = [
  { id: 'macs', name: METRIC_NAMES.MACS },
  { id: 'params', name: METRIC_NAMES.PARAMS },
] as const;
type Cost = (typeof COSTS)[number]['id'];

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
        <Select id="layer-cost" className="w-auto" value={cost} options={COSTS} onChange={setCost} />
      </label>
      <DataTable
        caption="Layers and what they cost"
        rows={layers}
        keyOf={({ name }) => name}
        columns={[
          graph.length > 0 && {
            name: 'Reads from',
            unseen: true,
            head: { className: 'w-0' },
            className: 'py-0!',
            cell: (layer, index) => (
              <>
                {graph[index] && <LaneCell row={graph[index]} lanes={lanes} />}
                <span className="sr-only">{originsOf(layer, layers)}</span>
              </>
            ),
          },
          { name: 'Layer', long: ({ name }) => name },
          { name: 'Operation', from: 'md', cell: ({ op }) => op },
          {
            name: 'Output',
            from: 'md',
            className: 'font-mono text-small',
            cell: ({ shape }) => shapeText(shape),
          },
          {
            name: 'Share of the network',
            head: { className: 'w-1/3' },
            cell: (layer) => (
              <span
                aria-hidden
                className="block h-3 rounded-xs bg-accent"
                style={{ width: `${(layer[cost] / dearest) * 100}%` }}
              />
            ),
          },
          {
            name: cost === 'macs' ? 'MACs' : 'Params',
            right: true,
            cell: (layer) => count(layer[cost] || null),
          },
          {
            name: 'Share',
            right: true,
            cell: (layer) => percent(layer[cost] ? layer[cost] / total : null, 1),
          },
        ]}
      />
    </div>
  );
}

/** Empty for a model of old, whose joins are not known. */
function graphOf(layers: readonly ModelLayer[]) {
  const joined = layers.flatMap(({ from }) => (from ? [{ from }] : []));
  return joined.length === layers.length ? laneRows(joined) : [];
}

function originsOf({ from }: ModelLayer, layers: readonly ModelLayer[]): string {
  return (from ?? []).map((index) => layers[index]?.name).join(', ') || 'the input';
}
