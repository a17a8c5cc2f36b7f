import { lstat, open, readdir, realpath, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { InputError, makeFolder } from '@espalier/errors';
import writeFileAtomic from 'write-file-atomic';

/** A file that an option names, if it is given. */
type Named = string | undefined;

/**
 * Finds out before any long computing whether files can be written at the end, and refuses to write over
 * what is read.
 *
 * @param outputs by the option that names them
 */
export async function checkOutputs(
  outputs: Readonly<Record<string, Named | readonly Named[]>>,
  inputs: readonly Named[] = [],
): Promise<void> {
  const read = await Promise.all(inputs.map((input) => input && identity(input)));
  const written = new Map<string, string>();
  const files = Object.entries(outputs).flatMap(([option, named]) =>
    [named].flat().map((file) => ({ option, file })),
  );
  for (const { option, file } of files) {
    if (file === undefined) continue;
    const entry = await stat(file).catch(() => null);
    if (entry?.isDirectory()) throw new InputError(`${option} ${file} is a folder; name a file in it`);
    if (entry && !entry.isFile()) throw new InputError(`${option} ${file} is not an ordinary file`);
    await checkFolder(option, path.dirname(file));
    const id = await identity(file);
    if (read.includes(id))
      throw new InputError(`${option} ${file} would overwrite an input; give another name`);
    const other = written.get(id);
    if (other) throw new InputError(`${option} and ${other} name the same file ${file}`);
    written.set(id, option);
  }
}

/** Makes a folder if there is none yet; throws an InputError unless files can be created in it. */
export async function openFolder(option: string, folder: string): Promise<void> {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new InputError(`${option}: cannot make the folder ${folder} (${reason(error)})`);
  }
  await checkFolder(option, folder);
}

async function checkFolder(option: string, folder: string): Promise<void> {
  const entry = await stat(folder).catch(() => null);
  if (!entry) throw new InputError(`${option}: there is no folder ${folder}`);
  if (!entry.isDirectory()) throw new InputError(`${option}: ${folder} is not a folder`);
  // Permission bits do not tell of read-only file systems, and mean nothing to root: try it.
  const probe = path.join(folder, `.espalier-${process.pid}.tmp`);
  try {
    await (await open(probe, 'wx')).close();
    await unlink(probe);
  } catch (error) {
    throw new InputError(`${option}: cannot write in folder ${folder} (${reason(error)})`);
  }
}

/** Writes a whole file or nothing. */
export async function writeText(file: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(file, text);
  } catch (error) {
    throw new InputError(`cannot write ${file} (${reason(error)})`);
  }
}

/**
 * Removes what processes that were killed while they wrote these files have left beside them: NAME.NUMBER is where
 * `writeText` writes until a file is whole.
 */
export async function removeUnfinished(folder: string, names: readonly string[]): Promise<void> {
  for (const entry of await readdir(folder)) {
    const name = /^(.+)\.\d+$/.exec(entry)?.[1];
    if (name !== undefined && names.includes(name)) await unlink(path.join(folder, entry)).catch(() => {});
  }
}

/** The same for two paths of one file, also through links and before it exists. */
async function identity(file: string): Promise<string> {
  if (await lstat(file).catch(() => null)) return realpath(file).catch(() => path.resolve(file));
  const folder = await realpath(path.dirname(file)).catch(() => path.resolve(path.dirname(file)));
  return path.join(folder, path.basename(file));
}

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
