'use client';

import { grouped, UNKNOWN } from '#src/format/numbers.ts';
import { strategyColour, strategyWords } from '#src/format/strategies.ts';
import { useAnswer } from '#src/graphql/use-answer.ts';
import { Notice } from '#src/ui/notice.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { structuresQuery } from './compare-query.ts';
import { overlayRows } from './overlay.ts';
import type { ComparedRun } from './runs.ts';

/** What each of the chosen runs left of every channel group. */
export function StructureOverlay({ runs }: { runs: readonly ComparedRun[] }) {
  const { answer, error } = useAnswer(structuresQuery, { ids: runs.map(({ id }) => id) });
  if (error) return <Notice kind="error">{error}</Notice>;
  if (answer === null) return <p className="py-2 text-ink-soft">Structures are read …</p>;
  const { structures } = answer;
  const cut = runs.flatMap((run) => structures.filter(({ runId }) => runId === run.id));
  const byId = new Map(runs.map((run) => [run.id, run]));
  if (cut.length === 0) return <p className="py-2 text-ink-soft">None of these runs has cut anything yet.</p>;
  return (
    <Table caption="Units kept of each channel group by each run">
      <thead>
        <tr>
          <Th>Channel group</Th>
          <Th className="w-1/2">Units kept, a bar each run; grey is the width before</Th>
          <Th right>Before</Th>
          {cut.map(({ runId }) => {
            const run = byId.get(runId);
            return (
              <Th key={runId} right>
                {run && strategyWords(run)}
              </Th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {overlayRows(cut).map(({ group, before, beforeShare, kept }) => (
          <Tr key={group}>
            <Td className="max-w-56 truncate font-mono text-small" title={group}>
              {group}
            </Td>
            <Td>
              <span aria-hidden className="relative block min-w-32 py-0.5">
                <span
                  className="absolute inset-y-0 left-0 rounded-xs bg-line"
                  style={{ width: `${beforeShare * 100}%` }}
                />
                {kept.map((bar, index) => (
                  <span
                    key={cut[index]?.runId}
                    className="relative my-px block h-1.5 rounded-xs"
                    style={{
                      width: `${(bar?.share ?? 0) * 100}%`,
                      background: strategyColour(byId.get(cut[index]?.runId ?? '')?.allocation ?? ''),
                    }}
                  />
                ))}
              </span>
            </Td>
            <Td right>{grouped(before)}</Td>
            {kept.map((bar, index) => (
              <Td key={cut[index]?.runId} right>
                {bar ? grouped(bar.after) : UNKNOWN}
              </Td>
            ))}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
