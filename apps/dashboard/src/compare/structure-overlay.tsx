'use client';

import { grouped } from '#src/format/numbers.ts';
import { strategyColour } from '#src/format/strategies.ts';
import { useAnswer } from '#src/graphql/use-answer.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { structuresQuery } from './compare-query.ts';
import { type OverlayRow, overlayRows } from './overlay.ts';
import type { ComparedRun } from './runs.ts';

/** What each of the chosen runs left of every channel group. */
export function StructureOverlay({ runs }: { runs: readonly ComparedRun[] }) {
  const { answer, error } = useAnswer(structuresQuery, { ids: runs.map(({ id }) => id) });
  if (error) return <Notice kind="error">{error}</Notice>;
  if (answer === null) return <p className="py-2 text-ink-soft">Loading structures …</p>;
  const { structures } = answer;
  const cut = runs.flatMap((run) => structures.filter((structure) => structure.run.id === run.id));
  const byId = new Map(runs.map((run) => [run.id, run]));
  if (cut.length === 0) return <p className="py-2 text-ink-soft">None of these runs has a structure yet.</p>;
  return (
    <DataTable
      caption="Channels kept of each group by each run"
      rows={overlayRows(cut)}
      keyOf={({ group }) => group}
      columns={[
        { name: 'Channel group', long: ({ group }) => group },
        {
          name: 'Channels kept, a bar each run; grey: channels before',
          head: { className: 'w-1/2' },
          cell: ({ beforeShare, kept }) => (
            <span aria-hidden className="relative block min-w-32 py-0.5">
              <span
                className="absolute inset-y-0 left-0 rounded-xs bg-line"
                style={{ width: `${beforeShare * 100}%` }}
              />
              {kept.map((bar, index) => (
                <span
                  key={cut[index]?.run.id}
                  className="relative my-px block h-1.5 rounded-xs"
                  style={{
                    width: `${(bar?.share ?? 0) * 100}%`,
                    background: strategyColour(byId.get(cut[index]?.run.id ?? '')?.allocation ?? ''),
                  }}
                />
              ))}
            </span>
          ),
        },
        { name: 'Channels before', right: true, cell: ({ before }) => grouped(before) },
        ...cut.map(({ run: { id } }, index) => {
          const run = byId.get(id);
          return {
            name: run?.strategy ?? '',
            key: id,
            right: true,
            cell: ({ kept }: OverlayRow) => grouped(kept[index]?.after),
          };
        }),
      ]}
    />
  );
}
