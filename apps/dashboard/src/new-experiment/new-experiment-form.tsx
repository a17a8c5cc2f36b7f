'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { duration, plural } from '#src/format/numbers.ts';
import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { Button } from '#src/ui/button.tsx';
import { Field, Input, Select } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Section } from '#src/ui/section.tsx';
import { expected, type PastRun } from './expected.ts';
import { type AllocationMethod, countRuns, type ExperimentDraft, type Method, problemOf } from './plan.ts';
import { start } from './start.ts';
import { WhichRuns } from './which-runs.tsx';

const createExperiment = graphql(`
  mutation CreateExperiment($input: CreateExperimentInput!) {
    createExperiment(input: $input) { ok error { message } experiment { id } }
  }
`);

interface Choice {
  readonly id: string;
  readonly name: string;
}

export interface ModelChoice extends Choice {
  /** The largest share that can be removed; null where it is not known. */
  readonly reachable: { readonly macs: number; readonly params: number } | null;
}

/** Three steps on one page: what, which runs, how they are fine-tuned; and what will be started, at the side. */
export function NewExperimentForm({
  models,
  datasets,
  allocations,
  criteria,
  past,
  workers,
  model,
}: {
  models: readonly ModelChoice[];
  datasets: readonly Choice[];
  allocations: readonly AllocationMethod[];
  criteria: readonly Method[];
  past: readonly PastRun[];
  /** Those that would take the runs. */
  workers: number;
  /** Chosen at first. */
  model: string | undefined;
}) {
  const router = useRouter();
  const [draft, setDraft] = useState<ExperimentDraft>({
    ...{ name: '', modelId: model ?? models[0]?.id ?? '', datasetId: datasets[0]?.id ?? '' },
    ...{ samples: 1000, grid: '0.1:0.9:0.1', strategies: ['cie/l1', 'uniform/l1', 'uniform/random'] },
    ...{ metric: 'macs', shares: [0.5], seeds: [0], epochs: 10, learningRate: 0.05, recalibrate: 0 },
  });
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const change = (part: Partial<ExperimentDraft>) => setDraft((before) => ({ ...before, ...part }));

  const reachable = models.find(({ id }) => id === draft.modelId)?.reachable?.[draft.metric] ?? null;
  const problem = problemOf(draft, reachable);
  const { runs, samplings } = countRuns(draft, allocations);
  const time = expected(past, draft, runs, workers);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setPending(true);
    setError(null);
    try {
      const { name, modelId, datasetId, samples, grid, recalibrate } = draft;
      const recipe = draft.epochs > 0 ? { epochs: draft.epochs, learningRate: draft.learningRate } : null;
      const input = {
        ...{ name, modelId, datasetId, samples, grid, recipe },
        recalibrate: recalibrate > 0 ? recalibrate : null,
      };
      const { createExperiment: made } = await send(createExperiment, { input });
      if (!made.experiment) throw new Error(made.error?.message ?? 'The experiment was refused.');
      const experimentId = made.experiment.id;
      const started = await start(experimentId, draft);
      if (!started.ok) throw new Error(started.error?.message ?? 'The runs were refused.');
      router.push(`/experiments/${experimentId}`);
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : String(reason));
      setPending(false);
    }
  }

  return (
    <form onSubmit={submit} className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <div className="grid gap-8">
        <Section title="1. What">
          <div className="grid gap-4 pt-2 sm:grid-cols-2">
            <Field label="Name">
              {(props) => (
                <Input
                  {...props}
                  value={draft.name}
                  onChange={(event) => change({ name: event.target.value })}
                  placeholder="Half the MACs of ResNet-20"
                  required
                />
              )}
            </Field>
            <Field label="Model">
              {(props) => (
                <Select
                  {...props}
                  value={draft.modelId}
                  onChange={(event) => change({ modelId: event.target.value })}
                >
                  {models.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label="Data set">
              {(props) => (
                <Select
                  {...props}
                  value={draft.datasetId}
                  onChange={(event) => change({ datasetId: event.target.value })}
                >
                  {datasets.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label="Images sampled" hint="of the search split, for every cell of the matrix">
              {(props) => (
                <Input
                  {...props}
                  type="number"
                  min={1}
                  value={draft.samples}
                  onChange={(event) => change({ samples: event.target.valueAsNumber || 0 })}
                />
              )}
            </Field>
            <Field label="Ratios sampled" hint="first:last:step, or a list such as 0.25,0.5,0.75">
              {(props) => (
                <Input
                  {...props}
                  value={draft.grid}
                  onChange={(event) => change({ grid: event.target.value })}
                />
              )}
            </Field>
          </div>
        </Section>
        <Section title="2. Which runs">
          <WhichRuns
            draft={draft}
            allocations={allocations}
            criteria={criteria}
            reachable={reachable}
            onChange={change}
          />
        </Section>
        <Section title="3. How they are fine-tuned">
          <div className="grid gap-4 pt-2 sm:grid-cols-3">
            <Field label="Epochs" hint="0 for none">
              {(props) => (
                <Input
                  {...props}
                  type="number"
                  min={0}
                  step="any"
                  value={draft.epochs}
                  onChange={(event) => change({ epochs: event.target.valueAsNumber || 0 })}
                />
              )}
            </Field>
            <Field label="Learning rate" hint="falls along a cosine, after a short warm-up">
              {(props) => (
                <Input
                  {...props}
                  type="number"
                  min={0}
                  step="any"
                  value={draft.learningRate}
                  onChange={(event) => change({ learningRate: event.target.valueAsNumber || 0 })}
                />
              )}
            </Field>
            <Field label="Recalibration images" hint="for BatchNorm, right after the cut; 0 for none">
              {(props) => (
                <Input
                  {...props}
                  type="number"
                  min={0}
                  value={draft.recalibrate}
                  onChange={(event) => change({ recalibrate: event.target.valueAsNumber || 0 })}
                />
              )}
            </Field>
          </div>
        </Section>
      </div>
      <section
        aria-label="What will be started"
        className="grid gap-3 rounded-lg border border-line bg-sunken p-4 lg:sticky lg:top-6"
      >
        <h2 className="text-lead font-semibold">What will be started</h2>
        <ul className="grid gap-1 text-ink-soft">
          <li>
            <strong className="text-ink">{plural(runs, 'run')}</strong>:{' '}
            {plural(draft.strategies.length, 'strategy', 'strategies')} ×{' '}
            {plural(draft.shares.length, 'target')} × {plural(draft.seeds.length, 'seed')}
          </li>
          <li>
            {samplings === 0
              ? 'no sampling'
              : `${plural(samplings, 'shared sampling run')}, unless it is there already`}
          </li>
          <li>
            {time
              ? `about ${duration(time.seconds)} on ${plural(workers, 'worker')}, by ${plural(time.runs, 'run')} like these`
              : 'no run like these has been finished: nobody knows how long they take'}
          </li>
          {workers === 0 && <li>no worker is there: they wait until one comes</li>}
        </ul>
        {problem && <p className="text-cancelled">{problem}</p>}
        {error && <Notice kind="error">{error}</Notice>}
        <Button look="primary" type="submit" disabled={problem !== null || pending}>
          Start {plural(runs, 'run')}
        </Button>
      </section>
    </form>
  );
}
