import { gunzipSync, gzipSync } from 'node:zlib';
import { InputError } from '@espalier/errors';
import { asStored, type Network, sizeOf } from '@espalier/network';
import { z } from 'zod';
import type { Asked } from '../onnx/as-asked.ts';
import { encodedProp, propIn } from '../onnx/metadata-props.ts';
import { CannotPatch } from '../onnx/patch/cannot-patch.ts';
import { parseModelJson } from './model-json.ts';
import { patchTfjs } from './patch/index.ts';
import { modelFiles, type TfjsFiles } from './read-files.ts';
import { checkShardPath } from './shard-files.ts';
import { byteLength, type StoredWeight } from './weights.ts';

/** The key in an ONNX file's `metadata_props` of the model of TensorFlow.js that it was made of, without its weights. */
const CARRIED_KEY = 'espalier.tfjs';

/**
 * Weights of no more numbers are carried as they are: axes, shapes, limits, and what reading uses; tried in this order.
 */
const SMALL = [64, 4096, 65_536] as const;
/** Of the text of a model.json; that of a large one has some megabytes. */
const MOST_TEXT = 256 << 20;

/** How the network was read out of the model. */
type ReadBy = Pick<Asked, 'input' | 'output' | 'set' | 'size'>;

const carriedSchema = z.object({
  json: z.record(z.string(), z.unknown()),
  shards: z.array(z.array(z.int().nonnegative())),
  weights: z.record(z.string(), z.base64()),
  read: z.object({
    input: z
      .array(z.object({ name: z.string().exactOptional(), shape: z.array(z.int().positive()) }))
      .exactOptional(),
    output: z.array(z.string()).exactOptional(),
    set: z.record(z.string(), z.number()).exactOptional(),
    size: z.tuple([z.int().positive(), z.int().positive()]).exactOptional(),
  }),
});

/**
 * What an ONNX file needs to become the model again that it was made of: its model.json, and those weights that the
 * network does not tell. Whether that is enough is tried.
 *
 * @returns bytes to be put after those of the file; undefined where the model cannot be made of the network
 */
export async function carriedBytes(
  files: TfjsFiles,
  read: ReadBy,
  network: Network,
): Promise<Uint8Array | undefined> {
  // What decides after the outputs has tables of its own, which no cut or training changes.
  const tables = new Set([...(network.tail?.constants.values() ?? [])].map(({ dims }) => sizeOf(dims)));
  for (const small of SMALL) {
    const isKept = ({ dtype, shape }: StoredWeight['spec']) =>
      dtype !== 'float32' || sizeOf(shape) <= small || tables.has(sizeOf(shape));
    const kept = new Set([...files.weights].flatMap(([name, { spec }]) => (isKept(spec) ? [name] : [])));
    const lost = await lostOf(files, kept, read, network);
    if (!lost) continue;
    const all = new Set([...kept, ...lost]);
    const isWhole = lost.length === 0 || (await lostOf(files, all, read, network))?.length === 0;
    if (isWhole) return written(files, all, read);
  }
  return undefined;
}

/** Weights that the way back does not find; undefined if there is none. */
async function lostOf(
  files: TfjsFiles,
  kept: ReadonlySet<string>,
  read: ReadBy,
  network: Network,
): Promise<string[] | undefined> {
  try {
    const weights = new Map(
      [...files.weights].map(([name, weight]) => [
        name,
        kept.has(name) ? weight : filled(weight.spec, weight.bytes.length),
      ]),
    );
    const { files: back } = await patchTfjs(
      withWeights(files, weights),
      { ...read, name: files.name },
      asStored(network),
    );
    return files.manifest.flatMap((group) =>
      group.weights.flatMap(({ name }) => {
        const [own, found] = [files.weights.get(name), back.weights.get(name)];
        return own && found && Buffer.from(own.bytes).equals(found.bytes) ? [] : [name];
      }),
    );
  } catch (error) {
    if (error instanceof CannotPatch || error instanceof InputError) return undefined;
    throw error;
  }
}

