import { PACKED_EXTENSION } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import type { ArtifactCache, Dataset } from '@espalier/store';
import type { Subject } from '../tasks/task.ts';

/** What a task opens its data set by: a name that every worker knows, or the data set's file on this machine. */
export async function datasetOf(
  cache: ArtifactCache,
  { builtIn, sha256, name }: Pick<Dataset, 'builtIn' | 'sha256' | 'name'>,
): Promise<Pick<Subject, 'dataset' | 'datasetName'>> {
  if (builtIn !== null) return { dataset: builtIn, datasetName: name };
  if (sha256 === null) throw new InputError(`data set "${name}" has lost its images`);
  return { dataset: await cache.file(sha256, PACKED_EXTENSION), datasetName: name };
}
