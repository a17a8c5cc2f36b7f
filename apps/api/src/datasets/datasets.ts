import { KNOWN_DATASETS } from '@espalier/datasets';
import {
  type Dataset,
  newId,
  type Prisma,
  registerArtifact,
  type StoredArtifact,
  type Transaction,
} from '@espalier/store';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, NotFound, Taken } from '../errors.ts';
import { PACKED_MEDIA_TYPE } from '../files/artifacts.ts';
import { findUpload } from '../files/uploads.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { checkStorage } from '../quotas/quotas.ts';
import type { Answers } from '../reading/task.ts';
import { checkedName } from '../validation.ts';
import { withClasses } from './classes.ts';
import { type DatasetListArgs, datasetSorting } from './dataset-filter.ts';
import { datasetSource } from './dataset-source.ts';
import { type Described, readDataset, type Source, withSheet } from './describe.ts';
import { type ImagesInput, imageSettings } from './images-input.ts';
import { lockManifest } from './manifests.ts';
import { isZip, packImages, previewImages, type Zip } from './zip.ts';

export function listDatasets(
  { viewer, database }: Context,
  args: DatasetListArgs,
): Promise<Connection<Dataset>> {
  const self = requireRole(viewer, 'viewer');
  const source = datasetSource(self, args.filter ?? {});
  return keysetPage(database.pool, args, source, datasetSorting(args.order));
}

export interface DatasetInput {
  /** Without an upload one of the known names, with one what the team calls it. */
  readonly name: string;
  readonly uploadId: string | null;
  /** Of a zip of images. */
  readonly images?: ImagesInput | null;
}

/** What a zip of images is; null if the data set is none. */
type Images = Answers['images'] | null;

/** Reads all of a data set and keeps what a person wants to know of it, with a sheet of sample images. */
export async function registerDataset(
  context: Context,
  input: DatasetInput,
): Promise<{ readonly dataset: Dataset; readonly imagesPreview: Images }> {
  const { editor, name, source, zip, settings } = await asked(context, input);
  const { teamId } = editor;
  if (zip) {
    const { images: imagesPreview, dataset: read, file } = await packImages(context, teamId, zip, settings);
    const described = await withSheet(context, read);
    return {
      dataset: await keep(context, editor, name, null, described, { ...file, isNew: true }),
      imagesPreview,
    };
  }
  const described = await withSheet(context, await readDataset(context, teamId, name, source));
  const file = source.sha256 === null ? null : ({ sha256: source.sha256, isNew: false } as const);
  return { dataset: await keep(context, editor, name, source.builtIn, described, file), imagesPreview: null };
}

/** The same checks, and nothing is made. */
export async function checkDataset(
  context: Context,
  input: DatasetInput,
): Promise<{ readonly dataset: null; readonly imagesPreview: Images }> {
  const { editor, name, source, zip, settings } = await asked(context, input);
  const { teamId } = editor;
  if (zip) return { dataset: null, imagesPreview: await previewImages(context, teamId, zip, settings) };
  await readDataset(context, teamId, name, source);
  return { dataset: null, imagesPreview: null };
}

async function asked(context: Context, input: DatasetInput) {
  const editor = requireRole(context.viewer, 'editor');
  const { name, source } = await sourceOf(context, editor, input);
  await checkFree(context, editor.teamId, name);
  const isOfImages = source.builtIn === null && (await isZip(context, source.sha256));
  if (input.images && !isOfImages)
    throw new FieldError('only a zip of images takes these settings', 'images');
  const zip: Zip | null = isOfImages ? { ...source, name } : null;
  return { editor, name, source, zip, settings: imageSettings(input.images ?? null) };
}

/** The packed images: those of an upload, or a file that was made of it and that nothing refers to yet. */
type PackedFile =
  | { readonly sha256: string; readonly isNew: false }
  | (StoredArtifact & { readonly isNew: true });

async function keep(
  { artifacts, database, quotas }: Context,
  editor: Viewer,
  name: string,
  builtIn: string | null,
  { described, sheet }: Described,
  file: PackedFile | null,
): Promise<Dataset> {
  const { splits, classes, ...columns } = described;
  const { teamId } = editor;
  const sha256 = file?.sha256 ?? null;
  return database.prisma.$transaction(async (transaction) => {
    await registerArtifact(transaction, artifacts, sheet, 'image/png');
    if (file?.isNew) {
      await checkStorage(transaction, quotas, { teamId, wanted: file.bytes, field: 'uploadId' });
      await registerArtifact(transaction, artifacts, file, PACKED_MEDIA_TYPE);
    } else if (file) {
      await transaction.artifact.update({
        where: { sha256: file.sha256 },
        data: { mediaType: PACKED_MEDIA_TYPE },
      });
    }
    const row = await inPlaceOfManifest(transaction, teamId, { name, builtIn, sha256, ...columns });
    const { id } = row;
    await audit(transaction, editor, 'dataset.register', id, { name, sha256 });
    return withClasses(transaction, row, { classes, splits });
  });
}

/** Told before anything is read: that may take minutes. A manifest may become what is registered. */
async function checkFree({ database }: Context, teamId: string, name: string): Promise<void> {
  const where: Prisma.DatasetWhereInput = {
    ...{ teamId, name: { equals: name, mode: 'insensitive' }, deletedAt: null },
    OR: [{ builtIn: { not: null } }, { sha256: { not: null } }],
  };
  if (await database.prisma.dataset.findFirst({ where, select: { id: true } })) {
    throw new Taken('this name is taken: choose another one, or rename what has it', 'name');
  }
}

/** A manifest of the same images and labels becomes the data set: what was recorded on it uses it from now on. */
async function inPlaceOfManifest(
  transaction: Transaction,
  teamId: string,
  data: Omit<Prisma.DatasetUncheckedCreateInput, 'id' | 'teamId'> & { readonly manifest: string },
): Promise<Dataset> {
  await lockManifest(transaction, teamId, data.manifest);
  const bare = await transaction.dataset.findFirst({
    where: { teamId, manifest: data.manifest, builtIn: null, sha256: null, deletedAt: null },
  });
  if (!bare) return transaction.dataset.create({ data: { id: newId('data'), teamId, ...data } });
  await transaction.datasetSplit.deleteMany({ where: { datasetId: bare.id } });
  await transaction.samplingRun.updateMany({
    where: { datasetId: bare.id },
    data: { datasetHash: data.hash },
  });
  return transaction.dataset.update({ where: { id: bare.id }, data });
}

async function sourceOf(
  { database }: Context,
  editor: Viewer,
  { name, uploadId }: DatasetInput,
): Promise<{ readonly name: string; readonly source: Source }> {
  const known = KNOWN_DATASETS.includes(name);
  if (uploadId === null) {
    if (known) return { name, source: { builtIn: name, sha256: null } };
    const names = KNOWN_DATASETS.join(', ');
    throw new FieldError(
      `there is no data set "${name}"; known are ${names}, others are uploaded: espalier push --dataset`,
      'name',
    );
  }
  if (known) throw new FieldError(`${name} comes with Espalier: give yours another name`, 'name');
  const upload = await findUpload({ database }, editor, uploadId);
  if (!upload?.sha256) throw new NotFound('there is no such upload, or it is not complete', 'uploadId');
  const { sha256, fileName } = upload;
  return { name: checkedName(name), source: { builtIn: null, sha256, fileName } };
}
