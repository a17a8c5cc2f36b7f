import { InputError } from '@espalier/errors';
import { graphOfLayers, type Made } from './layers/graph-of.ts';
import { type ModelJson, parseModelJson, type WeightsGroup } from './model-json.ts';
import { checkShardPath, type ShardReader, shardsBeside } from './shard-files.ts';
import { byteLength, type StoredWeight } from './weights.ts';

/** A graph model with its weights. */
export interface TfjsFiles extends ModelJson {
  /** Names it in messages. */
  readonly name: string;
  readonly weights: ReadonlyMap<string, StoredWeight>;
  /** What its model.json is called, where it came in a zip. */
  readonly jsonName?: string;
  /** Of a LayersModel: what its configuration says of the graph. */
  readonly made?: Made;
  /** The lengths of each group's shards, in bytes. */
  readonly shards: readonly (readonly number[])[];
}

/** What the runtime's own messages hold. */
const MOST_BYTES = 1.9e9;

/**
 * A model.json with its shards. Sizes are compared before anything is read.
 *
 * @param path of the model.json, and `text` what is in it
 * @param read a shard; default: those that are beside the model.json
 * @throws {InputError} which names the file and the shard or weight that is wrong
 */
export async function readTfjs(
  path: string,
  text: string,
  read: ShardReader = shardsBeside(path),
): Promise<TfjsFiles> {
  const model = parseModelJson(text, path);
  const sizes = model.manifest.map(({ weights }) => weights.map((spec) => byteLength(spec, path)));
  const total = sizes.flat().reduce((sum, size) => sum + size, 0);
  if (total > MOST_BYTES)
    throw new InputError(
      `${path}: its weights are ${total} bytes; at most 1.9 GB are read: keep them in float16 (tensorflowjs_converter --quantize_float16)`,
    );
  const weights = new Map<string, StoredWeight>();
  const shards: number[][] = [];
  for (const [i, group] of model.manifest.entries()) {
    const expected = (sizes[i] ?? []).reduce((sum, size) => sum + size, 0);
    const { bytes, lengths } = await readShards(path, group, expected, read);
    shards.push(lengths);
    let at = 0;
    for (const [j, spec] of group.weights.entries()) {
      if (weights.has(spec.name))
        throw new InputError(`${path}: two weights are called "${spec.name}"; convert the model again`);
      const end = at + (sizes[i]?.[j] ?? 0);
      weights.set(spec.name, { spec, bytes: bytes.subarray(at, end) });
      at = end;
    }
  }
  return modelFiles(model, { name: path, weights, shards });
}

/** A model.json with its weights, wherever they come from. */
export function modelFiles(
  model: ModelJson,
  { name, weights, shards }: Pick<TfjsFiles, 'name' | 'weights' | 'shards'>,
): TfjsFiles {
  return { ...model, ...graphOf(model, weights, name), name, shards };
}

/** Of a LayersModel a graph is made, so that all else knows of graphs alone. */
function graphOf({ layers, dialect }: ModelJson, weights: ReadonlyMap<string, StoredWeight>, path: string) {
  if (!layers) return { weights };
  try {
    const graph = graphOfLayers(layers, weights, dialect);
    return { ...graph, weights: new Map([...weights, ...graph.weights]) };
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
  }
}

/** The shards of a group are one string of bytes. */
async function readShards(path: string, { paths }: WeightsGroup, expected: number, read: ShardReader) {
  const parts: Uint8Array[] = [];
  let left = expected;
  for (const shard of paths) {
    checkShardPath(path, shard);
    const part = await read(shard, left);
    left -= part.length;
    parts.push(part);
  }
  if (left > 0) {
    throw new InputError(
      `${path}: its weights are ${expected} bytes, and ${named(paths)} hold ${expected - left}; the files are incomplete: copy all of them`,
    );
  }
  return { bytes: Buffer.concat(parts), lengths: parts.map(({ length }) => length) };
}

function named(paths: readonly string[]): string {
  return paths.length > 0 ? paths.map((each) => `"${each}"`).join(', ') : 'no shards';
}
