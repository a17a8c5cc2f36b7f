import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { encodeMetadata, fileTypeOf, MODEL_EXTENSION } from '@espalier/formats';
import type { NetworkMetadata } from '@espalier/network';
import { ArtifactCache, type Model, newScratch } from '@espalier/store';
import type { Services } from '../graphql/context.ts';

interface WholeFile {
  readonly bytes: Readable;
  readonly size: number;
  readonly mediaType: string;
}

/**
 * A model's file with its preprocessing in it; as it is where its format has no place for that. Null if the file is not
 * there.
 */
export async function fileWith(
  services: Pick<Services, 'artifacts' | 'database' | 'home' | 'reading'>,
  { teamId, sha256 }: Pick<Model, 'teamId' | 'sha256'>,
  metadata: NetworkMetadata,
): Promise<WholeFile | null> {
  const { artifacts, database } = services;
  const artifact = await database.prisma.artifact.findUnique({ where: { sha256 } });
  const size = artifact && (await artifacts.size(sha256));
  if (!artifact || size === null) return null;
  const { mediaType } = artifact;
  const { format } = fileTypeOf(mediaType);
  const made = format.startsWith('TFJS') ? await zipWith(services, { teamId, sha256 }, metadata) : null;
  if (made) return { ...made, mediaType };
  const bytes = await artifacts.get(sha256);
  if (!bytes) return null;
  if (format !== 'ONNX') return { bytes, size, mediaType };
  const behind = encodeMetadata(metadata);
  return { bytes: Readable.from(joined(bytes, behind)), size: size + behind.length, mediaType };
}

/** Made in the process that reads files, and gone once it is sent. */
async function zipWith(
  { artifacts, home, reading }: Pick<Services, 'artifacts' | 'home' | 'reading'>,
  { teamId, sha256 }: Pick<Model, 'teamId' | 'sha256'>,
  metadata: NetworkMetadata,
) {
  const folder = await newScratch();
  const leave = () => void rm(folder, { recursive: true, force: true });
  try {
    const out = path.join(folder, 'model.zip');
    const { bytes: size } = await reading.read(teamId, async () => {
      const file = await new ArtifactCache(artifacts, home).file(sha256, MODEL_EXTENSION);
      return { kind: 'modelWith', file, metadata, out };
    });
    if (size !== null) return { bytes: createReadStream(out).on('close', leave), size };
    leave();
    return null;
  } catch (error) {
    leave();
    throw error;
  }
}

async function* joined(bytes: Readable, behind: Uint8Array) {
  yield* bytes;
  yield behind;
}
