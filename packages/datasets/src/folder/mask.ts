import { inflateSync } from 'node:zlib';
import type { Mask } from '../facts.ts';

const SIGNATURE = '89504e470d0a1a0a';
const MOST_PIXELS = 8192 * 8192;

/** Types of colour in a PNG whose pixels are one number each. */
const GREY = 0;
const PALETTE = 3;

/**
 * The numbers of a PNG's pixels, as they are in the file: a palette's indices, which image libraries turn into
 * colours, or levels of grey.
 *
 * @throws an error that says why it is no mask
 */
export function decodeMask(bytes: Uint8Array): Mask {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.toString('hex', 0, 8) !== SIGNATURE) throw new Error('it is no PNG');
  const { header, data } = chunks(file);
  if (!header || header.length < 13) throw new Error('it has no header');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth = 0, colour = 0, , , interlaced = 0] = header.subarray(8);
  if (width === 0 || height === 0 || width * height > MOST_PIXELS) {
    throw new Error(`it has ${width} x ${height} pixels`);
  }
  if (colour !== GREY && colour !== PALETTE)
    throw new Error('it has colours: a mask is grey or has a palette');
  if (![1, 2, 4, 8].includes(depth)) throw new Error(`it has ${depth} bits a pixel: a mask has at most 8`);
  if (interlaced !== 0) throw new Error('it is interlaced: save it without');
  const stride = Math.ceil((width * depth) / 8);
  const length = (stride + 1) * height;
  const rows = inflateSync(data, { maxOutputLength: length });
  if (rows.length < length) throw new Error('it is cut off');
  return { width, height, data: unpacked(unfiltered(rows, stride, height), width, height, depth) };
}

function chunks(file: Buffer): { header: Buffer | undefined; data: Buffer } {
  const data: Buffer[] = [];
  let header: Buffer | undefined;
  for (let at = 8; at + 8 <= file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = body;
    if (type === 'IDAT') data.push(body);
    if (type === 'IEND') break;
    at += 12 + length;
  }
  return { header, data: Buffer.concat(data) };
}

/** Undoes what each row was filtered by (PNG, section 9); a pixel is a byte or less, so the one before is a byte before. */
function unfiltered(rows: Buffer, stride: number, height: number): Uint8Array {
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const left = x > 0 ? (out[y * stride + x - 1] ?? 0) : 0;
      const up = y > 0 ? (out[(y - 1) * stride + x] ?? 0) : 0;
      const corner = x > 0 && y > 0 ? (out[(y - 1) * stride + x - 1] ?? 0) : 0;
      out[y * stride + x] = (rows[y * (stride + 1) + 1 + x] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number | undefined, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter === 4) return paeth(left, up, corner);
  throw new Error('it is damaged');
}

function paeth(left: number, up: number, corner: number): number {
  const whole = left + up - corner;
  const [a, b, c] = [Math.abs(whole - left), Math.abs(whole - up), Math.abs(whole - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** A byte for each pixel, of rows that begin at whole bytes. */
function unpacked(rows: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  if (depth === 8) return rows;
  const stride = rows.length / height;
  const each = 8 / depth;
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = rows[y * stride + Math.floor(x / each)] ?? 0;
      out[y * width + x] = (byte >> (8 - depth * ((x % each) + 1))) & (2 ** depth - 1);
    }
  }
  return out;
}
