import type { Readable } from 'node:stream';
import { newId, registerArtifact, type Upload } from '@espalier/store';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { FieldError } from '../errors.ts';
import type { Context, Services } from '../graphql/context.ts';

/** A place for bytes: the answer's id is where a plain PUT goes. */
export async function createUpload(
  { viewer, database, uploadLimit }: Context,
  { fileName, bytes }: { readonly fileName: string; readonly bytes?: number | null },
): Promise<Upload> {
  const { teamId } = requireRole(viewer, 'editor');
  if (bytes !== undefined && bytes !== null && bytes > uploadLimit) {
    throw new FieldError(`at most ${uploadLimit} bytes are taken`, 'bytes');
  }
  return database.prisma.upload.create({
    data: { id: newId('upload'), teamId, fileName, limit: bytes ?? uploadLimit },
  });
}

/** Takes an upload's bytes; null for an upload that is not the team's, or over. */
export async function receiveUpload(
  { database, artifacts }: Services,
  viewer: Viewer,
  id: string,
  bytes: Readable,
): Promise<Upload | null> {
  const { prisma } = database;
  const upload = await prisma.upload.findFirst({ where: { id, teamId: viewer.teamId, sha256: null } });
  if (!upload) return null;
  const stored = await artifacts.put(bytes, { limit: Number(upload.limit) });
  return prisma.$transaction(async (transaction) => {
    await registerArtifact(transaction, artifacts, stored, 'application/octet-stream');
    // Of two that send at the same time the first one counts.
    const { count } = await transaction.upload.updateMany({
      where: { id, sha256: null },
      data: { sha256: stored.sha256, completedAt: new Date() },
    });
    return count === 0 ? null : transaction.upload.findUniqueOrThrow({ where: { id } });
  });
}

/** Whether something of the viewer's team refers to the bytes. */
export async function mayRead({ database }: Services, viewer: Viewer, sha256: string): Promise<boolean> {
  const { prisma } = database;
  const { teamId } = viewer;
  const [models, results, datasets, uploads] = await Promise.all([
    prisma.model.count({ where: { sha256, teamId } }),
    prisma.prunedResult.count({ where: { sha256, run: { teamId } } }),
    prisma.dataset.count({ where: { teamId, OR: [{ sha256 }, { sheetSha256: sha256 }] } }),
    prisma.upload.count({ where: { sha256, teamId } }),
  ]);
  return models + results + datasets + uploads > 0;
}
