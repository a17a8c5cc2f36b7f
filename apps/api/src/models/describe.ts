import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@espalier/errors';
import type { ReadAs } from '@espalier/formats';
import type { NetworkMetadata } from '@espalier/network';
import { readAsSchema } from '@espalier/pipeline';
import { written } from '@espalier/runs';
import { newScratch, type StoredArtifact } from '@espalier/store';
import { FieldError } from '../errors.ts';
import type { Services } from '../graphql/context.ts';

/** A network's file in the store, and how it is read. */
export interface ModelFile {
  readonly teamId: string;
  readonly sha256: string;
  /** As the person called it: errors name it so. */
  readonly fileName: string;
  /** Its preprocessing, where that does not come with the file. */
  readonly beside: NetworkMetadata | null;
  readonly readAs: ReadAs;
}

/**
 * Reads a network's file.
 *
 * @returns the columns of its row that follow from the file, the file's media type, and the file by which the model is known,
 * where that is another one: it is in the store then, and nothing refers to it yet
 * @throws {FieldError} about `uploadId`, `preprocessing` or `readAs`
 */
export async function describeModel(
  { artifacts, reading }: Pick<Services, 'artifacts' | 'reading'>,
  { teamId, sha256, fileName, beside, readAs: asked }: ModelFile,
) {
  const folder = await newScratch();
  const name = path.basename(fileName).replaceAll(/[^\w.-]/g, '_') || 'model.onnx';
  const [file, bundle] = [path.join(folder, name), path.join(folder, 'bundle', 'model.zip')];
  try {
    await mkdir(path.dirname(bundle));
    const { summary, metadata, readAs, mediaType, isBundled, leftOut, ...columns } = await reading.read(
      teamId,
      async () => {
        const bytes = await artifacts.get(sha256);
        if (!bytes) throw new Error(`artifact ${sha256} is missing`);
        await pipeline(bytes, createWriteStream(file));
        return { kind: 'model', file, bundle, beside, readAs: asked };
      },
    );
    const made: StoredArtifact | null = isBundled ? await artifacts.put(createReadStream(bundle)) : null;
    const told = { ...summary, ...(leftOut.length > 0 ? { leftOut } : {}) };
    return {
      columns: { ...columns, ...written('Model', { summary: told, metadata, readAs }) },
      mediaType,
      made,
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const field = error.field !== undefined && error.field in readAsSchema.shape ? 'readAs' : error.field;
    throw new FieldError(error.message.replaceAll(`${folder}/`, ''), field ?? 'uploadId');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
