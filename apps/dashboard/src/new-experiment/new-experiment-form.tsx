'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { grouped, plural } from '#src/format/numbers.ts';
import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { entriesOf } from '#src/live/entry.ts';
import { errorsAt } from '#src/live/refusal.ts';
import { useAction } from '#src/live/use-action.ts';
import { USUAL_LIMITS } from '#src/settings/limits.ts';
import { LIMIT_PATHS, LimitsFields } from '#src/settings/limits-fields.tsx';
import { Button } from '#src/ui/button.tsx';
import { NumberField, TextField, Tick } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Section } from '#src/ui/section.tsx';
import type { DatasetChoice, ModelChoice } from './choices.ts';
import type { PastRun } from './expected.ts';
import { inputOf, numbersOf } from './input-of.ts';
import { useKeptDraft } from './kept-draft.ts';
import { fittingMetrics, type MetricMethod } from './metrics.ts';
import {
  type AllocationMethod,
  anySamples,
  type CriterionMethod,
  countRuns,
  type ExperimentDraft,
  fieldsOf,
  type NamedRecipe,
  problemOf,
  reachOf,
  recipeOf,
  USUAL_RUNS,
} from './plan.ts';
import { PresetButtons } from './preset-buttons.tsx';
import { presetsFor } from './presets.ts';
import { start } from './start.ts';
import { Summary } from './summary.tsx';
import { TrainingFields } from './training-fields.tsx';
import { useCheck } from './use-check.ts';
import { useDrawn } from './use-drawn.ts';
import { WhatFields } from './what-fields.tsx';
import { RUN_PATHS, WhichRuns } from './which-runs.tsx';

const createExperiment = graphql(`
  mutation CreateExperiment($input: CreateExperimentInput!) {
    createExperiment(input: $input) { ok errors { message path } experiment { id } }
  }
`);

const takeBack = graphql(`
  mutation TakeBackExperiment($ids: [ID!]!) {
    moveToTrash(input: { ids: $ids }) { ok }
  }
`);

/** Paths of the mutations' inputs that there is a field for. */
const PATHS = [
  ...[
    'name',
    'modelId',
    'datasetId',
    'deviceProfileId',
    'qualityMetric',
    'outputWeights',
    'samples',
    'seed',
    'grid',
    'repair',
    'recalibrate',
    ...RUN_PATHS,
  ],
  ...LIMIT_PATHS,
  ...[
    'recipe.epochs',
    'recipe.steps',
    'recipe.learningRate',
    'recipe.distillation.temperature',
    'recipe.distillation.weight',
  ],
];

/** So many images repair what was cut, or all where there are fewer, unless a number is given. */
const USUAL_REPAIR = 2000;

