import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '@espalier/errors';
import { extensionOf } from '../form.ts';
import { writeDurably } from '../write-durably.ts';
import { writeWhole } from '../write-whole.ts';
import { zipped } from '../zip-written.ts';
import { laidOut } from './laid-out.ts';
import { isRecord } from './node-def.ts';
import type { TfjsFiles } from './read-files.ts';

interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes a model.json and its shards, which are as long as they were and keep their names where the folder is another
 * one. The shards appear first and the model.json last, each whole. Where the path is that of no `.json` file, all of it goes
 * into a zip there, which is the same for the same model.
 *
 * @returns how many bytes they have together
 * @throws {InputError} where a shard would replace that of another model
 */
export async function writeTfjs(path: string, model: TfjsFiles): Promise<number> {
  if (extensionOf(path) !== '.json') {
    const { jsonName = 'model.json' } = model;
    const { json, shards } = laidOut(model, jsonName, true);
    const bytes = zipped(new Map([...shards, [jsonName, json]]));
    await writeWhole(path, bytes);
    return bytes.length;
  }
  const folder = dirname(path);
  const isBeside = resolve(dirname(model.name)) === resolve(folder);
  const { json, shards } = laidOut(model, basename(path), !isBeside);
  const files = [...shards].map(([name, bytes]): NewFile => ({ path: join(folder, name), bytes }));
  await refuseOthers(path, files);
  await writeAll([...files, { path, bytes: json }]);
  return files.reduce((sum, { bytes }) => sum + bytes.length, json.length);
}

/** What lies there already may be replaced only where it belongs to the model that is replaced. */
async function refuseOthers(path: string, files: readonly NewFile[]): Promise<void> {
  const folder = dirname(path);
  const own = new Set((await shardsOf(path)).map((shard) => resolve(folder, shard)));
  for (const { path: file } of files) {
    if (own.has(resolve(file))) continue;
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) {
      throw new InputError(
        `${path} cannot be written: ${file} is there and belongs to another model; choose a folder of its own`,
      );
    }
  }
}

async function shardsOf(path: string): Promise<string[]> {
  try {
    const json: unknown = JSON.parse(await readFile(path, 'utf8'));
    const manifest = isRecord(json) && Array.isArray(json.weightsManifest) ? json.weightsManifest : [];
    return manifest.flatMap((group) =>
      isRecord(group) && Array.isArray(group.paths) ? group.paths.map(String) : [],
    );
  } catch {
    return [];
  }
}

async function writeAll(files: readonly NewFile[]): Promise<void> {
  const written: { temporary: string; path: string }[] = [];
  try {
    for (const { path, bytes } of files) {
      await mkdir(dirname(path), { recursive: true });
      const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
      written.push({ temporary, path });
      await writeDurably(temporary, bytes);
    }
    for (const { temporary, path } of written) await rename(temporary, path);
  } catch (error) {
    for (const { temporary } of written) await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
