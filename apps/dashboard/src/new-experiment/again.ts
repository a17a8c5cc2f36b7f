// A new experiment that begins as another one was: all of it is in the form, to be changed.
import { isCostMetric } from '#src/format/strategies.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { recipeFields } from '#src/settings/recipe-fields.ts';
import { type ExperimentDraft, fieldsOf, pairOf, type RunsDraft } from './plan.ts';

/** Under what an experiment's runs were computed. */
export const conditionsAgain = graphql(
  `
  fragment ConditionsAgain on Experiment @_unmask {
    name
    samples
    grid
    seed
    repair
    recalibrate
    allowInexact
    limits { align minWidth maxRatio keep }
    recipe { ...RecipeFields }
    qualityMetric { name }
    outputWeights { output weight }
    model { id }
    dataset { id }
    deviceProfile { id }
  }
`,
  [recipeFields],
);

/** What was asked of a run. */
export const askedAgain = graphql(`
  fragment AskedAgain on Run @_unmask {
    allocation
    criterion
    metric
    share
    targetMs
    seed
    rounds
    recovery { epochs steps }
  }
`);

/** An experiment's conditions, as the form holds them. */
export function draftOfExperiment(experiment: ResultOf<typeof conditionsAgain>): Partial<ExperimentDraft> {
  const { samples, seed, allowInexact, limits, recipe, qualityMetric } = experiment;
  return {
    ...{ name: `${experiment.name} (copy)`, modelId: experiment.model.id, datasetId: experiment.dataset.id },
    ...{ samples, sampleSeed: seed, grid: experiment.grid.join(','), allowInexact, limits },
    deviceProfileId: experiment.deviceProfile?.id ?? '',
    qualityMetric: qualityMetric.name,
    outputWeights: Object.fromEntries(experiment.outputWeights.map(({ output, weight }) => [output, weight])),
    // One of before there was a repair is not repaired.
    repair: experiment.repair ?? 0,
    recalibrate: experiment.recalibrate ?? 0,
    ...(recipe ? fieldsOf(recipe) : { epochs: 0 }),
  };
}

/** The strategies, targets and seeds of runs, each once. A form has one metric of targets: that of the first. */
export function draftOfRuns(runs: readonly ResultOf<typeof askedAgain>[]): Partial<RunsDraft> {
  const metric = runs.map((run) => run.metric).find(isCostMetric);
  if (metric === undefined) return {};
  const own = runs.filter((run) => run.metric === metric);
  const recovery = own.find((run) => run.recovery)?.recovery;
  const steps = recovery?.steps ?? null;
  return {
    strategies: once(own.map(({ allocation, criterion }) => pairOf(allocation, criterion))),
    metric,
    shares: once(own.flatMap(({ share, targetMs }) => (targetMs === null ? [share] : []))),
    milliseconds: once(own.flatMap(({ targetMs }) => targetMs ?? [])),
    seeds: once(own.map(({ seed }) => seed)),
    rounds: own.find(({ rounds }) => rounds !== null)?.rounds ?? 0,
    recovery: steps ?? recovery?.epochs ?? 0,
    recoveryUnit: recovery && steps === null ? 'epochs' : 'steps',
  };
}

/**
 * The same run with the usual fine-tuning behind it: everything else is equal, so that only the training differs.
 *
 * @param run with its own limits
 */
export function fineTuned(
  run: ResultOf<typeof askedAgain>,
  experiment: ResultOf<typeof conditionsAgain>,
): Partial<ExperimentDraft> {
  const { epochs: _, ...conditions } = draftOfExperiment({ ...experiment, recipe: null });
  return { ...conditions, ...draftOfRuns([run]), name: `${experiment.name}, fine-tuned` };
}

function once<T>(values: readonly T[]): T[] {
  return [...new Set(values)].sort((a, b) => (typeof a === 'number' ? a - Number(b) : 0));
}
