'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { byHand, METRIC_NAMES } from '#src/format/strategies.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { entriesOf } from '#src/live/entry.ts';
import { errorsAt } from '#src/live/refusal.ts';
import { useAction } from '#src/live/use-action.ts';
import { takesRounds } from '#src/new-experiment/plan.ts';
import { limitsWords } from '#src/settings/limits.ts';
import { LIMIT_PATHS, LimitsFields } from '#src/settings/limits-fields.tsx';
import { ChoiceField, Folded, NumberField, TextAreaField } from '#src/ui/field.tsx';
import { FormDialog } from '#src/ui/form.tsx';
import { entries, named } from '#src/ui/named.ts';
import { sharesText } from './read-run.ts';
import type { RunDetail, runPage } from './run-page-query.ts';

/** Starts from this run's own shares. */
const BY_HAND = 'custom amounts';

const PATHS = ['allocation', 'criterion', 'share', 'seed', 'rounds', ...LIMIT_PATHS];

const cloneRun = graphql(`
  mutation CloneRun($input: CloneRunInput!) {
    cloneRun(input: $input) { ok errors { message path } run { id } }
  }
`);

export type Methods = ResultOf<typeof runPage>['methods'];

/** A run like this one in the same experiment, with what is to be different. */
export function CloneRun({ run, methods }: { run: RunDetail; methods: Methods }) {
  const router = useRouter();
  const action = useAction();
  const errorAt = errorsAt(action.refusals, PATHS);
  const [draft, setDraft] = useState(() => ({
    allocation: byHand(run.allocation) === null ? run.allocation : BY_HAND,
    shares: byHand(run.allocation) ?? sharesText(run.result?.groups ?? []),
    percent: Number((run.share * 100).toFixed(2)),
    ...{ criterion: run.criterion, metric: run.metric, seed: run.seed },
    ...{ limits: run.limits, rounds: run.rounds ?? 0 },
  }));
  const change = (part: Partial<typeof draft>) => {
    action.forget();
    setDraft((before) => ({ ...before, ...part }));
  };
  const entry = entriesOf(draft, change, errorAt);
  const { allocation, rounds } = draft;
  const method = methods.allocations.find(({ name }) => name === allocation);
  const inRounds = method !== undefined && takesRounds(method);

  const start = async () => {
    const { shares, percent, criterion, metric, seed, limits } = draft;
    const input = {
      id: run.id,
      allocation: allocation === BY_HAND ? `manual(${shares})` : allocation,
      ...{ criterion, metric, seed, limits, share: percent / 100 },
      rounds: inRounds && rounds > 0 ? rounds : null,
      // There is none without rounds.
      ...(inRounds && (rounds > 1 || method.rounds !== null) ? {} : { recovery: null }),
    };
    const started = await action.mutate(cloneRun, { input });
    if (started?.run) router.push(`/runs/${started.run.id}`);
    return started !== null;
  };

  return (
    <FormDialog
      button="Clone"
      title="Start a run like this one"
      onSend={start}
      submit="Start 1 run"
      disabled={action.pending}
      error={errorAt('')}
    >
      <div className="grid grid-cols-2 gap-3">
        <ChoiceField
          label="Where to cut (allocation)"
          options={named([...methods.allocations.map(({ name }) => name), BY_HAND])}
          value={allocation}
          onChange={(allocation) => change({ allocation })}
        />
        <ChoiceField
          label="Which channels go first (criterion)"
          options={named([...new Set([...methods.criteria.map(({ name }) => name), run.criterion])])}
          {...entry('criterion')}
        />
        {allocation === BY_HAND && (
          <div className="col-span-2">
            <TextAreaField
              label="Custom amounts per layer"
              hint="What each channel group gives; one that is not named stays whole. All are scaled to what is to be removed."
              rows={6}
              required
              spellCheck={false}
              className="font-mono text-small"
              {...entry('shares', 'allocation')}
            />
          </div>
        )}
        <NumberField label="Remove (%)" min={0.1} max={99.9} step="any" {...entry('percent', 'share')} />
        <ChoiceField label="Of what" options={entries(METRIC_NAMES)} {...entry('metric')} />
        <NumberField label="Seed" {...entry('seed')} />
        {inRounds && (
          <NumberField
            label="Rounds"
            hint="of sampling and cutting; 0 for the strategy's own"
            {...entry('rounds')}
          />
        )}
      </div>
      <Folded title="Limits on widths" open={limitsWords(run.limits) !== ''}>
        <LimitsFields
          limits={draft.limits}
          groups={run.limits.keep}
          errorAt={errorAt}
          onChange={(limits) => change({ limits })}
        />
      </Folded>
    </FormDialog>
  );
}
