import { preprocessingFor } from '@espalier/engines';
import type { NetworkMetadata } from '@espalier/network';
import { metadataOf } from '@espalier/runs';
import type { Dataset, Model } from '@espalier/store';
import { dataOf } from '../experiments/conditions.ts';
import type { Context } from '../graphql/context.ts';

/**
 * How the images of a data set become a model's input: as the model says, else the usual values of the data set, at the
 * model's size. Null if neither says it.
 *
 * @param model null for one of which nothing is known
 */
export async function preprocessingWith(
  { loaders }: Pick<Context, 'loaders'>,
  model: Pick<Model, 'id' | 'metadata'> | null,
  dataset: Dataset | null,
): Promise<NetworkMetadata | null> {
  const own = model && metadataOf(model);
  if (own || !dataset) return own;
  const { mean, std } = dataset;
  const data = dataOf({ ...dataset, splits: await loaders.splits.load(dataset.id) });
  const facts = mean.length > 0 ? { ...data, normalisation: { mean, std } } : data;
  const summary = model && (await loaders.summary.load(model.id));
  const { input: shape, inputType: type = 'float32' } = summary ?? {};
  return preprocessingFor({ inputs: shape ? [{ shape, type }] : [] }, facts);
}
