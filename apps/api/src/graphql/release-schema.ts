import { readFile, writeFile } from 'node:fs/promises';
import { createSchema, schemaText } from './schema.ts';
import { changesText, schemaChanges } from './schema-changes.ts';

const RELEASED = new URL('../../schema.released.graphql', import.meta.url);
const CHANGELOG = new URL('../../schema-changelog.md', import.meta.url);
const NEWEST = '<!-- newest first -->\n';

const [version] = process.argv.slice(2);
if (!version || !/^\d+\.\d+\.\d+$/.test(version)) {
  console.error('npm run api:release -- VERSION, as in: npm run api:release -- 0.2.0');
  process.exit(2);
}
const schema = await createSchema();
const released = await readFile(RELEASED, 'utf8');
const text = changesText(schemaChanges(released, schema)) || 'No change.\n';
const changelog = await readFile(CHANGELOG, 'utf8');
const section = `\n## ${version} (${new Date().toISOString().slice(0, 10)})\n\n${text}`;
await writeFile(CHANGELOG, changelog.replace(NEWEST, NEWEST + section));
await writeFile(RELEASED, schemaText(schema));
