'use client';

import { milliseconds, percent } from '#src/format/numbers.ts';
import { METRIC_NAMES } from '#src/format/strategies.ts';
import { entriesOf } from '#src/live/entry.ts';
import { ChoiceField, Folded, NumberField, TextField } from '#src/ui/field.tsx';
import { entries, named } from '#src/ui/named.ts';
import type { DeviceChoice } from './device-choice.ts';
import {
  type AllocationMethod,
  anySamples,
  type Method,
  type RunsDraft,
  readMilliseconds,
  readSeeds,
  readShares,
  sharesByHand,
  withSharesByHand,
} from './plan.ts';
import { StrategyGrid } from './strategy-grid.tsx';

/** What training is counted in. */
const LENGTHS = named(['steps', 'epochs']);
const CRITERION_BY_HAND = 'l1';

/** Paths of the mutation's input that there is a field for. */
export const RUN_PATHS = [
  'strategies',
  'strategies.rounds',
  'strategies.recovery',
  'targets',
  'targets.ms',
  'seeds',
];

/** Strategies to tick, how much to remove, seeds, rounds. */
export function WhichRuns({
  draft,
  allocations,
  criteria,
  reachable,
  device,
  errorAt,
  onChange,
}: {
  draft: RunsDraft;
  allocations: readonly AllocationMethod[];
  criteria: readonly Method[];
  /** The largest share that can be removed; null where it is not known. */
  reachable: number | null;
  /** By whose profile latency is known; null: it is not. */
  device: DeviceChoice | null;
  errorAt: (path: string) => string | undefined;
  onChange: (part: Partial<RunsDraft>) => void;
}) {
  const entry = entriesOf(draft, onChange, errorAt);
  const type = (
    field: 'shares' | 'milliseconds' | 'seeds',
    { values, wrong }: ReturnType<typeof readSeeds>,
  ) => onChange({ [field]: values, unread: { ...draft.unread, [field]: wrong } });
  const refused = errorAt('strategies.rounds') ?? errorAt('strategies.recovery');
  return (
    <div className="grid gap-4 pt-2">
      <StrategyGrid
        allocations={allocations}
        criteria={criteria}
        chosen={draft.strategies}
        onChange={(strategies) => onChange({ strategies })}
      />
      <TextField
        label="Custom amounts per layer"
        hint={`Optional: how much each channel group gives; * stands for anything. All are scaled to meet each target below. Channels are ranked by ${CRITERION_BY_HAND}.`}
        error={errorAt('strategies')}
        className="w-full font-mono"
        placeholder="*=0.2; *layer3*=0.6"
        defaultValue={sharesByHand(draft.strategies)}
        spellCheck={false}
        onChange={(shares) =>
          onChange({ strategies: withSharesByHand(draft.strategies, shares, CRITERION_BY_HAND) })
        }
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <ChoiceField
          label="Of what"
          options={entries(METRIC_NAMES).filter(({ id }) => id !== 'LATENCY' || device !== null)}
          {...(device
            ? {}
            : { hint: 'milliseconds, too, once the model has a profile on a device (page Devices)' })}
          {...entry('metric')}
        />
        <TextField
          label="Remove (%)"
          hint={shareHint(draft.shares, reachable)}
          error={draft.unread?.shares ?? errorAt('targets')}
          defaultValue={draft.shares.map((share) => Number((share * 100).toPrecision(6))).join(', ')}
          onChange={(text) => type('shares', readShares(text))}
        />
        <TextField
          label="Seeds"
          hint="such as 0, 1, 2"
          error={draft.unread?.seeds ?? errorAt('seeds')}
          defaultValue={draft.seeds.join(', ')}
          onChange={(text) => type('seeds', readSeeds(text))}
        />
        {device && draft.metric === 'LATENCY' && (
          <TextField
            label="Milliseconds to be left"
            hint={`beside the shares: of ${milliseconds(device.baseMs)}; its narrowest takes ${milliseconds(device.smallestMs)}`}
            error={draft.unread?.milliseconds ?? errorAt('targets.ms')}
            defaultValue={draft.milliseconds.join(', ')}
            onChange={(text) => type('milliseconds', readMilliseconds(text))}
          />
        )}
      </div>
      {anySamples(draft, allocations) && (
        <Folded title={`Rounds: ${draft.rounds || 'as each strategy has them'}`} open={refused !== undefined}>
          <div className="grid gap-4 sm:grid-cols-3">
            <NumberField
              label="Rounds"
              hint="of sampling and cutting, for strategies that sample; 0 for their own"
              {...entry('rounds', 'strategies.rounds')}
            />
            <NumberField
              label="Training between rounds"
              hint="otherwise like the fine-tuning; 0 for none"
              step="any"
              {...entry('recovery', 'strategies.recovery')}
            />
            <ChoiceField label="Counted in" options={LENGTHS} {...entry('recoveryUnit')} />
          </div>
        </Folded>
      )}
    </div>
  );
}

/** Whoever writes 0.5 mostly means half of it. */
function shareHint(shares: readonly number[], reachable: number | null): string {
  const small = shares.find((share) => share < 0.01);
  if (small !== undefined) {
    const percents = Number((small * 100).toPrecision(6));
    return `${percents} is ${percents} %; for a share of ${percents} write ${Number((small * 10_000).toPrecision(6))}`;
  }
  return reachable === null ? 'such as 30, 50, 70' : `at most ${percent(reachable, 1)} can go`;
}
