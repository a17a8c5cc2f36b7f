import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Outside of the repository: what it holds is not ours to pass on. `ESPALIER_TRY` names another folder. */
export const WORK = process.env.ESPALIER_TRY ?? path.join(homedir(), '.cache', 'espalier-try');

export const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/**
 * The folder of an npm package, fetched once.
 *
 * @param spec name and version: `@vladmandic/face-api@1.7.15`
 */
export async function npmPackage(spec: string): Promise<string> {
  const folder = path.join(WORK, spec.replaceAll(/[@/]/g, '-').replace(/^-/, ''));
  if (!(await exists(folder))) {
    await mkdir(WORK, { recursive: true });
    const partial = await mkdtemp(path.join(WORK, 'fetching-'));
    const { stdout } = await run('npm', ['pack', '--silent', spec], { cwd: partial });
    await run('tar', ['xzf', stdout.trim()], { cwd: partial });
    await rename(path.join(partial, 'package'), folder);
    await rm(partial, { recursive: true });
  }
  return folder;
}
