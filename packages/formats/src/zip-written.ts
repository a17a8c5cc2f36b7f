import { crc32 } from 'node:zlib';

/** Of entries: how far one has to know the format (2.0), and that names are UTF-8. */
const VERSION = 20;
const UTF8 = 0x800;
/** The first day that a zip knows, 1 January 1980, at midnight. */
const DAY = 0x21;
/** Made on Unix, and a file that its owner may write. */
const UNIX = 0x0300 | VERSION;
const MODE = (0o100644 << 16) >>> 0;

/**
 * A zip of these files, as they are: the same bytes for the same files, whatever their order, the time and the machine.
 *
 * @param files by their names, less than 4 GB together
 */
export function zipped(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const parts: Uint8Array[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const called = Buffer.from(name);
    const common = commonFields(bytes, called.length);
    const head = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, called]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(MODE, 6);
    rest.writeUInt32LE(at, 10);
    const made = Buffer.from([UNIX & 0xff, UNIX >> 8]);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), made, common, rest, called]));
    parts.push(head, bytes);
    at += head.length + bytes.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.size, 4);
  end.writeUInt16LE(files.size, 6);
  end.writeUInt32LE(listing.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, listing, Buffer.from('PK\u0005\u0006', 'latin1'), end]);
}

/** What is before an entry and in the directory: version, flags, no compression, time, checksum, lengths. */
function commonFields(bytes: Uint8Array, nameLength: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(UTF8, 2);
  fields.writeUInt16LE(DAY, 8);
  fields.writeUInt32LE(crc32(bytes), 10);
  fields.writeUInt32LE(bytes.length, 14);
  fields.writeUInt32LE(bytes.length, 18);
  fields.writeUInt16LE(nameLength, 22);
  return fields;
}
