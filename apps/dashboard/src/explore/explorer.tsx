'use client';

import { useEffect, useState } from 'react';
import { ProfileDifferences } from '#src/devices/profile-differences.tsx';
import { useAnswer } from '#src/graphql/use-answer.ts';
import { Notice } from '#src/ui/notice.tsx';
import { Section } from '#src/ui/section.tsx';
import { allocate, type Structure } from './queries.ts';
import { StructuresTable } from './structures-table.tsx';
import { type ProfileChoice, TargetSlider } from './target-slider.tsx';
import { type ExploreView, exploreAddress, type SampledRun, startAddress, targetOf } from './view.ts';

/** Behind the last move of the slider. */
const REST_MS = 300;

/** A slider for the target, and what every allocation comes to, moving with it. */
export function Explorer({
  samplingRunId,
  first,
  groups,
  allocations,
  profiles,
  dropUnit,
  sampled,
}: {
  samplingRunId: string;
  first: ExploreView;
  groups: readonly { readonly name: string; readonly width: number }[];
  /** All that there are: the slow ones are searched once the slider rests. */
  allocations: readonly { readonly name: string; readonly isSlow: boolean }[];
  profiles: readonly ProfileChoice[];
  /** Shares are told in points, everything else by its metric. */
  dropUnit: 'points' | string;
  /** Of which runs can be started; null where none can. */
  sampled: SampledRun | null;
}) {
  const [view, setView] = useState(first);
  // Where the slider was when it last came to rest.
  const [rested, setRested] = useState(first);
  const asked = questionOf(samplingRunId, view);
  const { answer, error, isCurrent } = useAnswer(allocate, {
    ...asked,
    allocations: named(allocations, false),
  });
  const slow = useAnswer(allocate, {
    ...questionOf(samplingRunId, rested),
    allocations: named(allocations, true),
  });
  const found = answer?.allocate ?? null;
  const foundSlowly = rested === view && slow.isCurrent ? (slow.answer?.allocate ?? null) : null;
  const slowError = rested === view ? slow.error : null;
  const problem = error ?? slowError;
  const refused = [...(found?.refused ?? []), ...(foundSlowly?.refused ?? [])];
  const structures = inOrder(allocations, [...(found?.structures ?? []), ...(foundSlowly?.structures ?? [])]);
  const searched = foundSlowly || slowError ? [] : named(allocations, true);

  // The address says what is shown, without a step of the history for each move.
  useEffect(() => {
    const later = setTimeout(() => {
      setRested(view);
      window.history.replaceState(null, '', exploreAddress(samplingRunId, view));
    }, REST_MS);
    return () => clearTimeout(later);
  }, [samplingRunId, view]);

  return (
    <div className="grid grid-cols-1 gap-6">
      <TargetSlider
        view={view}
        profiles={profiles}
        base={found?.base ?? null}
        largest={isCurrent ? (found?.largest ?? null) : null}
        onChange={setView}
      />
      <ProfileDifferences differences={profiles.find(({ id }) => id === view.profile)?.differences ?? null} />
      {problem && <Notice kind="error">{problem}</Notice>}
      <div aria-busy={!isCurrent || searched.length > 0} aria-live="polite">
        {!found && !problem && <p className="text-ink-soft">Computing structures …</p>}
        {found && (
          <Section title="What each allocation leaves">
            {structures.length > 0 && (
              <StructuresTable
                structures={structures}
                groups={groups}
                isTimed={asked.profile !== null}
                dropWords={(drop) => dropWords(drop, dropUnit)}
                startHref={(structure) => sampled && startOf(structure, sampled)}
                asked={asked}
              />
            )}
            {searched.length > 0 && (
              <p className="mt-3 text-ink-soft">
                <span className="font-medium text-ink">{searched.join(', ')}</span>: searching …
              </p>
            )}
            <Refused of={refused} />
            <p className="mt-3 max-w-3xl text-small text-ink-soft">
              The predicted drop is the sum of what the cut of each group by itself costs. Groups that are cut
              together hurt each other, and a repair or a training mends much of it: it tells structures
              apart, and is no result. A dash: more is removed of a group than was sampled.
            </p>
          </Section>
        )}
      </div>
    </div>
  );

  function startOf({ allocation, widths, saved }: Structure, of: SampledRun): string {
    return startAddress(of, view, { allocation, widths, share: saved.macs }, groups);
  }
}

function questionOf(samplingRun: string, view: ExploreView) {
  return { samplingRun, target: targetOf(view), profile: view.profile === '' ? null : view.profile };
}

function named(allocations: readonly { readonly name: string; readonly isSlow: boolean }[], slow: boolean) {
  return allocations.flatMap(({ name, isSlow }) => (isSlow === slow ? [name] : []));
}

function inOrder(allocations: readonly { readonly name: string }[], structures: readonly Structure[]) {
  const place = new Map(allocations.map(({ name }, i) => [name, i]));
  return [...structures].sort((a, b) => (place.get(a.allocation) ?? 0) - (place.get(b.allocation) ?? 0));
}

function Refused({ of }: { of: readonly { readonly allocation: string; readonly reason: string }[] }) {
  if (of.length === 0) return null;
  return (
    <ul className="mt-3 grid gap-1 text-ink-soft">
      {of.map(({ allocation, reason }) => (
        <li key={allocation}>
          <span className="font-medium text-ink">{allocation}</span>: {reason}
        </li>
      ))}
    </ul>
  );
}

function dropWords(drop: number | null, unit: string): string {
  if (drop === null) return '–';
  return unit === 'points' ? `${(drop * 100).toFixed(1)} pt` : `${drop.toPrecision(3)} ${unit}`.trim();
}