/** Four steps on one page: what, which runs, how wide, how they are fine-tuned; and what will be started, at the side. */
export function NewExperimentForm({
  models,
  datasets,
  allocations,
  criteria,
  recipes,
  metrics,
  past,
  workers,
  said,
}: {
  models: readonly ModelChoice[];
  datasets: readonly DatasetChoice[];
  allocations: readonly AllocationMethod[];
  criteria: readonly CriterionMethod[];
  recipes: readonly NamedRecipe[];
  metrics: readonly MetricMethod[];
  past: readonly PastRun[];
  /** Those that would take the runs. */
  workers: number;
  /** What the address says of it. */
  said: Partial<ExperimentDraft>;
}) {
  const router = useRouter();
  const isThere = (of: readonly { readonly id: string }[], id?: string) => of.some((one) => one.id === id);
  const [draft, setDraft] = useState<ExperimentDraft>({
    ...{
      name: '',
      modelId: models[0]?.id ?? '',
      datasetId: datasets[0]?.id ?? '',
      deviceProfileId: '',
    },
    ...{ qualityMetric: null, outputWeights: {} },
    ...{ samples: 0, sampleSeed: 0, grid: '0.1:0.9:0.1', limits: USUAL_LIMITS, allowInexact: false },
    ...{ ...USUAL_RUNS, strategies: ['cie/l1', 'uniform/l1', 'uniform/random'] },
    ...{
      epochs: 10,
      learningRate: 0.03,
      repair: null,
      recalibrate: 0,
      distils: false,
      temperature: 4,
      weight: 0.5,
    },
    ...usualTraining(recipes),
    ...said,
    // It may be in the trash meanwhile.
    ...(isThere(models, said.modelId) ? {} : { modelId: models[0]?.id ?? '' }),
    ...(isThere(datasets, said.datasetId) ? {} : { datasetId: datasets[0]?.id ?? '' }),
  });
  const [begun, setBegun] = useState(0);
  const action = useAction();
  const begin = (whole: ExperimentDraft) => {
    setDraft(whole);
    setBegun((times) => times + 1);
  };
  const kept = useKeptDraft(draft, (found) => {
    const isUsable = isThere(models, found.modelId) && isThere(datasets, found.datasetId);
    if (isUsable) begin({ ...draft, ...found });
    return isUsable;
  });
  const change = (part: Partial<ExperimentDraft>) => {
    action.forget();
    setDraft((before) => ({ ...before, ...part }));
  };

  const chosen = models.find(({ id }) => id === draft.modelId);
  // What is known of a model is without what can only be pruned inexactly.
  const reachable = draft.allowInexact ? null : reachOf(chosen?.reachable ?? null, draft.metric);
  const device = chosen?.devices.find(({ id }) => id === draft.deviceProfileId) ?? null;
  const problem = problemOf(draft, reachable);
  const { datasetId } = draft;
  const { trainImages = 0, classes = 1 } = datasets.find(({ id }) => id === datasetId) ?? {};
  const outputs = chosen?.outputs ?? null;
  const fitting = fittingMetrics(metrics, outputs, classes);
  const metric = fitting.find(({ name }) => name === draft.qualityMetric) ?? fitting[0];
  // Nothing learns from images without labels.
  const trains = classes > 0;
  const recipe = trains ? recipeOf(draft) : null;
  const usualRepair = draft.recalibrate > 0 ? 0 : Math.min(USUAL_REPAIR, trainImages);
  const drawn = useDrawn(draft, allocations, { datasetId, recipe, ...numbersOf(draft) });
  const counted = countRuns(draft, { allocations, criteria }, drawn);
  const input = inputOf(draft, recipe, metric, outputs);
  const found = useCheck(input);
  const errorAt = errorsAt([...action.refusals, ...found], PATHS);
  const entry = entriesOf(draft, change, errorAt);

  async function submit(): Promise<void> {
    const done = await action.run(async () => {
      const { createExperiment: made } = await send(createExperiment, { input });
      const id = made.experiment?.id ?? '';
      if (!made.ok) return { ...made, id };
      const started = await start(id, draft, allocations, recipe);
      // The next try makes another one.
      if (!started.ok) await send(takeBack, { ids: [id] });
      return { ...started, id };
    });
    if (!done) return;
    kept.forget();
    router.push(`/experiments/${done.id}`);
  }

  return (
    <Form onSend={submit} className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <div className="grid gap-8">
        {kept.isKept && (
          <Notice>
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <p>This is what you filled in before.</p>
              <Button onClick={() => begin(kept.forget())}>Start anew</Button>
            </div>
          </Notice>
        )}
        <Section title="1. What">
          <WhatFields
            draft={draft}
            models={models}
            datasets={datasets}
            metrics={fitting}
            entry={entry}
            errorAt={errorAt}
            change={change}
            isCopy={said.sampleSeed !== undefined}
            measures={anySamples(draft, allocations)}
          />
        </Section>
        <Section title="2. Which runs">
          <PresetButtons
            presets={presetsFor({ allocations, recipes, devices: chosen?.devices ?? [] })}
            draft={draft}
            onChoose={({ part }) => {
              change({ ...part, unread: {} });
              setBegun(begun + 1);
            }}
          />
          <WhichRuns
            // What is typed there begins anew.
            key={begun}
            draft={draft}
            allocations={allocations}
            criteria={criteria}
            reachable={reachable}
            device={device}
            errorAt={errorAt}
            onChange={change}
          />
        </Section>
        <Section title="3. Limits on widths">
          <div className="grid gap-4 pt-2">
            <LimitsFields
              limits={draft.limits}
              groups={(chosen?.groups ?? [])
                .filter(({ inexact }) => draft.allowInexact || !inexact)
                .map(({ name }) => name)}
              errorAt={errorAt}
              onChange={(limits) => change({ limits })}
            />
            <Tick
              label="Also prune what a normalisation mixes"
              hint="Removing such channels is not the same as zeroing them."
              checked={draft.allowInexact}
              onChange={(allowInexact) => change({ allowInexact, limits: { ...draft.limits, keep: [] } })}
            />
          </div>
        </Section>
        <Section title="4. What follows the cut">
          <div className="grid gap-4 pt-2 sm:grid-cols-2">
            <TextField
              label="Repair images"
              type="number"
              min={0}
              hint="set the layers behind the cut right, without labels and in seconds; left empty, 2,000 or all where there are fewer; 0 for none"
              placeholder={grouped(usualRepair)}
              {...entry('repair')}
              value={draft.repair ?? ''}
              onChange={(text) => change({ repair: text === '' ? null : Number(text) })}
            />
            <NumberField
              label="Recalibration images"
              hint="set BatchNorm right instead of a repair, which is worth more; 0 for none"
              {...entry('recalibrate')}
            />
            {trains ? (
              <TrainingFields draft={draft} recipes={recipes} entry={entry} change={change} />
            ) : (
              <p className="self-center text-ink-soft sm:col-span-2">
                Fine-tuning learns from labels, and the images of this data set have none.
              </p>
            )}
          </div>
        </Section>
      </div>
      <Summary
        draft={trains ? draft : { ...draft, epochs: 0 }}
        repair={draft.repair ?? usualRepair}
        allocations={allocations}
        counted={counted}
        past={past}
        ahead={{ macs: chosen?.macs ?? 0, trainImages, epochs: trains ? draft.epochs : 0 }}
        workers={workers}
      >
        {problem && <p className="text-cancelled">{problem}</p>}
        {(action.error !== null || found.length > 0) && (
          <Notice kind="error">
            {errorAt('') ??
              (action.error === null
                ? 'It cannot be started like this: see what is marked in the form.'
                : 'Nothing was started: see what is marked in the form.')}
          </Notice>
        )}
        <Button look="primary" type="submit" disabled={problem !== null || action.pending}>
          Start {plural(counted.runs, 'run')}
        </Button>
      </Summary>
    </Form>
  );
}

function usualTraining(recipes: readonly NamedRecipe[]): Partial<ExperimentDraft> {
  const usual = recipes.find(({ name }) => name === 'standard');
  return usual ? fieldsOf(usual.recipe) : {};
}
