import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@espalier/errors';
import type { ReadAs } from '@espalier/formats';
import type { NetworkMetadata } from '@espalier/network';
import { readAsSchema } from '@espalier/pipeline';
import { written } from '@espalier/runs';
import { newScratch } from '@espalier/store';
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
 * Reads a network's file: the columns of its row that follow from the file.
 *
 * @throws {FieldError} about `uploadId`, `preprocessing` or `readAs`
 */
export async function describeModel(
  { artifacts, reading }: Pick<Services, 'artifacts' | 'reading'>,
  { teamId, sha256, fileName, beside, readAs: asked }: ModelFile,
) {
  const folder = await newScratch();
  const file = path.join(folder, path.basename(fileName).replaceAll(/[^\w.-]/g, '_') || 'model.onnx');
  try {
    const { summary, metadata, readAs, ...columns } = await reading.read(teamId, async () => {
      const bytes = await artifacts.get(sha256);
      if (!bytes) throw new Error(`artifact ${sha256} is missing`);
      await pipeline(bytes, createWriteStream(file));
      return { kind: 'model', file, beside, readAs: asked };
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
