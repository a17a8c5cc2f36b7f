import type { Readable } from 'node:stream';
import {
  isSha256,
  newId,
  PurgedMeanwhile,
  registerArtifact,
  type StoredArtifact,
  sizeWords,
  type Upload,
} from '@espalier/store';
import { ownItems, ownRuns, ownUploads } from '../access/reach.ts';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { countProfiles } from '../devices/profile-source.ts';
import { FieldError, LimitReached } from '../errors.ts';
import type { Context, Services } from '../graphql/context.ts';
import { checkUpload } from '../quotas/quotas.ts';
import { NoRoom } from '../quotas/room.ts';

const LONGEST_NAME = 255;
/** As it came, and in the store, for a moment. */
const COPIES = 2;

interface NewUpload {
  readonly fileName: string;
  readonly bytes?: number | null;
  /** Of the bytes, where it is known before they are sent. */
  readonly sha256?: string | null;
}

/**
 * A place for bytes: the answer's id is where a plain PUT goes. Bytes that whoever asks may read here already are
 * complete at once.
 */
export async function createUpload(
  context: Context,
  { fileName, bytes, sha256 = null }: NewUpload,
): Promise<Upload> {
  const { viewer, database, uploadLimit, quotas, room } = context;
  const editor = requireRole(viewer, 'editor');
  const { teamId, apiKeyId } = editor;
  if (fileName === '' || fileName.length > LONGEST_NAME) {
    throw new FieldError(`a file name has 1 to ${LONGEST_NAME} characters`, 'fileName');
  }
  if (bytes !== undefined && bytes !== null && !(Number.isSafeInteger(bytes) && bytes >= 0)) {
    throw new FieldError('give a whole number of bytes, 0 or more', 'bytes');
  }
  if (bytes !== undefined && bytes !== null && bytes > uploadLimit) {
    throw new FieldError(
      `a file may have ${sizeWords(uploadLimit)} at most, and this one has ${sizeWords(bytes)}: make it smaller, or ask whoever runs the platform for more (ESPALIER_UPLOAD_LIMIT_MB)`,
      'bytes',
    );
  }
  if (sha256 !== null && !isSha256(sha256)) {
    throw new FieldError('a sha256 has 64 digits, 0 to 9 and a to f', 'sha256');
  }
  const known = sha256 === null ? null : await knownUpload(context, editor, { fileName, sha256 });
  if (known) return known;
  const limit = bytes ?? uploadLimit;
  await atBytes(room.check(bytes === null || bytes === undefined ? 0 : COPIES * bytes));
  return database.prisma.$transaction(async (transaction) => {
    await checkUpload(transaction, quotas, teamId, limit);
    return transaction.upload.create({ data: { id: newId('upload'), teamId, apiKeyId, fileName, limit } });
  });
}

/** Complete; null if the bytes are not here, or are none of theirs: a hash alone gives nobody anything. */
async function knownUpload(
  services: Context,
  viewer: Viewer,
  { fileName, sha256 }: { readonly fileName: string; readonly sha256: string },
): Promise<Upload | null> {
  const { database, artifacts } = services;
  const artifact = await database.prisma.artifact.findUnique({ where: { sha256 } });
  if (!artifact || !(await mayRead(services, viewer, sha256))) return null;
  const { teamId, apiKeyId } = viewer;
  const { mediaType, bytes } = artifact;
  try {
    return await database.prisma.$transaction(async (transaction) => {
      await registerArtifact(transaction, artifacts, { sha256, bytes: Number(bytes) }, mediaType);
      const whole = { limit: bytes, sha256, completedAt: new Date() };
      return transaction.upload.create({
        data: { id: newId('upload'), teamId, apiKeyId, fileName, ...whole },
      });
    });
  } catch (error) {
    if (error instanceof PurgedMeanwhile) return null;
    throw error;
  }
}

async function atBytes(checking: Promise<void>): Promise<void> {
  await checking.catch((error: unknown) => {
    throw error instanceof NoRoom ? new LimitReached(error.message, 'bytes') : error;
  });
}

/** With what has come of it. */
export function findUpload({ database }: Pick<Services, 'database'>, viewer: Viewer, id: string) {
  return database.prisma.upload.findFirst({
    where: { id, ...ownUploads(viewer) },
    include: { artifact: true },
  });
}

/** Forgets an upload that is not complete; false if there is none. */
export async function cancelUpload({ database }: Services, viewer: Viewer, id: string): Promise<boolean> {
  return (
    (await database.prisma.upload.deleteMany({ where: { id, ...ownUploads(viewer), sha256: null } })).count >
    0
  );
}

/** Keeps an upload's bytes permanently; null for one that is complete or was cancelled meanwhile. */
export async function completeUpload(
  { database, artifacts }: Services,
  id: string,
  bytes: Readable,
  limit: number,
): Promise<StoredArtifact | null> {
  const stored = await artifacts.put(bytes, { limit });
  return database.prisma.$transaction(async (transaction) => {
    await registerArtifact(transaction, artifacts, stored, 'application/octet-stream');
    // Of two that send at the same time the first one counts.
    const { count } = await transaction.upload.updateMany({
      where: { id, sha256: null },
      data: { sha256: stored.sha256, completedAt: new Date() },
    });
    return count === 0 ? null : stored;
  });
}

/** Whether something that the viewer may see refers to the bytes. */
export async function mayRead({ database }: Services, viewer: Viewer, sha256: string): Promise<boolean> {
  const { prisma } = database;
  const { teamId } = viewer;
  const [models, results, repairs, datasets, uploads, profiles] = await Promise.all([
    prisma.model.count({ where: { sha256, ...ownItems(viewer) } }),
    prisma.prunedResult.count({ where: { sha256, run: ownRuns(viewer) } }),
    prisma.runRepair.count({ where: { sha256, run: ownRuns(viewer) } }),
    prisma.dataset.count({ where: { teamId, OR: [{ sha256 }, { sheetSha256: sha256 }] } }),
    prisma.upload.count({ where: { sha256, ...ownUploads(viewer) } }),
    countProfiles(prisma, viewer, sha256),
  ]);
  return models + results + repairs + datasets + uploads + profiles > 0;
}
