import { posix } from 'node:path';
import { crc32 } from 'node:zlib';
import { InputError } from '@espalier/errors';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';

const MOST_ENTRIES = 10_000;

/** What is in a zip, none of which is unpacked before it is asked for. */
export interface Zip {
  /** Of files, with the folders that they are in; links and folders are none. */
  readonly names: readonly string[];
  /** Bytes that a file says it has; undefined if there is no such file. */
  size(name: string): number | undefined;
  /**
   * @param most bytes that it may have
   * @returns undefined if there is no such file
   * @throws {InputError} for one that is larger, encrypted or damaged
   */
  read(name: string, most: number): Promise<Buffer | undefined>;
}

/** Bits of `st_mode` that say what kind of file it is, as Unix writes them into a zip. */
const KIND = 0o170000;
const USUAL_KINDS = [0, 0o100000];

/**
 * @param where the bytes came from, for messages
 * @param again what to do about a zip that is damaged
 * @throws {InputError} for what is no zip, has names that lead out of it, or one of them twice
 */
export async function openZip(bytes: Uint8Array, where: string, again: string): Promise<Zip> {
  const orDamaged = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof InputError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new InputError(`${where} is cut off or damaged (${why}): ${again}`);
    }
  };
  const { zip, entries } = await orDamaged(async () => {
    const own = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return { zip: own, entries: await entriesOf(own, where, again) };
  });
  return {
    names: [...entries.keys()],
    size: (name) => entries.get(name)?.uncompressedSize,
    async read(name, most) {
      const entry = entries.get(name);
      if (!entry) return undefined;
      if (entry.isEncrypted())
        throw new InputError(`${where}: ${name} is encrypted; give it without a password`);
      const { uncompressedSize } = entry;
      if (uncompressedSize > most)
        throw new InputError(
          `${where}: ${name} unpacks to ${uncompressedSize} bytes, and at most ${most} are read`,
        );
      return await orDamaged(() => unpacked(zip, entry));
    },
  };
}

async function entriesOf(zip: ZipFile, where: string, again: string): Promise<Map<string, Entry>> {
  if (zip.entryCount > MOST_ENTRIES)
    throw new InputError(
      `${where} has ${zip.entryCount} files, and at most ${MOST_ENTRIES} are read: ${again}`,
    );
  const found = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const { fileName, externalFileAttributes } = entry;
    const name = posix.normalize(fileName);
    const isFile = !fileName.endsWith('/') && USUAL_KINDS.includes((externalFileAttributes >>> 16) & KIND);
    if (!isFile) continue;
    if (found.has(name)) throw new InputError(`${where} has ${name} twice: ${again}`);
    found.set(name, entry);
  }
  return found;
}

/** As long as the zip says, or the library ends it, and with its checksum. */
async function unpacked(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
  const whole = Buffer.concat(parts);
  if (crc32(whole) !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} does not fit`);
  return whole;
}
