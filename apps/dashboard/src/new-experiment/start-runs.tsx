'use client';

import { type FormEvent, useState } from 'react';
import { plural } from '#src/format/numbers.ts';
import { errorsAt } from '#src/live/refusal.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { Notice } from '#src/ui/notice.tsx';
import {
  type AllocationMethod,
  countRuns,
  type Method,
  type Recipe,
  runsProblem,
  USUAL_RUNS,
} from './plan.ts';
import { start } from './start.ts';
import { RUN_PATHS, WhichRuns } from './which-runs.tsx';

/** More runs in an experiment that there is. */
export function StartRuns({
  experimentId,
  allocations,
  criteria,
  reachable,
  recipe,
}: {
  experimentId: string;
  allocations: readonly AllocationMethod[];
  criteria: readonly Method[];
  reachable: { readonly macs: number; readonly params: number } | null;
  /** The experiment's. */
  recipe: Recipe | null;
}) {
  const action = useAction();
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState(USUAL_RUNS);
  const errorAt = errorsAt(action.refusal, RUN_PATHS);
  const most = reachable?.[draft.metric] ?? null;
  const problem = runsProblem(draft, most);
  const { runs } = countRuns(draft, allocations);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await action.run(() => start(experimentId, draft, allocations, recipe))) setOpen(false);
  };

  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        Start runs
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="Start runs">
        <form onSubmit={submit} className="grid gap-4">
          <WhichRuns
            draft={draft}
            allocations={allocations}
            criteria={criteria}
            reachable={most}
            errorAt={errorAt}
            onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
          />
          {problem && <p className="text-cancelled">{problem}</p>}
          {errorAt('') && <Notice kind="error">{errorAt('')}</Notice>}
          <Button
            type="submit"
            look="primary"
            disabled={problem !== null || action.pending}
            className="justify-self-end"
          >
            Start {plural(runs, 'run')}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
