'use client';

import { entriesOf } from '#src/live/entry.ts';
import { Folded, NumberField, TextField, Tick } from '#src/ui/field.tsx';
import type { Limits } from './limits.ts';

/** Paths of a mutation's input that there is a field for. */
export const LIMIT_PATHS = ['limits.align', 'limits.minWidth', 'limits.maxRatio', 'limits.keep'];

/** What widths may be, and which groups stay whole. */
export function LimitsFields({
  limits,
  groups,
  errorAt,
  onChange,
}: {
  limits: Limits;
  /** Ids to choose from. */
  groups: readonly string[];
  errorAt: (path: string) => string | undefined;
  onChange: (limits: Limits) => void;
}) {
  const { align, maxRatio, keep } = limits;
  const entry = entriesOf(limits, (part) => onChange({ ...limits, ...part }), errorAt);
  const whole = new Set(keep);
  const keepError = errorAt('limits.keep');
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        <TextField
          label="Widths in multiples of"
          hint="auto: 8, or 4 in groups below 32, which run well; 1: as they fall"
          value={String(align)}
          error={errorAt('limits.align')}
          onChange={(text) => onChange({ ...limits, align: /^\d+$/.test(text) ? Number(text) : text })}
        />
        <NumberField label="Fewest units in a group" min={1} {...entry('minWidth', 'limits.minWidth')} />
        <NumberField
          label="Most to remove of a group, in %"
          max={99.9}
          step="any"
          value={Number((100 * maxRatio).toFixed(4))}
          error={errorAt('limits.maxRatio')}
          onChange={(value) => onChange({ ...limits, maxRatio: value / 100 })}
        />
      </div>
      {groups.length > 0 && (
        <Folded title={`Groups that stay whole: ${keep.length || 'none'}`} open={keepError !== undefined}>
          {keepError && <p className="text-small text-danger">{keepError}</p>}
          <fieldset className="grid max-h-48 gap-x-4 gap-y-1 overflow-y-auto font-mono text-small sm:grid-cols-2">
            <legend className="sr-only">Groups that stay whole</legend>
            {groups.map((id) => (
              <Tick
                key={id}
                label={id}
                checked={whole.has(id)}
                onChange={(checked) =>
                  onChange({ ...limits, keep: checked ? [...keep, id] : keep.filter((each) => each !== id) })
                }
              />
            ))}
          </fieldset>
        </Folded>
      )}
    </>
  );
}
