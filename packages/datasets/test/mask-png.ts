import { crc32, deflateSync } from 'node:zlib';

interface MaskPng {
  readonly width: number;
  readonly height: number;
  /** Bits a pixel. Default 8. */
  readonly depth?: number;
  /** 0 is grey (the default), 3 a palette. */
  readonly colour?: number;
  readonly interlaced?: number;
  /** How many rows there are. Default: all. */
  readonly rows?: number;
}

function chunk(type: string, body: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}

/** A PNG of one number a pixel, without filters. */
export function maskPng(data: Uint8Array, { width, height, ...more }: MaskPng): Buffer {
  const { depth = 8, colour = 0, interlaced = 0, rows: count = height } = more;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced], 8);
  const stride = Math.ceil((width * depth) / 8);
  const rows = Buffer.alloc(count * (stride + 1));
  for (let y = 0; y < count; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const at = y * (stride + 1) + 1 + (bit >> 3);
      const shift = Math.max(0, 8 - depth - (bit & 7));
      rows[at] = (rows[at] ?? 0) | ((data[y * width + x] ?? 0) << shift);
    }
  }
  const palette = Buffer.from(Array.from({ length: 3 * 2 ** Math.min(depth, 8) }, (_, i) => (i * 37) % 256));
  const pixels = deflateSync(rows);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...(colour === 3 ? [chunk('PLTE', palette)] : []),
    // In two pieces.
    chunk('IDAT', pixels.subarray(0, 5)),
    chunk('IDAT', pixels.subarray(5)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
