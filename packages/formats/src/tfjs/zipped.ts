import { posix } from 'node:path';
import { InputError } from '@espalier/errors';
import { openZip, type Zip } from '../zip.ts';
import { readTfjs, type TfjsFiles } from './read-files.ts';

const MOST_JSON = 256e6;
const AGAIN = 'zip the folder of the model.json again';

/**
 * A model of TensorFlow.js in a zip: its model.json with the shards that it names, whatever else there is.
 *
 * @param path of the zip, for messages
 * @throws {InputError} which names the zip and what in it is wrong
 */
export async function readZipped(bytes: Uint8Array, path: string): Promise<TfjsFiles> {
  const zip = await openZip(bytes, path, AGAIN);
  const name = modelName(zip, path);
  const text = (await zip.read(name, MOST_JSON))?.toString('utf8') ?? '';
  const folder = posix.dirname(name);
  return await readTfjs(path, text, async (shard, most) => {
    const found = await zip.read(posix.normalize(posix.join(folder, shard)), most);
    if (found) return found;
    throw new InputError(`${path}: shard "${shard}" is not in the zip beside ${name}: ${AGAIN}`);
  });
}

/** The model.json, or the only file of JSON. */
function modelName({ names }: Zip, path: string): string {
  const files = names.filter((name) => !/(^|\/)(\.|__MACOSX)/.test(name));
  const called = files.filter((name) => posix.basename(name) === 'model.json');
  const json = called.length > 0 ? called : files.filter((name) => name.toLowerCase().endsWith('.json'));
  const [only, ...others] = json;
  if (only !== undefined && others.length === 0) return only;
  const what = only === undefined ? 'no model.json' : `${json.length} models`;
  throw new InputError(`${path} has ${what}: zip the folder of one model of TensorFlow.js`);
}
