import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/**
 * The SQL that brings a database to `prisma/schema.prisma`; empty where it is there. For authoring migrations
 * and for the test that holds schema and migrations together: at run time nobody calls Prisma's command line.
 */
export function schemaDiff(url: string): string {
  const cli = path.join(
    path.dirname(createRequire(import.meta.url).resolve('prisma/package.json')),
    'build/index.js',
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      cli,
      'migrate',
      'diff',
      '--from-config-datasource',
      '--to-schema',
      at('../../../../prisma/schema.prisma'),
      '--script',
    ],
    { cwd: at('../..'), encoding: 'utf8', env: { ...process.env, ESPALIER_DATABASE_URL: url } },
  );
  if (status !== 0) throw new Error(`prisma migrate diff ended with ${status}: ${stderr || stdout}`);
  return stdout.includes('This is an empty migration') ? '' : stdout;
}
