import { PACKED_EXTENSION } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import type { Preprocessing } from '@espalier/network';
import { ArtifactCache } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { isManifest, noPixels } from '../datasets/manifests.ts';
import { findUpload } from '../files/uploads.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import type { Answers } from '../reading/task.ts';
import { checkedPreprocessing } from './preprocessing.ts';
import { preprocessingWith } from './usual-preprocessing.ts';

export interface PreviewInput {
  /** The id of a data set, or of an uploaded picture. */
  readonly image: string;
  /** Which image of the data set's search split. */
  readonly index: number;
  readonly modelId: string | null;
  /** In place of the model's own. */
  readonly preprocessing: unknown;
}

export interface Preview extends Omit<Answers['inputPreview'], 'png'> {
  /** A PNG, 0..255, as it lies on the input. */
  readonly png: Uint8Array;
  readonly input: Preprocessing;
}

/** Networks for larger images are not pruned here. */
const MOST_SIDE = 2048;
const MOST_RESIZE = 4096;
/** Of a picture's file. */
const MOST_BYTES = 64e6;

/**
 * One image as a network gets it; null if the model, the data set or the upload is not there.
 *
 * @throws {InputError} about `index`, `image` or `preprocessing`
 */
export async function inputPreview(
  context: Context,
  { image, index, modelId, preprocessing }: PreviewInput,
): Promise<Preview | null> {
  const given = checkedPreprocessing(preprocessing);
  if (index < 0) throw new InputError('give 0 for the first image', 'index');
  const model = modelId === null ? null : await findNode('model', context, modelId);
  const source = await sourceOf(context, image);
  if (!source || (modelId !== null && !model)) return null;
  const metadata = given ?? (await preprocessingWith(context, model, source.dataset));
  if (!metadata) {
    throw new InputError(
      'nothing says how pixels become the input: give a preprocessing, or a data set, whose usual values runs take',
      'preprocessing',
    );
  }
  const { input } = metadata;
  checkSides(input);
  const { teamId } = requireRole(context.viewer, 'viewer');
  const { reading, home } = context;
  let file: string | null = null;
  try {
    const shown = await reading.read<'inputPreview'>(teamId, async () => {
      file = await source.file();
      const { of, name } = source;
      return { kind: 'inputPreview', file, of, name, home, index, preprocessing: input };
    });
    return { ...shown, input };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.message.replaceAll(file ?? source.name, source.name), error.field ?? 'image');
  }
}

/** Where an image comes from; null if there is none. */
async function sourceOf(context: Context, image: string) {
  const cache = new ArtifactCache(context.artifacts, context.home);
  const dataset = await findNode('data', context, image);
  if (dataset) {
    const { name, builtIn, sha256 } = dataset;
    if (isManifest(dataset)) throw new InputError(noPixels(name), 'image');
    const file = async () => (sha256 === null ? null : cache.file(sha256, PACKED_EXTENSION));
    return { of: 'dataset', name: builtIn ?? name, dataset, file } as const;
  }
  const upload = await findUpload(context, requireRole(context.viewer, 'viewer'), image);
  if (!upload?.sha256) return null;
  const { sha256, fileName } = upload;
  if (Number(upload.artifact?.bytes ?? 0) > MOST_BYTES) {
    throw new InputError(`a picture has at most ${MOST_BYTES / 1e6} MB: scale it down`, 'image');
  }
  return { of: 'picture', name: fileName, dataset: null, file: () => cache.file(sha256, '.image') } as const;
}

function checkSides({ size, resize = 1 }: Preprocessing): void {
  if (Math.max(...size) <= MOST_SIDE && resize <= MOST_RESIZE) return;
  throw new InputError(
    `a preview has at most ${MOST_SIDE} pixels per side, from images resized to at most ${MOST_RESIZE}`,
    'preprocessing',
  );
}
