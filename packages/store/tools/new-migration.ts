// `npm run db:migration -- NAME`: writes prisma/migrations/<time>_NAME with what the schema has and the
// migrations lack, and leaves the reading of it to you.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MIGRATIONS_FOLDER, migrate } from '../src/database/migrations.ts';
import { schemaDiff } from '../src/database/schema-diff.ts';
import { startEmbeddedPostgres } from '../src/postgres/embedded.ts';

const [name = ''] = process.argv.slice(2);
if (!/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('usage: npm run db:migration -- NAME (small letters, digits, _)');
  process.exit(2);
}
const folder = await mkdtemp('/var/tmp/espalier-migration-');
const server = await startEmbeddedPostgres(folder);
try {
  if ((await readdir(MIGRATIONS_FOLDER)).length > 0) await migrate(server.url);
  const sql = schemaDiff(server.url);
  if (sql === '') console.log('schema and migrations agree');
  else {
    const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
    const target = path.join(MIGRATIONS_FOLDER, `${stamp}_${name}`);
    await mkdir(target);
    await writeFile(path.join(target, 'migration.sql'), sql);
    console.log(`wrote ${path.relative('', target)}/migration.sql`);
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
