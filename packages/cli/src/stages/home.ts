import path from 'node:path';

/** The folder of caches and stored sweep units. */
export function espalierHome(env: NodeJS.ProcessEnv = process.env): string {
  return path.resolve(env.ESPALIER_HOME || '.espalier');
}
