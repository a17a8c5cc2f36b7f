import { KNOWN_DATASETS } from '@espalier/datasets';
import { type Dataset, newId, type Prisma, registerArtifact, type Transaction } from '@espalier/store';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, NotFound } from '../errors.ts';
import { PACKED_MEDIA_TYPE } from '../files/artifacts.ts';
import { findUpload } from '../files/uploads.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { checkedName } from '../validation.ts';
import { withClasses } from './classes.ts';
import { type DatasetListArgs, datasetSorting } from './dataset-filter.ts';
import { datasetSource } from './dataset-source.ts';
import { describeDataset, type Source } from './describe.ts';
import { lockManifest } from './manifests.ts';

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
}

/** Reads all of a data set and keeps what a person wants to know of it, with a sheet of sample images. */
export async function registerDataset(context: Context, input: DatasetInput): Promise<Dataset> {
  const editor = requireRole(context.viewer, 'editor');
  const { name, source } = await sourceOf(context, editor, input);
  const { teamId } = editor;
  const { described, sheet } = await describeDataset(context, teamId, name, source);
  const { splits, classes, ...columns } = described;
  const { artifacts, database } = context;
  return database.prisma.$transaction(async (transaction) => {
    await registerArtifact(transaction, artifacts, sheet, 'image/png');
    if (source.sha256 !== null) {
      await transaction.artifact.update({
        where: { sha256: source.sha256 },
        data: { mediaType: PACKED_MEDIA_TYPE },
      });
    }
    const data = { name, builtIn: source.builtIn, sha256: source.sha256, ...columns };
    const row = await inPlaceOfManifest(transaction, teamId, data);
    const { id } = row;
    await audit(transaction, editor, 'dataset.register', id, { name, sha256: source.sha256 });
    return withClasses(transaction, row, { classes, splits });
  });
}

/** A manifest of the same images and labels becomes the data set: what was recorded on it goes by it from now on. */
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
