import type { FileHandle } from 'node:fs/promises';
import { InputError, readBy } from '@espalier/errors';
import { z } from 'zod';
import { type ImageShape, type Normalisation, perSplit, type Split, type SplitName } from '../dataset.ts';
import { readAt, sha256 } from '../image-bytes.ts';
import { checkedLabels, decodeSplit, type EncodedLabels, encodeLabels } from '../labels.ts';

/*
 * A packed data set, one file:
 *
 *   MAGIC (8 bytes), length of the header (u32, little endian), sha256 of the header (32 bytes)
 *   header    JSON
 *   pixels    the images of train, search and test: height * width * channels bytes each, red first
 *   trailer   sha256 of all pixels (32 bytes)
 *
 * The same classes, labels and images make the same bytes: there is no name in it, and no time. What describes the
 * file stands first, so that a reader of a stream knows what comes.
 */

export const PACKED_EXTENSION = '.espalier-data';

const MAGIC = 'ESPDATA1';
const START_BYTES = 8 + 4 + 32;
export const TRAILER_BYTES = 32;
/** Labels of fifteen million images. */
const MOST_HEADER_BYTES = 64 * 2 ** 20;
const MOST_CLASSES = 65_536;

export interface PackedHeader {
  readonly classes: readonly string[];
  readonly image: ImageShape;
  readonly normalisation: Normalisation;
  /** Hash of the data set, where it was packed as it is stored; null if the file's own content is hashed. */
  readonly hash: string | null;
  /** By which rules the pixels were decoded: see `DECODING_VERSION`. */
  readonly decoding: number;
  readonly labels: EncodedLabels;
  readonly splits: Readonly<Record<SplitName, Split>>;
}

const side = z.int().min(1).max(65_535);
const values = z.array(z.number());
const labels = z.string().min(1);

const schema = z.strictObject({
  // None: images without labels, each of which has 0 for one.
  classes: z
    .array(z.string().min(1).max(255))
    .max(MOST_CLASSES)
    .refine(({ length }) => length !== 1, 'two classes or more, or none'),
  image: z.strictObject({ width: side, height: side, channels: z.union([z.literal(1), z.literal(3)]) }),
  normalisation: z.strictObject({ mean: values, std: values }),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  // Files of before say nothing, and there were no other rules.
  decoding: z.int().min(1).default(1),
  labels: z.strictObject({ train: labels, search: labels, test: labels }),
});

/** Everything before the pixels. */
export function packedStart(header: Omit<PackedHeader, 'labels'>): Buffer {
  const { classes, image, normalisation, hash, decoding, splits } = header;
  const { width, height, channels } = image;
  const { mean, std } = normalisation;
  const json = Buffer.from(
    JSON.stringify({
      classes,
      image: { width, height, channels },
      normalisation: { mean, std },
      hash,
      decoding,
      labels: perSplit((name) => encodeLabels(splits[name].labels)),
    }),
  );
  if (json.length > MOST_HEADER_BYTES) throw new InputError('there are too many images for one packed file');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([Buffer.from(MAGIC, 'latin1'), length, sha256(json), json]);
}

/**
 * Reads what stands before the pixels.
 *
 * @returns the header, and where the pixels begin
 * @throws {InputError} naming the file, if it is of another kind, cut off or damaged
 */
export async function readPackedHeader(
  file: FileHandle,
  path: string,
): Promise<{ readonly header: PackedHeader; readonly start: number }> {
  const { size } = await file.stat();
  const begin = (await readAt(file, 0, Math.min(START_BYTES, size))) ?? Buffer.alloc(0);
  const magic = begin.toString('latin1', 0, 8);
  if (magic !== MAGIC) {
    throw new InputError(
      /^ESPDATA[2-9]$/.test(magic)
        ? `${path} was packed by a newer version of Espalier`
        : `${path} is not a packed data set: pack a folder of images first, or zip it for a platform`,
    );
  }
  if (begin.length < START_BYTES) throw cutOff(path);
  const length = begin.readUInt32LE(8);
  if (length > MOST_HEADER_BYTES) throw damaged(path);
  const json = await readAt(file, START_BYTES, Math.min(length, size - START_BYTES));
  if (!json || json.length < length) throw cutOff(path);
  if (!sha256(json).equals(begin.subarray(12))) throw damaged(path);
  return { header: parseHeader(json, path), start: START_BYTES + length };
}

export function cutOff(path: string): InputError {
  return new InputError(`${path} is cut off: copy or pack it again`);
}

export function damaged(path: string): InputError {
  return new InputError(`${path} is damaged (its checksum does not fit): copy or pack it again`);
}

function parseHeader(json: Buffer, path: string): PackedHeader {
  const said = parseJson(json);
  if (typeof said !== 'object' || said === null)
    throw new InputError(`${path}: the header: it is no JSON object`);
  const header = readBy(schema, said, path);
  const { classes, image, normalisation } = header;
  if (new Set(classes).size < classes.length) throw new InputError(`${path}: two classes have the same name`);
  const { mean, std } = normalisation;
  if (![mean.length, std.length].every((n) => n === image.channels) || !std.every((spread) => spread > 0)) {
    throw new InputError(`${path}: the normalisation does not fit images of ${image.channels} channels`);
  }
  const split = (name: SplitName) => checkedSplit(header.labels[name], classes.length, `${path}, ${name}`);
  return { ...header, splits: perSplit(split) };
}

function checkedSplit(encoded: string, classes: number, where: string): Split {
  const split = decodeSplit(encoded);
  if (split.n === 0 || encodeLabels(split.labels) !== encoded) {
    throw new InputError(`${where}: the labels cannot be read`);
  }
  return { n: split.n, labels: checkedLabels(split.labels, Math.max(1, classes), where) };
}

function parseJson(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}
