import { crc32, deflateRawSync } from 'node:zlib';

/** One file of a zip; a name that ends with `/` is a folder. */
export interface ZipEntry {
  readonly name: string;
  readonly data?: Uint8Array;
  /** Compressed; else stored. */
  readonly deflate?: boolean;
  /** `st_mode` of Unix; default: a file. */
  readonly mode?: number;
  /** Bit 0: encrypted. */
  readonly flags?: number;
  /** What the zip claims, where that is not the truth. */
  readonly claimed?: { readonly bytes?: number; readonly crc?: number };
}

const FILE = 0o100644;
const FOLDER = 0o040755;
const UTF8 = 0x800;

/** A zip with these entries, whatever they are: names and sizes are written as they are given. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { name, data = Buffer.alloc(0), deflate = false, flags = 0, claimed = {} } = entry;
    const mode = entry.mode ?? (name.endsWith('/') ? FOLDER : FILE);
    const [path, body] = [Buffer.from(name), deflate ? deflateRawSync(data) : Buffer.from(data)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags | UTF8, 2);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt32LE(claimed.crc ?? crc32(data), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(claimed.bytes ?? data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, path, body]);
    const behind = Buffer.alloc(14);
    behind.writeUInt32LE(mode * 2 ** 16, 6);
    behind.writeUInt32LE(offset, 10);
    const unix = Buffer.from([20, 3]);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), unix, common, behind, path]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
