import path from 'node:path';
import { Readable } from 'node:stream';
import { type ContactSheet, PACKED_EXTENSION } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { ArtifactCache } from '@espalier/store';
import { FieldError } from '../errors.ts';
import type { Services } from '../graphql/context.ts';

/** Where the images of a data set come from: every worker knows them by name, or they are an artifact. */
export type Source =
  | { readonly builtIn: string; readonly sha256: null }
  | { readonly builtIn: null; readonly sha256: string; readonly fileName: string };

/** Where things are on a sheet of sample images. */
export type SheetLayout = Omit<ContactSheet, 'png'>;

/**
 * Has a data set opened, all of it checked, and tells what there is to know of it. Its sheet is in the store
 * afterwards.
 *
 * @throws {FieldError} about the upload, if that is no whole packed data set
 */
export async function describeDataset(services: Services, teamId: string, name: string, source: Source) {
  const { png, ...described } = await read(services, teamId, name, source);
  const sheet = await services.artifacts.put(Readable.from([png]));
  return { described: { ...described, sheetSha256: sheet.sha256 }, sheet } as const;
}

async function read({ artifacts, home, reading }: Services, teamId: string, name: string, source: Source) {
  if (source.builtIn !== null) {
    return reading.read(teamId, async () => ({ kind: 'dataset', file: null, name, home }));
  }
  // Fetched once: a worker on this machine finds the file.
  const cache = new ArtifactCache(artifacts, home);
  let file = source.fileName;
  try {
    return await reading.read(teamId, async () => {
      file = await cache.file(source.sha256, PACKED_EXTENSION);
      return { kind: 'dataset', file, name, home };
    });
  } catch (error) {
    await cache.remove(source.sha256, PACKED_EXTENSION);
    if (!(error instanceof InputError)) throw error;
    // Errors name the file as the person did.
    throw new FieldError(error.message.replaceAll(file, path.basename(source.fileName)), 'uploadId');
  }
}
