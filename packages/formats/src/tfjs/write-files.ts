import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { InputError } from '@espalier/errors';
import { writeDurably } from '../write-durably.ts';
import { isRecord } from './node-def.ts';
import type { TfjsFiles } from './read-files.ts';

interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes a model.json and its shards, which are as long as they were and keep their names where the folder is another
 * one. The shards appear first and the model.json last, each whole.
 *
 * @returns how many bytes they have together
 * @throws {InputError} where a shard would replace that of another model
 */
export async function writeTfjs(
  path: string,
  { json, manifest, weights, shards, name }: TfjsFiles,
): Promise<number> {
  const folder = dirname(path);
  const isBeside = resolve(dirname(name)) === resolve(folder);
  const files: NewFile[] = [];
  const weightsManifest = manifest.map((group, g) => {
    const bytes = Buffer.concat(
      group.weights.map((spec) => weights.get(spec.name)?.bytes ?? new Uint8Array()),
    );
    const parts = divided(bytes, Math.max(1, ...(shards[g] ?? [])), group.paths.length);
    const paths = parts.map((part, i) => {
      const own = isBeside ? undefined : group.paths[i];
      const called =
        own ?? `${basename(path, extname(path))}.group${g + 1}-shard${i + 1}of${parts.length}.bin`;
      files.push({ path: join(folder, called), bytes: part });
      return called;
    });
    return { ...group, paths };
  });
  await refuseOthers(path, files);
  const model = new TextEncoder().encode(JSON.stringify({ ...json, weightsManifest }));
  await writeAll([...files, { path, bytes: model }]);
  return files.reduce((sum, { bytes }) => sum + bytes.length, model.length);
}

/** Shards of this length, as many as are needed; an empty group keeps as many as it had. */
function divided(bytes: Uint8Array, length: number, count: number): Uint8Array[] {
  if (bytes.length === 0) return Array.from({ length: count }, () => bytes);
  const needed = Math.ceil(bytes.length / length);
  return Array.from({ length: needed }, (_, i) => bytes.subarray(i * length, (i + 1) * length));
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
