import path from 'node:path';
import { Readable } from 'node:stream';
import {
  type ContactSheet,
  classCounts,
  contactSheet,
  type Dataset,
  defaultPreprocessing,
  openDataset,
  PACKED_EXTENSION,
} from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { ArtifactCache, type Prisma } from '@espalier/store';
import { FieldError } from '../errors.ts';
import type { Services } from '../graphql/context.ts';

/** Where the images of a data set come from: every worker knows them by name, or they are an artifact. */
export type Source =
  | { readonly builtIn: string; readonly sha256: null }
  | { readonly builtIn: null; readonly sha256: string; readonly fileName: string };

/** Where things are on a sheet of sample images. */
export type SheetLayout = Omit<ContactSheet, 'png'>;

/**
 * Opens a data set, checking all of it, and tells what there is to know of it. Its sheet is in the store afterwards.
 *
 * @throws {FieldError} about the upload, if that is no whole packed data set
 */
export async function describeDataset(services: Services, name: string, source: Source) {
  const dataset = await open(services, name, source);
  try {
    const { classes, hash, splits } = dataset;
    const { png, ...layout } = await contactSheet(dataset);
    const sheet = await services.artifacts.put(Readable.from([png]));
    const described = {
      hash,
      classes: [...classes],
      ...shapeOf(dataset),
      sheet: { ...layout, rows: layout.rows.map((row) => ({ ...row })) } satisfies Prisma.InputJsonObject,
      sheetSha256: sheet.sha256,
      splits: Object.entries(splits).map(([split, images]) => ({
        name: split,
        images: images.n,
        classCounts: classCounts(images, classes.length),
      })),
    };
    return { described, sheet } as const;
  } finally {
    await dataset.close();
  }
}

/** Nothing of a data set whose images differ in size, which neither a name nor a file is. */
function shapeOf(dataset: Dataset) {
  const { image } = dataset;
  if (!image) throw new Error(`the images of ${dataset.name} differ in size`);
  const { height, width, channels } = image;
  const { mean, std } = defaultPreprocessing(dataset).input;
  return { height, width, channels, mean: [...mean], std: [...std] };
}

async function open({ artifacts, home }: Services, name: string, source: Source): Promise<Dataset> {
  if (source.builtIn !== null) return openDataset(source.builtIn, { home });
  // Fetched once: a worker on this machine finds the file.
  const cache = new ArtifactCache(artifacts, home);
  const file = await cache.file(source.sha256, PACKED_EXTENSION);
  try {
    return await openDataset(file, { home, name, hashOfContent: true });
  } catch (error) {
    await cache.remove(source.sha256, PACKED_EXTENSION);
    if (!(error instanceof InputError)) throw error;
    // Errors name the file as the person did.
    throw new FieldError(error.message.replaceAll(file, path.basename(source.fileName)), 'uploadId');
  }
}
