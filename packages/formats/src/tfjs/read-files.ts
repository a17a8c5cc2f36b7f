import { open, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { InputError } from '@espalier/errors';
import { graphOfLayers, type Made } from './layers/graph-of.ts';
import { type ModelJson, parseModelJson, type WeightsGroup } from './model-json.ts';
import { byteLength, type StoredWeight } from './weights.ts';

/** A graph model with its weights. */
export interface TfjsFiles extends ModelJson {
  /** Names it in messages. */
  readonly name: string;
  readonly weights: ReadonlyMap<string, StoredWeight>;
  /** Of a LayersModel: what its configuration says of the graph. */
  readonly made?: Made;
  /** The lengths of each group's shards, in bytes. */
  readonly shards: readonly (readonly number[])[];
}

/** What the runtime's own messages hold. */
const MOST_BYTES = 1.9e9;

/**
 * A model.json with the shards that lie beside it. Sizes are compared before anything is read.
 *
 * @param path of the model.json, and `text` what is in it
 * @param alone reads no other file: there is nothing to be had then
 * @throws {InputError} which names the file and the shard or weight that is wrong
 */
export async function readTfjs(path: string, text: string, alone = false): Promise<TfjsFiles> {
  const model = parseModelJson(text, path);
  if (alone) {
    throw new InputError(
      `${path}: the weights of a TensorFlow.js model lie in files beside it, and no other file is read here; convert it to ONNX first`,
    );
  }
  const sizes = model.manifest.map(({ weights }) => weights.map((spec) => byteLength(spec, path)));
  const total = sizes.flat().reduce((sum, size) => sum + size, 0);
  if (total > MOST_BYTES)
    throw new InputError(`${path}: its weights are ${total} bytes; at most 1.9 GB are read`);
  const weights = new Map<string, StoredWeight>();
  const shards: number[][] = [];
  for (const [i, group] of model.manifest.entries()) {
    const expected = (sizes[i] ?? []).reduce((sum, size) => sum + size, 0);
    const { bytes, lengths } = await readShards(path, group, expected);
    shards.push(lengths);
    let at = 0;
    for (const [j, spec] of group.weights.entries()) {
      if (weights.has(spec.name)) throw new InputError(`${path}: two weights are called "${spec.name}"`);
      const end = at + (sizes[i]?.[j] ?? 0);
      weights.set(spec.name, { spec, bytes: bytes.subarray(at, end) });
      at = end;
    }
  }
  return { ...model, ...graphOf(model, weights, path), name: path, shards };
}

/** Of a LayersModel a graph is made, so that all else knows of graphs alone. */
function graphOf({ layers }: ModelJson, weights: ReadonlyMap<string, StoredWeight>, path: string) {
  if (!layers) return { weights };
  try {
    const graph = graphOfLayers(layers, weights);
    return { ...graph, weights: new Map([...weights, ...graph.weights]) };
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
  }
}

/** The shards of a group are one string of bytes. */
async function readShards(path: string, { paths }: WeightsGroup, expected: number) {
  const parts: Uint8Array[] = [];
  let left = expected;
  for (const shard of paths) {
    const part = await readShard(path, shard, left);
    left -= part.length;
    parts.push(part);
  }
  if (left > 0) {
    throw new InputError(
      `${path}: its weights are ${expected} bytes, and ${named(paths)} hold ${expected - left}; the files are incomplete`,
    );
  }
  return { bytes: Buffer.concat(parts), lengths: parts.map(({ length }) => length) };
}

function named(paths: readonly string[]): string {
  return paths.length > 0 ? paths.map((each) => `"${each}"`).join(', ') : 'no shards';
}

async function readShard(path: string, shard: string, most: number): Promise<Uint8Array> {
  const folder = resolve(dirname(path));
  const file = resolve(folder, shard);
  // What a model.json names is not to be trusted: it must not reach other files of the machine, nor by a link.
  if (isAbsolute(shard) || !isBelow(folder, file)) throw outside(path, shard);
  try {
    const handle = await open(file, 'r');
    try {
      if (!isBelow(await realpath(folder), await realpath(file))) throw outside(path, shard);
      const stat = await handle.stat();
      if (!stat.isFile()) throw new InputError(`${path}: shard "${shard}" is no file`);
      if (stat.size > most) {
        throw new InputError(
          `${path}: shard "${shard}" has ${stat.size} bytes, and weightsManifest has a place for ${most} of them`,
        );
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new InputError(`${path}: shard "${shard}" cannot be read (${code}); put it beside the model.json`);
  }
}

function isBelow(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '' && !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
}

function outside(path: string, shard: string): InputError {
  return new InputError(`${path}: shard "${shard}" lies outside of the model's folder`);
}
