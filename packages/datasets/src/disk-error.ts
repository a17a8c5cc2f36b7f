import { InputError } from '@espalier/errors';

/** A failure to write that the person at the keyboard can fix becomes an `InputError`, others stay as they are. */
export function explainedDiskError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new InputError(`no space left to write ${path}`);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST') {
    return new InputError(`cannot write ${path}: is the home folder writable?`);
  }
  return error;
}
