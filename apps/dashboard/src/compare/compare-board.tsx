'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { ParallelChart } from '#src/charts/parallel-chart.tsx';
import { grouped, plural } from '#src/format/numbers.ts';
import { type Packed, unpacked } from '#src/format/packed.ts';
import { strategyColour } from '#src/format/strategies.ts';
import { useAnswer } from '#src/graphql/use-answer.ts';
import { Tick } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Section } from '#src/ui/section.tsx';
import { BaselineTable } from './baseline-table.tsx';
import { beginWith, usualBaseline } from './begin.ts';
import { type ComparedBy, type Comparison, columnsQuery } from './compare-query.ts';
import { ComparedScatter } from './compared-scatter.tsx';
import { ComparedTable } from './compared-table.tsx';
import { DifferenceTable } from './difference-table.tsx';
import { dimensions } from './dimensions.ts';
import { Ground } from './ground.tsx';
import { Matrices } from './matrices.tsx';
import { comparedRuns } from './runs.ts';
import { StructureOverlay } from './structure-overlay.tsx';
import { TrainingCurves } from './training-curves.tsx';

/** Columns that a person can still read side by side. */
const MOST_COLUMNS = 8;

/**
 * Differences of the chosen runs, all runs as lines, what the chosen ones left of each group, and the list to choose
 * from. The choice, the baseline and what is shown stand in the address.
 *
 * @param json a {@link Comparison}
 * @param all where the first runs are not all of them: what to ask for
 * @param verdict stands on top: what the rules say of all runs
 * @param children stands before the list of runs: what the API says of all of them
 */
export function CompareBoard({
  json,
  all,
  verdict,
  children,
}: {
  json: Packed<Comparison>;
  all: ComparedBy | null;
  verdict: ReactNode;
  children: ReactNode;
}) {
  const path = usePathname();
  const params = useSearchParams();
  const first = useMemo(() => unpacked(json), [json]);
  const { answer, error } = useAnswer(columnsQuery, all);
  const isWhole = all === null || answer !== null;
  const { count } = first;
  const runs = useMemo(() => comparedRuns(answer?.comparison ?? first), [answer, first]);
  // Null as long as nobody has ticked anything.
  const [picked, setPicked] = useState(() => params.get('pick')?.split(',').filter(Boolean) ?? null);
  const known = picked?.filter((id) => runs.some((run) => run.id === id));
  const strange = isWhole && picked?.length !== 0 && known?.length === 0;
  const begun = useMemo(() => beginWith(runs, MOST_COLUMNS), [runs]);
  const isOwn = known !== undefined && !strange;
  const chosen = isOwn ? known : begun;
  const [baseId, setBaseId] = useState(params.get('base') ?? '');
  const [everything, setEverything] = useState(params.get('all') === '1');
  const [brushed, setBrushed] = useState<readonly number[] | null>(null);

  const columns = chosen.flatMap((id) => runs.filter((run) => run.id === id));
  // What people ticked they ticked in an order.
  const against = baseId || (isOwn || runs.length <= MOST_COLUMNS ? '' : usualBaseline(columns));
  const baseline = Math.max(
    0,
    columns.findIndex(({ id }) => id === against),
  );
  const lines = useMemo(() => dimensions(runs), [runs]);
  const colours = useMemo(() => runs.map(({ allocation }) => strategyColour(allocation)), [runs]);
  const left = brushed === null ? runs : brushed.flatMap((index) => runs[index] ?? []);

  useEffect(() => {
    const address = new URLSearchParams(location.search);
    const put = (name: string, value: string) => (value ? address.set(name, value) : address.delete(name));
    put('pick', picked?.join(',') ?? '');
    put('base', baseId);
    put('all', everything ? '1' : '');
    history.replaceState(null, '', `${path}?${address}`);
  }, [path, picked, baseId, everything]);

  const choose = (id: string, on: boolean) =>
    setPicked(on ? [...chosen, id] : chosen.filter((each) => each !== id));

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <div className="-mb-2 grid gap-2">
        {verdict}
        {all && count > all.most && (
          <Notice>
            {plural(count, 'run')} match; the first {grouped(all.most)} are looked at. Filter the list of runs
            to see the others.
          </Notice>
        )}
        {error && <Notice kind="error">{error}</Notice>}
        {isWhole ? <Ground runs={runs} /> : !error && <Notice>Loading the other runs …</Notice>}
      </div>
      <Section
        title="Differences"
        aside={<Tick label="Also what is equal" checked={everything} onChange={setEverything} />}
      >
        {columns.length < 2 ? (
          <p className="py-2 text-ink-soft">Tick two runs or more in the list below.</p>
        ) : (
          <DifferenceTable
            runs={columns}
            baseline={baseline}
            onlyDifferent={!everything}
            onBaseline={setBaseId}
            onRemove={(id) => choose(id, false)}
          />
        )}
      </Section>
      {columns.length > 1 && columns[baseline] && (
        <Section title="Against the baseline">
          <BaselineTable runs={columns} baseline={columns[baseline]} />
        </Section>
      )}
      {isWhole && (
        <ComparedScatter
          runs={runs}
          chosen={chosen}
          onChoose={(id, on) => (!on || chosen.length < MOST_COLUMNS) && choose(id, on)}
        />
      )}
      {isWhole && lines.length > 1 && (
        <Section
          title="All runs as lines"
          aside={
            brushed === null
              ? 'Drag along an axis to keep a part of it; a click on the axis lets go.'
              : `${plural(left.length, 'run')} of ${runs.length} left`
          }
        >
          <ParallelChart
            label={`${plural(runs.length, 'run')} as lines over ${lines.map(({ name }) => name).join(', ')}; the table below has the numbers`}
            dimensions={lines}
            colours={colours}
            onBrush={setBrushed}
          />
        </Section>
      )}
      {children}
      <Section title="Runs" aside={plural(left.length, 'run')}>
        <ComparedTable runs={left} chosen={chosen} most={MOST_COLUMNS} onChoose={choose} />
      </Section>
      {columns.length > 0 && (
        <Section title="Structures">
          <StructureOverlay runs={columns} />
        </Section>
      )}
      {columns.length > 0 && <TrainingCurves runs={columns} />}
      {columns.length > 0 && <Matrices runs={columns} />}
    </div>
  );
}
