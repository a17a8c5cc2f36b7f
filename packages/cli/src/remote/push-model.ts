import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from '@espalier/client';
import { InputError } from '@espalier/errors';
import { bundleOf } from '@espalier/formats';
import type { Observer } from '@espalier/pipeline';
import type { Context } from '../terminal.ts';
import { upload } from './upload.ts';

/**
 * The file that a model is read from: of a folder its model.json.
 *
 * @throws {InputError} for a folder that has none, or several
 */
export async function modelFileIn(given: string): Promise<string> {
  if (!(await stat(given).catch(() => null))?.isDirectory()) return given;
  const names = (await readdir(given)).filter((name) => name.endsWith('.json'));
  // What says how pixels become the input of NAME.json is called NAME.json.json.
  const models = names.includes('model.json')
    ? ['model.json']
    : names.filter((name) => !names.includes(name.slice(0, -'.json'.length)));
  const [only, ...others] = models;
  if (only !== undefined && others.length === 0) return path.join(given, only);
  throw new InputError(
    `${given} has ${only === undefined ? 'no model.json' : `${models.length} files of JSON`}: name the model.json itself`,
  );
}

/** What a model is called by its file: a model.json by its folder. */
export function usualModelName(file: string): string {
  const name = path.basename(file).replace(/\.(onnx|json|zip|keras|h5|hdf5)$/i, '');
  return name === 'model' ? path.basename(path.dirname(path.resolve(file))) || name : name;
}

/** Sends a model as the one file by which a platform knows it: nothing is sent of one that it has. */
export async function uploadModel(
  client: Client,
  file: string,
  observer: Observer,
  context: Context,
): Promise<string> {
  const { bytes, leftOut } = await bundleOf(file);
  if (leftOut.length > 0)
    observer.warning?.(`left out, since the model does not need it: ${leftOut.join(', ')}`);
  if (!bytes) return await upload(client, file, context);
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-push-'));
  try {
    const zip = path.join(folder, `${usualModelName(file)}.zip`);
    await writeFile(zip, bytes);
    return await upload(client, zip, context);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
