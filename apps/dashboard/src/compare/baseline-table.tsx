'use client';

import { fixed, grouped, percent, points, UNKNOWN } from '#src/format/numbers.ts';
import { targetWords } from '#src/format/strategies.ts';
import { useAnswer } from '#src/graphql/use-answer.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { againstBaseline } from './against-baseline.ts';
import { pairsQuery } from './analysis-query.ts';
import { apartWords } from './apart.ts';
import { Deviation } from './deviation.tsx';
import type { ComparedRun } from './runs.ts';
import { StrategyLabel } from './strategy-label.tsx';

/** The chosen runs against one of them: which images tell them apart, and how alike their structures are. */
export function BaselineTable({ runs, baseline }: { runs: readonly ComparedRun[]; baseline: ComparedRun }) {
  const { answer, error } = useAnswer(pairsQuery, { ids: runs.map(({ id }) => id) });
  if (error) return <Notice kind="error">{error}</Notice>;
  if (answer === null) return <p className="py-2 text-ink-soft">Runs are tested …</p>;
  const rows = againstBaseline(answer.analysis.pairs, baseline.id);
  if (rows.length === 0) {
    return <p className="py-2 text-ink-soft">The baseline and another of these runs must be finished.</p>;
  }
  const byId = new Map(runs.map((run) => [run.id, run]));
  return (
    <>
      <DataTable
        caption="The chosen runs against the baseline, image by image"
        rows={rows}
        keyOf={({ runId }) => runId}
        columns={[
          {
            name: 'Run',
            cell: ({ runId, refused, apart }) => (
              <>
                <RunName run={byId.get(runId)} />
                {refused.length > 0 && (
                  <span className="block text-small text-ink-soft">
                    May not be compared: {refused.join('; ')}.
                  </span>
                )}
                {refused.length === 0 && apart !== null && (
                  <span className="block text-small text-ink-soft">{sentence(apartWords(apart))}</span>
                )}
              </>
            ),
          },
          {
            name: 'Top-1',
            right: true,
            className: 'whitespace-nowrap',
            cell: ({ test }) => (
              <>
                {points(test?.difference)}
                <Deviation of={test?.standardError} />
              </>
            ),
          },
          { name: 'Only this run right', right: true, from: 'md', cell: ({ test }) => grouped(test?.gained) },
          { name: 'Only baseline right', right: true, from: 'md', cell: ({ test }) => grouped(test?.lost) },
          {
            name: 'p',
            right: true,
            className: 'whitespace-nowrap',
            cell: ({ test }) => (test ? probability(test.p) : UNKNOWN),
          },
          {
            name: 'Widths alike',
            right: true,
            from: 'md',
            cell: ({ similarity }) => percent(similarity?.widths, 1),
          },
          {
            name: 'Units alike',
            right: true,
            from: 'md',
            cell: ({ similarity }) => percent(similarity?.units, 1),
          },
        ]}
      />
      <p className="mt-3 text-small text-ink-soft">
        Top-1 minus the baseline’s with its paired standard error; test images that only the run gets right,
        or only the baseline; p of McNemar’s exact test. Alike: what both keep of a channel group, on average;
        100 % is the same structure.
      </p>
    </>
  );
}

function RunName({ run }: { run: ComparedRun | undefined }) {
  return (
    run && (
      <span className="flex flex-wrap items-baseline gap-x-2">
        <StrategyLabel strategy={{ name: run.strategy, allocation: run.allocation }} />
        <span className="text-small whitespace-nowrap text-ink-soft">
          {targetWords(run)} · seed {run.seed}
        </span>
      </span>
    )
  );
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** "0.031", "< 0.001". */
function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : fixed(p);
}
