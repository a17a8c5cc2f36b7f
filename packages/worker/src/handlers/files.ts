import { PACKED_EXTENSION } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { MODEL_EXTENSION } from '@espalier/formats';
import type { PrunePlan } from '@espalier/pipeline';
import { metadataOf, readAsOf } from '@espalier/runs';
import type { ArtifactCache, Dataset, Model } from '@espalier/store';

/** What a plan reads its network by: the file on this machine, and what was registered with it. */
export async function modelOf(cache: ArtifactCache, model: Model): Promise<PrunePlan['model']> {
  const file = await cache.file(model.sha256, MODEL_EXTENSION);
  return { file, preprocessing: metadataOf(model), name: model.name, ...readAsOf(model) };
}

/** Where on this machine all is kept that is computed of a network and images: it goes when one of them is purged. */
export function derivedFolder(
  cache: ArtifactCache,
  model: Pick<Model, 'sha256'>,
  { builtIn, sha256 }: Pick<Dataset, 'builtIn' | 'sha256'>,
): Promise<string> {
  return cache.derivedFolder(model.sha256, sha256 ?? builtIn ?? '');
}

/** What a plan opens its data set by: a name that every worker knows, or the data set's file on this machine. */
export async function datasetOf(
  cache: ArtifactCache,
  { builtIn, sha256, name }: Pick<Dataset, 'builtIn' | 'sha256' | 'name'>,
): Promise<NonNullable<PrunePlan['data']>> {
  // Teams share what is kept by the data set's hash: no file's word counts as it.
  const hashOfContent = true;
  if (builtIn !== null) return { spec: builtIn, name, hashOfContent };
  if (sha256 === null) throw new InputError(`data set "${name}" has lost its images`);
  return { spec: await cache.file(sha256, PACKED_EXTENSION), name, hashOfContent };
}
