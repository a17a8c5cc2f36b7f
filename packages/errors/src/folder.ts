import { mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { InputError } from './input-error.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'nothing can be made there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'it, or a part of it, is a file',
  EPERM: 'no permission to write there',
  EROFS: 'the file system is read-only',
};

/**
 * Makes a folder and those above it, one by one: a recursive mkdir of Node's never ends below /proc.
 *
 * @throws what the system says
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  let existing = path.resolve(folder);
  for (; !statSync(existing, { throwIfNoEntry: false }); existing = path.dirname(existing))
    missing.push(existing);
  for (const each of missing.reverse()) {
    try {
      mkdirSync(each);
    } catch (error) {
      // Another process was faster.
      if (!statSync(each, { throwIfNoEntry: false })?.isDirectory()) throw error;
    }
  }
}

/**
 * Makes the folder that ESPALIER_HOME names, and tries it.
 *
 * @param home an absolute path
 * @throws {InputError} in one line, where nothing can be written there
 */
export function makeHome(home: string): void {
  try {
    makeFolder(home);
    rmdirSync(mkdtempSync(path.join(home, '.tried-')));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw unusable(home, REASONS[code] ?? code);
  }
}

function unusable(home: string, reason: string): InputError {
  return new InputError(
    `${home} cannot be the folder for data and caches: ${reason}; set ESPALIER_HOME to a folder that you may write to`,
  );
}
