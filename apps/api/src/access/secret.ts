import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What cookies are signed with: made once, kept in `home`, readable by its owner only. */
export async function keptSecret(home: string): Promise<string> {
  const file = path.join(home, 'secret');
  const kept = await readSecret(file);
  if (kept !== null) return kept;
  await mkdir(home, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    // Unlike a rename this never replaces the secret of a process that was faster.
    await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
  return (await readFile(file, 'utf8')).trim();
}

async function readSecret(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
