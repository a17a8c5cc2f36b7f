import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError, readBy } from '@espalier/errors';
import { metadataSchema, type ReadAs } from '@espalier/formats';
import type { NetworkMetadata } from '@espalier/network';
import { readAsSchema } from '@espalier/pipeline';
import { written } from '@espalier/runs';
import { type Model, newId, newScratch } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, NotFound } from '../errors.ts';
import { findUpload } from '../files/uploads.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context, Services } from '../graphql/context.ts';
import type { NarrowModel } from '../graphql/loaders.ts';
import { findNode } from '../nodes/nodes.ts';
import { keysetPage } from '../query/keyset.ts';
import { checkedName } from '../validation.ts';
import { type ModelListArgs, modelSorting } from './model-filter.ts';
import { modelSource } from './model-source.ts';

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
  const { database } = context;
  const beside =
    input.preprocessing == null ? null : readBy(metadataSchema, input.preprocessing, '', 'preprocessing');
  const readAs = readBy(readAsSchema, input.readAs ?? {}, '', 'readAs');
  if (!(await findNode('proj', context, input.projectId))) {
    throw new NotFound('there is no such project', 'projectId');
  }
  const upload = await findUpload({ database }, editor, input.uploadId);
  if (!upload?.sha256) throw new NotFound('there is no such upload, or it is not complete', 'uploadId');
  const { sha256, fileName } = upload;
  const described = await describe(context, editor.teamId, sha256, fileName, { beside, readAs });
  return database.prisma.$transaction(async (transaction) => {
    const id = newId('model');
    const { teamId } = editor;
    const model = await transaction.model.create({
      data: { id, teamId, projectId: input.projectId, name, sha256, ...described },
    });
    await audit(transaction, editor, 'model.register', id, { name, sha256 });
    return model;
  });
}

async function describe(
  { artifacts, reading }: Services,
  teamId: string,
  sha256: string,
  fileName: string,
  how: { readonly beside: NetworkMetadata | null; readonly readAs: ReadAs },
) {
  const folder = await newScratch();
  // Errors name the file as the person did.
  const file = path.join(folder, path.basename(fileName).replaceAll(/[^\w.-]/g, '_') || 'model.onnx');
  try {
    const { summary, metadata, readAs, ...columns } = await reading.read(teamId, async () => {
      const bytes = await artifacts.get(sha256);
      if (!bytes) throw new Error(`artifact ${sha256} is missing`);
      await pipeline(bytes, createWriteStream(file));
      return { kind: 'model', file, ...how };
    });
    return { ...columns, ...written('Model', { summary, metadata, readAs }) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const field = error.field !== undefined && error.field in readAsSchema.shape ? 'readAs' : error.field;
    throw new FieldError(error.message.replaceAll(`${folder}/`, ''), field ?? 'uploadId');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
