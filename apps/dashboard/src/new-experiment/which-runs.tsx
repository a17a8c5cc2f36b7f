'use client';

import { percent } from '#src/format/numbers.ts';
import { Field, Input, Select } from '#src/ui/field.tsx';
import {
  type AllocationMethod,
  type Method,
  type RunsDraft,
  readSeeds,
  readShares,
  withSharesByHand,
} from './plan.ts';
import { StrategyGrid } from './strategy-grid.tsx';

const CRITERION_BY_HAND = 'l1';

/** Strategies to tick, how much to remove, seeds. */
export function WhichRuns({
  draft,
  allocations,
  criteria,
  reachable,
  onChange,
}: {
  draft: RunsDraft;
  allocations: readonly AllocationMethod[];
  criteria: readonly Method[];
  /** The largest share that can be removed; null where it is not known. */
  reachable: number | null;
  onChange: (part: Partial<RunsDraft>) => void;
}) {
  return (
    <div className="grid gap-4 pt-2">
      <StrategyGrid
        allocations={allocations}
        criteria={criteria}
        chosen={draft.strategies}
        onChange={(strategies) => onChange({ strategies })}
      />
      <Field
        label="Shares by hand"
        hint={`If you like: what each channel group gives, * standing for anything; all are scaled to meet each share below. Units are ranked by ${CRITERION_BY_HAND}.`}
      >
        {(props) => (
          <Input
            {...props}
            className="w-full font-mono"
            placeholder="*=0.2; *layer3*=0.6"
            spellCheck={false}
            onChange={(event) =>
              onChange({
                strategies: withSharesByHand(draft.strategies, event.target.value, CRITERION_BY_HAND),
              })
            }
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="Remove">
          {(props) => (
            <Select
              {...props}
              value={draft.metric}
              onChange={(event) => onChange({ metric: event.target.value as RunsDraft['metric'] })}
            >
              <option value="macs">MACs</option>
              <option value="params">params</option>
            </Select>
          )}
        </Field>
        <Field
          label="Shares, in %"
          hint={reachable === null ? 'such as 30, 50, 70' : `at most ${percent(reachable, 1)} can go`}
        >
          {(props) => (
            <Input
              {...props}
              defaultValue="50"
              onChange={(event) => onChange({ shares: readShares(event.target.value) })}
            />
          )}
        </Field>
        <Field label="Seeds" hint="such as 0, 1, 2">
          {(props) => (
            <Input
              {...props}
              defaultValue="0"
              onChange={(event) => onChange({ seeds: readSeeds(event.target.value) })}
            />
          )}
        </Field>
      </div>
    </div>
  );
}
