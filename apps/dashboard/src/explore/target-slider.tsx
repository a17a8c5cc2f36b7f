'use client';

import { count, milliseconds } from '#src/format/numbers.ts';
import { ChoiceField } from '#src/ui/field.tsx';
import { entries } from '#src/ui/named.ts';
import type { Allocations } from './queries.ts';
import { type ExploreView, LEAST_PERCENT, MOST_PERCENT, TARGET_METRICS } from './view.ts';

export interface ProfileChoice {
  readonly id: string;
  readonly name: string;
  /** What makes it void where runs are computed now; null where no worker takes work. */
  readonly differences: readonly string[] | null;
}

/** What is to be saved, and how much of it. */
export function TargetSlider({
  view,
  profiles,
  base,
  largest,
  onChange,
}: {
  view: ExploreView;
  profiles: readonly ProfileChoice[];
  base: Allocations['base'] | null;
  /** The share that can be removed at most; null where it is not known yet. */
  largest: number | null;
  onChange: (view: ExploreView) => void;
}) {
  const { metric, percent, profile } = view;
  const left = leftWords(view, base);
  return (
    <div className="grid gap-4 rounded-lg border border-line bg-surface p-4 md:grid-cols-[12rem_minmax(0,1fr)]">
      <div className="grid content-start gap-3">
        <ChoiceField
          label="Save"
          value={metric}
          options={entries(TARGET_METRICS).filter(({ id }) => id !== 'latency' || profile !== '')}
          onChange={(chosen) => onChange({ ...view, metric: chosen })}
        />
        {profiles.length > 0 && (
          <ChoiceField
            label="Device"
            value={profile}
            options={[{ id: '', name: 'none' }, ...profiles]}
            onChange={(chosen) => {
              const isTimed = metric === 'latency' && chosen !== '';
              onChange({
                ...view,
                profile: chosen,
                metric: isTimed || metric !== 'latency' ? metric : 'macs',
              });
            }}
          />
        )}
      </div>
      <div className="grid content-center gap-1">
        <label htmlFor="target" className="flex flex-wrap items-baseline justify-between gap-2">
          <span className="font-medium">
            Remove <output className="text-title font-semibold tabular-nums">{percent} %</output> of the{' '}
            {TARGET_METRICS[metric]}
          </span>
          <span className="text-ink-soft tabular-nums">{left}</span>
        </label>
        <input
          id="target"
          type="range"
          min={LEAST_PERCENT}
          max={MOST_PERCENT}
          step={1}
          value={percent}
          aria-valuetext={`${percent} % of the ${TARGET_METRICS[metric]}${left === '' ? '' : `, ${left}`}`}
          onChange={({ target }) => onChange({ ...view, percent: Number(target.value) })}
          className="h-8 w-full cursor-pointer accent-accent"
        />
        {largest !== null && (
          <p className="text-small text-ink-soft">
            At most {Math.floor(largest * 100)} % can be removed with the usual limits on widths.
          </p>
        )}
      </div>
    </div>
  );
}

/** "20.4 M of 40.8 M left" */
function leftWords({ metric, percent }: ExploreView, base: Allocations['base'] | null): string {
  const whole = base && { macs: base.macs, params: base.params, latency: base.latencyMs }[metric];
  if (whole === null || whole === undefined) return '';
  const words = metric === 'latency' ? milliseconds : (value: number) => count(value);
  return `${words(whole * (1 - percent / 100))} of ${words(whole)} left`;
}
