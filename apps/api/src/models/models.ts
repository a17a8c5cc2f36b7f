import { readBy } from '@espalier/errors';
import { readAsSchema } from '@espalier/pipeline';
import { type Model, newId, registerArtifact } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { NotFound } from '../errors.ts';
import { findUpload } from '../files/uploads.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import type { NarrowModel } from '../graphql/loaders.ts';
import { findNode } from '../nodes/nodes.ts';
import { keysetPage } from '../query/keyset.ts';
import { checkStorage } from '../quotas/quotas.ts';
import { checkedName } from '../validation.ts';
import { describeModel } from './describe.ts';
import { type ModelListArgs, modelSorting } from './model-filter.ts';
import { modelSource } from './model-source.ts';
import { checkedPreprocessing } from './preprocessing.ts';

export function listModels(
  { viewer, database }: Context,
  args: ModelListArgs,
): Promise<Connection<NarrowModel>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(database.pool, args, modelSource(self, args.filter ?? {}), modelSorting(args.order));
}

export interface ModelInput {
  readonly projectId: string;
  readonly uploadId: string;
  readonly name: string;
  /** How pixels become its input, and the order of its classes, where the file does not say so itself. */
  readonly preprocessing?: unknown;
  /** How the file is read: see `ReadAs`. */
  readonly readAs?: unknown;
}

/**
 * Reads an uploaded network and keeps what is known of it without running it. The same file with another
 * preprocessing is another model.
 */
export async function registerModel(context: Context, input: ModelInput): Promise<Model> {
  const editor = requireRole(context.viewer, 'editor');
  const name = checkedName(input.name);
  const { artifacts, database, quotas } = context;
  const beside = checkedPreprocessing(input.preprocessing);
  const readAs = readBy(readAsSchema, input.readAs ?? {}, '', 'readAs');
  if (!(await findNode('proj', context, input.projectId))) {
    throw new NotFound('there is no such project', 'projectId');
  }
  const upload = await findUpload({ database }, editor, input.uploadId);
  if (!upload?.sha256) throw new NotFound('there is no such upload, or it is not complete', 'uploadId');
  const { sha256, fileName } = upload;
  const file = { teamId: editor.teamId, sha256, fileName, beside, readAs };
  const { columns, mediaType, made } = await describeModel(context, file);
  return database.prisma.$transaction(async (transaction) => {
    const id = newId('model');
    const { teamId } = editor;
    if (made) {
      await checkStorage(transaction, quotas, { teamId, wanted: made.bytes, field: 'uploadId' });
      await registerArtifact(transaction, artifacts, made, mediaType);
    }
    const known = made?.sha256 ?? sha256;
    await transaction.artifact.update({ where: { sha256: known }, data: { mediaType } });
    const model = await transaction.model.create({
      data: { id, teamId, projectId: input.projectId, name, sha256: known, ...columns },
    });
    await audit(transaction, editor, 'model.register', id, { name, sha256: known });
    return model;
  });
}
