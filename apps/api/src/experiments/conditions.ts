import { InputError } from '@espalier/errors';
import { MODEL_EXTENSION } from '@espalier/formats';
import { LEAST, type PlanData } from '@espalier/pipeline';
import type { DrawnFrom } from '@espalier/pruning';
import { type Conditions, metadataOf, planOf, type RunPlan, readAsOf } from '@espalier/runs';
import {
  ArtifactCache,
  type Dataset,
  type DatasetSplit,
  type DeviceProfile,
  type Model,
} from '@espalier/store';
import { isManifest, noPixels } from '../datasets/manifests.ts';
import { FieldError } from '../errors.ts';
import type { Services } from '../graphql/context.ts';

/** What plans are checked against: the network of a model, and images by their number. */
export interface Subject {
  readonly teamId: string;
  readonly model: Pick<Model, 'sha256' | 'name' | 'metadata' | 'readAs'>;
  readonly data: PlanData;
  readonly allowInexact: boolean;
  /** Of the file of its device profile; null without one. */
  readonly profileSha256: string | null;
}

export function subjectOf(
  {
    teamId,
    sha256,
    name,
    metadata,
    readAs,
  }: Pick<Model, 'teamId' | 'sha256' | 'name' | 'metadata' | 'readAs'>,
  dataset: Dataset & { readonly splits: readonly DatasetSplit[] },
  { allowInexact }: Pick<Conditions, 'allowInexact'>,
  profile: Pick<DeviceProfile, 'sha256'> | null,
): Subject {
  if (isManifest(dataset)) throw new FieldError(noPixels(dataset.name), 'datasetId');
  const profileSha256 = profile?.sha256 ?? null;
  const model = { sha256, name, metadata, readAs };
  return { teamId, model, data: dataOf(dataset), allowInexact, profileSha256 };
}

/** What is known of images without reading them. */
export function dataOf(dataset: Dataset & { readonly splits: readonly DatasetSplit[] }): PlanData {
  const { name, hash, classes, splits, height, width, channels } = dataset;
  const split = (wanted: string) => ({ n: imagesOf(splits, wanted) });
  // Of what was registered before it was kept, the size is not known: then it is found out when it is run.
  const image =
    height && width && channels ? ({ height, width, channels: channels === 1 ? 1 : 3 } as const) : null;
  const perSplit = { train: split('train'), search: split('search'), test: split('test') };
  return { name, hash, classes, image, splits: perSplit };
}

/** What runs draw their images from. */
export function imagesOfSplits(splits: readonly DatasetSplit[]): DrawnFrom {
  return { train: imagesOf(splits, 'train'), search: imagesOf(splits, 'search') };
}

export function imagesOf(splits: readonly DatasetSplit[], name: string): number {
  return splits.find((each) => each.name === name)?.images ?? 0;
}

/** Conditions alone: as if the least that there is were to be removed, by samples. */
export function leastPlan(conditions: Conditions): RunPlan {
  const { seed } = conditions;
  return planOf(conditions, { allocation: 'cie', criterion: 'l1', target: LEAST, seed });
}

/** Of plans the first that does not go with its network or images. */
interface Misfit {
  readonly at: number;
  readonly error: InputError;
}

/** What checking plans has found. */
export interface Verdict {
  readonly misfit: Misfit | null;
  /** What each plan removes, also where milliseconds were asked for; of those before the misfit. */
  readonly shares: readonly number[];
}

/** Checks plans against what they are for, before anything is computed. */
export async function checkedPlans(
  { artifacts, home, reading }: Pick<Services, 'artifacts' | 'home' | 'reading'>,
  { teamId, model, data, allowInexact, profileSha256 }: Subject,
  plans: readonly RunPlan[],
): Promise<Verdict> {
  const about = {
    ...{ name: model.name, metadata: metadataOf(model), readAs: readAsOf(model) },
    ...{ allowInexact, data, plans },
  };
  const cache = new ArtifactCache(artifacts, home);
  let file = model.name;
  try {
    const { shares, misfit } = await reading.read<'plans'>(teamId, async () => {
      file = await cache.file(model.sha256, MODEL_EXTENSION);
      const profile = profileSha256 === null ? null : await cache.file(profileSha256, '.json');
      return { kind: 'plans', file, profile, ...about };
    });
    const told = misfit && { at: misfit.at, error: new InputError(misfit.message, ...misfit.fields) };
    return { shares, misfit: told };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const message = error.message.replaceAll(file, model.name);
    return { shares: [], misfit: { at: 0, error: new InputError(message, error.field ?? 'model') } };
  }
}
