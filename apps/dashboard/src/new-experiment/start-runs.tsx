'use client';

import { useState } from 'react';
import { plural } from '#src/format/numbers.ts';
import { errorsAt } from '#src/live/refusal.ts';
import { useAction } from '#src/live/use-action.ts';
import { FormDialog } from '#src/ui/form.tsx';
import type { DeviceChoice } from './device-choice.ts';
import {
  type AllocationMethod,
  type CriterionMethod,
  countRuns,
  onceWords,
  reachOf,
  runsProblem,
  USUAL_RUNS,
} from './plan.ts';
import { start } from './start.ts';
import { type DrawnUnder, useDrawn } from './use-drawn.ts';
import { RUN_PATHS, WhichRuns } from './which-runs.tsx';

/** More runs in an experiment that there is. */
export function StartRuns({
  experimentId,
  hasRuns,
  allocations,
  criteria,
  reachable,
  device,
  conditions,
}: {
  experimentId: string;
  /** Whether there are some already. */
  hasRuns: boolean;
  allocations: readonly AllocationMethod[];
  criteria: readonly CriterionMethod[];
  reachable: { readonly macs: number; readonly params: number } | null;
  /** By whose profile latency is known; null: it is not. */
  device: DeviceChoice | null;
  /** The experiment's. */
  conditions: DrawnUnder;
}) {
  const action = useAction();
  const [draft, setDraft] = useState(USUAL_RUNS);
  const errorAt = errorsAt(action.refusals, RUN_PATHS);
  const most = reachOf(reachable, draft.metric);
  const problem = runsProblem(draft, most);
  const drawn = useDrawn(draft, allocations, conditions);
  const { runs, once } = countRuns(draft, { allocations, criteria }, drawn);
  const { recipe } = conditions;

  return (
    <FormDialog
      button={hasRuns ? 'Add runs' : 'Start runs'}
      look="primary"
      title={hasRuns ? 'Add runs' : 'Start runs'}
      onSend={async () => (await action.run(() => start(experimentId, draft, allocations, recipe))) !== null}
      submit={`Start ${plural(runs, 'run')}`}
      disabled={problem !== null || action.pending}
      error={errorAt('')}
      className="grid gap-4"
    >
      <WhichRuns
        draft={draft}
        allocations={allocations}
        criteria={criteria}
        reachable={most}
        device={device}
        errorAt={errorAt}
        onChange={(part) => {
          action.forget();
          setDraft((before) => ({ ...before, ...part }));
        }}
      />
      {once > 0 && <p className="text-ink-soft">{onceWords(once)}</p>}
      {problem && <p className="text-cancelled">{problem}</p>}
    </FormDialog>
  );
}
