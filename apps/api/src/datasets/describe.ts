import path from 'node:path';
import { Readable } from 'node:stream';
import { type ContactSheet, PACKED_EXTENSION } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { ArtifactCache, type StoredArtifact } from '@espalier/store';
import { FieldError } from '../errors.ts';
import type { Services } from '../graphql/context.ts';
import type { Answers } from '../reading/task.ts';

/** Where the images of a data set come from: every worker knows them by name, or they were uploaded. */
export type Source =
  | { readonly builtIn: string; readonly sha256: null }
  | { readonly builtIn: null; readonly sha256: string; readonly fileName: string };

/** Where things are on a sheet of sample images. */
export type SheetLayout = Omit<ContactSheet, 'png'>;

/** What is known of a data set, whose sheet is in the store. */
export interface Described {
  readonly described: Omit<Answers['dataset'], 'png'> & { readonly sheetSha256: string };
  readonly sheet: StoredArtifact;
}

/** Puts the sheet of a data set that was read into the store. */
export async function withSheet(
  { artifacts }: Pick<Services, 'artifacts'>,
  { png, ...described }: Answers['dataset'],
): Promise<Described> {
  const sheet = await artifacts.put(Readable.from([png]));
  return { described: { ...described, sheetSha256: sheet.sha256 }, sheet };
}

/**
 * Has a data set opened, all of it checked, and says what there is to know of it.
 *
 * @throws {FieldError} about the upload, if that is no whole packed data set
 */
export async function readDataset(
  { artifacts, home, reading }: Services,
  teamId: string,
  name: string,
  source: Source,
): Promise<Answers['dataset']> {
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
