import type { Experiment } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { FieldError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { createExperiment, type ExperimentInput, findExperiment } from './experiments.ts';

/** Null takes something away, what is left out stays as it is. */
export type ExperimentEdits = Partial<ExperimentInput>;

/** An experiment like another one, with edits and without its runs. */
export async function cloneExperiment(
  context: Context,
  id: string,
  edits: ExperimentEdits,
): Promise<Experiment> {
  requireRole(context.viewer, 'editor');
  const found = await findExperiment(context, id);
  if (!found) throw new FieldError('there is no such experiment', 'id');
  const { modelId, datasetId, name, samples, grid, seed, recipe, recalibrate, allowInexact } = found;
  return createExperiment(
    context,
    {
      ...{ modelId, datasetId, samples, seed, recalibrate, allowInexact },
      limits: found.limits as object,
      name: `${name} (copy)`,
      grid: grid.join(','),
      recipe: recipe as object | null,
      ...edits,
    },
    { clonedFrom: id },
  );
}