function withWeights(files: TfjsFiles, weights: ReadonlyMap<string, StoredWeight>): TfjsFiles {
  return modelFiles(parseModelJson(JSON.stringify(files.json), files.name), {
    name: files.name,
    weights,
    shards: files.shards,
  });
}

/** Numbers that stand for what the network tells: no two weights alike, all between one half and one. */
function filled(spec: StoredWeight['spec'], length: number): StoredWeight {
  const bytes = new Uint8Array(length);
  let state = [...spec.name].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 1);
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 9;
  };
  const view = new DataView(bytes.buffer);
  if (!spec.quantization)
    for (let at = 0; at + 4 <= length; at += 4) view.setUint32(at, 0x3f000000 | next(), true);
  else if (spec.quantization.dtype === 'float16')
    for (let at = 0; at + 2 <= length; at += 2) view.setUint16(at, 0x3800 | (next() & 0x3ff), true);
  else for (let at = 0; at < length; at++) bytes[at] = next() & 0xff;
  return { spec, bytes };
}

function written({ json, shards, weights }: TfjsFiles, kept: ReadonlySet<string>, read: ReadBy): Uint8Array {
  const own = [...weights].flatMap(([name, { bytes }]) =>
    kept.has(name) ? [[name, Buffer.from(bytes).toString('base64')]] : [],
  );
  const text = JSON.stringify({ json, shards, weights: Object.fromEntries(own), read });
  const value = gzipSync(text, { level: 9 }).toString('base64');
  return encodedProp(CARRIED_KEY, value);
}

/** The model that an ONNX file carries, whose weights are those of the network, and how it is to be read. */
export interface Carried {
  readonly files: TfjsFiles;
  readonly read: ReadBy;
}

/**
 * @param path of the ONNX file
 * @returns undefined where the file carries none
 * @throws {InputError} for one that is damaged
 */
export function carriedIn(onnx: Uint8Array, path: string): Carried | undefined {
  const text = propIn(onnx, CARRIED_KEY);
  if (text === undefined) return undefined;
  const where = `${path}: metadata "${CARRIED_KEY}"`;
  const { json, shards, weights: own, read } = parsed(text, where);
  const model = parseModelJson(JSON.stringify(json), where);
  const weights = new Map<string, StoredWeight>();
  // A network that was cut has fewer numbers than the model, not a thousandth of them.
  let left = (onnx.length + (1 << 20)) * 1000;
  for (const [g, { paths, weights: specs }] of model.manifest.entries()) {
    for (const shard of paths) checkShardPath(path, shard);
    const [lengths, whole] = [shards[g] ?? [], sum(specs.map((spec) => byteLength(spec, where)))];
    if (lengths.length !== paths.length || sum(lengths) !== whole)
      throw new InputError(
        `${where}: shards of [${lengths.slice(0, 9)}] bytes do not hold weights of ${whole}; convert the model again`,
      );
    for (const spec of specs) {
      const length = byteLength(spec, where);
      left -= length;
      if (left < 0)
        throw new InputError(
          `${where}: its weights are larger than the file can stand for; convert the model again`,
        );
      const given = Object.hasOwn(own, spec.name) ? Buffer.from(own[spec.name] ?? '', 'base64') : undefined;
      if (given && given.length !== length)
        throw new InputError(
          `${where}: weight "${spec.name}" has ${given.length} bytes, and not ${length}; convert the model again`,
        );
      weights.set(spec.name, given ? { spec, bytes: given } : filled(spec, length));
    }
  }
  return { files: modelFiles(model, { name: path, weights, shards }), read };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function parsed(text: string, where: string): z.infer<typeof carriedSchema> {
  try {
    const unzipped = gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MOST_TEXT });
    return carriedSchema.parse(JSON.parse(unzipped.toString('utf8')));
  } catch {
    throw new InputError(
      `${where} is damaged: the model of TensorFlow.js that the network came as cannot be had; name the file *.onnx, or convert its model again`,
    );
  }
}
