import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { isImage, isLabelTable } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/** What a zip may unpack to. */
export interface MostUnpacked {
  /** Files and folders. */
  readonly entries: number;
  /** Of all files. */
  readonly bytes: number;
}

/**
 * Unpacks the images of a zip into a folder, and tables of their labels. Other files are put there empty, so that
 * whoever reads the folder can say that they are left out.
 *
 * @param into a folder that is there and empty
 * @returns names that were not unpacked because they are hidden: those that begin with a dot, and `__MACOSX`
 * @throws {InputError} naming what in the zip is damaged, dangerous or too much, and what to do
 */
export async function unzipImages(
  file: string,
  into: string,
  most: MostUnpacked,
): Promise<readonly string[]> {
  const zip = await openPromise(file, { autoClose: false }).catch((error: unknown) => {
    throw damaged(error);
  });
  try {
    return await unpack(zip, into, most);
  } finally {
    zip.close();
  }
}

async function unpack(zip: ZipFile, into: string, most: MostUnpacked): Promise<readonly string[]> {
  if (zip.entryCount > most.entries) {
    throw new InputError(
      `the zip has ${zip.entryCount} files and folders, and at most ${most.entries} are unpacked: ${SMALLER}`,
    );
  }
  const hidden = new Set<string>();
  let bytes = 0;
  for await (const entry of entriesOf(zip)) {
    if (/\p{Cc}/u.test(entry.fileName)) throw noName(entry);
    const steps = entry.fileName.split('/').filter((step) => step !== '' && step !== '.');
    const hiddenStep = steps.find((step) => step.startsWith('.') || step === '__MACOSX');
    if (hiddenStep !== undefined) {
      hidden.add(hiddenStep);
      continue;
    }
    checkKind(entry);
    const isFolder = entry.fileName.endsWith('/');
    const isWanted = !isFolder && (isImage(entry.fileName) || isLabelTable(entry.fileName));
    if (isWanted) bytes += entry.uncompressedSize;
    if (bytes > most.bytes) {
      throw new InputError(
        `the zip unpacks to more than ${Math.floor(most.bytes / 1e6)} MB, which is all that there is room for: ${SMALLER}`,
      );
    }
    const place = path.join(into, ...steps);
    try {
      await mkdir(isFolder ? place : path.dirname(place), { recursive: true });
      if (isWanted) await pour(zip, entry, place);
      else if (!isFolder) await writeFile(place, '', { flag: 'wx' });
    } catch (error) {
      throw notUnpacked(entry, error);
    }
  }
  return [...hidden];
}

const SMALLER = 'take fewer or smaller images, or pack them on your machine (espalier push --dataset)';

/** Names that lead out of the folder end it. */
async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry();
  } catch (error) {
    throw error instanceof InputError ? error : damaged(error);
  }
}

/** Bits of `st_mode` that say what kind of file it is, as Unix writes them into a zip. */
const KIND = 0o170000;
const USUAL_KINDS = [0, 0o100000, 0o040000];

function checkKind(entry: Entry): void {
  if (entry.isEncrypted()) {
    throw new InputError(`${entry.fileName} is encrypted: zip the images without a password`);
  }
  if (USUAL_KINDS.includes((entry.externalFileAttributes >>> 16) & KIND)) return;
  throw new InputError(`${entry.fileName} is a link: put the image itself into the zip`);
}

/** Writes what an entry has, which must be as long as the zip says, and have its checksum. */
async function pour(zip: ZipFile, entry: Entry, place: string): Promise<void> {
  const bytes = await zip.openReadStreamPromise(entry);
  let sum = 0;
  const summing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum = crc32(chunk, sum);
      done(null, chunk);
    },
  });
  await pipeline(bytes, summing, createWriteStream(place, { flags: 'wx' }));
  if (sum !== entry.crc32) throw new Error('its checksum does not fit');
}

function damaged(error: unknown): InputError {
  const message = error instanceof Error ? error.message : String(error);
  if (/absolute path|relative path|invalid characters/.test(message)) {
    return new InputError(
      `the zip has a name that leads out of its folder (${message}): zip the folder again`,
    );
  }
  const why = /signature not found/.test(message) ? 'its end is missing' : message;
  return new InputError(`the zip is cut off or damaged (${why}): zip the folder again`);
}

function noName({ fileName }: Pick<Entry, 'fileName'>): InputError {
  const shown = fileName.replaceAll(/\p{Cc}/gu, '?').slice(0, 100);
  return new InputError(`${shown} cannot be a file's name: give it a shorter, plain one`);
}

function notUnpacked({ fileName }: Entry, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') {
    return new InputError(`${fileName} is in the zip twice: zip the folder again`);
  }
  if (code === 'ENAMETOOLONG') return noName({ fileName });
  if (code === 'ENOSPC') throw error;
  return new InputError(`${fileName} is damaged in the zip (${message}): zip the folder again`);
}
