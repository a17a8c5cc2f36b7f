'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { byHand } from '#src/format/strategies.ts';
import { send } from '#src/graphql/browser.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { errorsAt } from '#src/live/refusal.ts';
import { useAction } from '#src/live/use-action.ts';
import { takesRounds } from '#src/new-experiment/plan.ts';
import { METRICS } from '#src/new-experiment/which-runs.tsx';
import { type Limits, limitsWords } from '#src/settings/limits.ts';
import { LIMIT_PATHS, LimitsFields } from '#src/settings/limits-fields.tsx';
import { Button } from '#src/ui/button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { ChoiceField, Field, Folded, NumberField, Textarea } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { sharesText, structureOf } from './read-run.ts';
import type { RunDetail, runPage } from './run-page-query.ts';

/** Starts from this run's own shares. */
const BY_HAND = 'by hand';

const PATHS = ['allocation', 'criterion', 'share', 'seed', 'rounds', ...LIMIT_PATHS];

const cloneRun = graphql(`
  mutation CloneRun($id: ID!, $edits: CloneRunInput!) {
    cloneRun(id: $id, edits: $edits) { ok error { message fields } run { id } }
  }
`);

export type Methods = ResultOf<typeof runPage>['methods'];

/** A run like this one in the same experiment, with what is to be different. */
export function CloneRun({
  run,
  methods,
  open,
  onOpenChange,
}: {
  run: RunDetail;
  methods: Methods;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const action = useAction();
  const errorAt = errorsAt(action.refusal, PATHS);
  const [draft, setDraft] = useState(() => ({
    allocation: byHand(run.allocation) === null ? run.allocation : BY_HAND,
    shares: byHand(run.allocation) ?? sharesText(structureOf(run)),
    percent: Number((run.share * 100).toFixed(2)),
    ...{ criterion: run.criterion, metric: run.metric, seed: run.seed },
    ...{ limits: run.limits as Limits, rounds: run.rounds ?? 0 },
  }));
  const change = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  const { allocation, rounds } = draft;
  const method = methods.allocations.find(({ name }) => name === allocation);
  const inRounds = method !== undefined && takesRounds(method);

  const start = async (event: FormEvent) => {
    event.preventDefault();
    const { shares, percent, criterion, metric, seed, limits } = draft;
    const edits = {
      allocation: allocation === BY_HAND ? `manual(${shares})` : allocation,
      ...{ criterion, metric, seed, share: percent / 100 },
      limits: { ...limits, keep: [...limits.keep] },
      rounds: inRounds && rounds > 0 ? rounds : null,
      // There is none without rounds.
      ...(inRounds && (rounds > 1 || method.rounds !== null) ? {} : { recovery: null }),
    };
    const started = await action.run(async () => (await send(cloneRun, { id: run.id, edits })).cloneRun);
    if (!started?.run) return;
    onOpenChange(false);
    router.push(`/runs/${started.run.id}`);
  };

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Start a run like this one">
      <form onSubmit={start} className="grid grid-cols-2 gap-3">
        <ChoiceField
          label="Allocation"
          options={named([...methods.allocations.map(({ name }) => name), BY_HAND])}
          value={allocation}
          onChange={(allocation) => change({ allocation })}
        />
        <ChoiceField
          label="Criterion"
          options={named([...methods.criteria.map(({ name }) => name), run.criterion])}
          value={draft.criterion}
          error={errorAt('criterion')}
          onChange={(criterion) => change({ criterion })}
        />
        {allocation === BY_HAND && (
          <div className="col-span-2">
            <Field
              label="Shares"
              hint="What each channel group gives; one that is not named stays whole. All are scaled to what is to be removed."
              error={errorAt('allocation')}
            >
              {(field) => (
                <Textarea
                  {...field}
                  rows={6}
                  required
                  spellCheck={false}
                  className="font-mono text-small"
                  value={draft.shares}
                  onChange={({ target }) => change({ shares: target.value })}
                />
              )}
            </Field>
          </div>
        )}
        <NumberField
          label="To remove, in %"
          min={0.1}
          max={99.9}
          step="any"
          value={draft.percent}
          error={errorAt('share')}
          onChange={(percent) => change({ percent })}
        />
        <ChoiceField
          label="Of"
          options={METRICS}
          value={draft.metric}
          onChange={(metric) => change({ metric })}
        />
        <NumberField
          label="Seed"
          value={draft.seed}
          error={errorAt('seed')}
          onChange={(seed) => change({ seed })}
        />
        {inRounds && (
          <NumberField
            label="Rounds"
            hint="of sampling and cutting; 0 for the strategy's own"
            value={rounds}
            error={errorAt('rounds')}
            onChange={(rounds) => change({ rounds })}
          />
        )}
        <div className="col-span-2">
          <Folded title="Limits on widths" open={limitsWords(run.limits) !== ''}>
            <LimitsFields
              limits={draft.limits}
              groups={run.limits.keep}
              errorAt={errorAt}
              onChange={(limits) => change({ limits })}
            />
          </Folded>
        </div>
        <div className="col-span-2 grid gap-3">
          {errorAt('') && <Notice kind="error">{errorAt('')}</Notice>}
          <Button type="submit" look="primary" disabled={action.pending} className="justify-self-end">
            Start 1 run
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Each once. */
function named(names: readonly string[]) {
  return [...new Set(names)].map((name) => ({ id: name, name }));
}
