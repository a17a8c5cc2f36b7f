import { judgedBy } from '@espalier/runs';
import type { Experiment } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { FieldError, NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import { createExperiment, type ExperimentInput } from './experiments.ts';
import type { WidthLimitsInput } from './limits-type.ts';

/**
 * An experiment like another one, with edits and without its runs.
 *
 * @param edits null takes something away, what is left out stays as it is
 */
export async function cloneExperiment(
  context: Context,
  id: string,
  edits: Partial<ExperimentInput>,
): Promise<Experiment> {
  requireRole(context.viewer, 'editor');
  const found = await findNode('exp', context, id);
  if (!found) throw new NotFound('there is no such experiment', 'id');
  if (found.origin !== 'espalier') {
    throw new FieldError('it has imported results, so it has no conditions to copy', 'id');
  }
  const { modelId, datasetId, name, samples, grid, seed, recipe, recalibrate, allowInexact } = found;
  const { metric: qualityMetric, weights } = judgedBy(found);
  const outputWeights = Object.entries(weights).map(([output, weight]) => ({ output, weight }));
  // One of before there was a repair is not repaired.
  const repair = found.repair ?? 0;
  return createExperiment(
    context,
    {
      ...{ modelId, datasetId, samples, seed, recalibrate, repair, allowInexact },
      ...{ qualityMetric, outputWeights, deviceProfileId: found.profileId },
      limits: found.limits as unknown as WidthLimitsInput,
      name: `${name} (copy)`,
      grid: grid.join(','),
      recipe: recipe as object | null,
      ...edits,
    },
    { clonedFrom: id },
  );
}
