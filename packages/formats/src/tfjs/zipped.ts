import { posix } from 'node:path';
import { InputError } from '@espalier/errors';
import { openZip, type Zip } from '../zip.ts';
import { readTfjs, type TfjsFiles } from './read-files.ts';
import { tooLarge } from './shard-files.ts';

const MOST_JSON = 256e6;
const AGAIN = 'zip the folder of the model.json again';

/** A model of TensorFlow.js as it is in a zip. */
export interface Unzipped {
  readonly model: TfjsFiles;
  /** Its model.json and shards, by their names beside the model.json. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Names of what is none of the model, but for hidden files. */
  readonly leftOut: readonly string[];
}

/** {@link unzipped}, the model alone. */
export async function readZipped(bytes: Uint8Array, path: string): Promise<TfjsFiles> {
  return (await unzipped(bytes, path)).model;
}

/**
 * A model of TensorFlow.js in a zip: its model.json with the shards that it names, whatever else there is.
 *
 * @param path of the zip, for messages
 * @throws {InputError} which names the zip and what in it is wrong
 */
export async function unzipped(bytes: Uint8Array, path: string): Promise<Unzipped> {
  const zip = await openZip(bytes, path, AGAIN);
  const name = modelName(zip, path);
  const json = (await zip.read(name, MOST_JSON)) ?? Buffer.alloc(0);
  const [folder, jsonName] = [posix.dirname(name), posix.basename(name)];
  const files = new Map<string, Uint8Array>([[jsonName, json]]);
  const model = await readTfjs(path, json.toString('utf8'), async (shard, most) => {
    const own = posix.normalize(shard);
    const at = posix.join(folder, own);
    const size = zip.size(at);
    if (size === undefined || own === jsonName)
      throw new InputError(`${path}: shard "${shard}" is not in the zip beside ${name}: ${AGAIN}`);
    if (size > most) throw tooLarge(path, shard, size, most);
    const found = (await zip.read(at, most)) ?? Buffer.alloc(0);
    files.set(own, found);
    return found;
  });
  const leftOut = shown(zip).filter((each) => !files.has(posix.relative(folder, each)));
  return { model: { ...model, jsonName }, files, leftOut };
}

/** Without what systems put there. */
function shown({ names }: Zip): string[] {
  return names.filter((name) => !/(^|\/)(\.|__MACOSX)/.test(name));
}

/** The model.json, or the only file of JSON. */
function modelName(zip: Zip, path: string): string {
  const files = shown(zip);
  const called = files.filter((name) => posix.basename(name) === 'model.json');
  const json = called.length > 0 ? called : files.filter((name) => name.toLowerCase().endsWith('.json'));
  const [only, ...others] = json;
  if (only !== undefined && others.length === 0) return only;
  const what =
    only === undefined ? 'no model.json' : `${json.length} models (${json.slice(0, 3).join(', ')})`;
  throw new InputError(`${path} has ${what}: zip the folder of one model of TensorFlow.js`);
}
