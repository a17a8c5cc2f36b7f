import { writeFile } from 'node:fs/promises';
import { createSchema, schemaText } from './schema.ts';

// `npm run api:schema`: writes apps/api/schema.graphql.
await writeFile(new URL('../../schema.graphql', import.meta.url), schemaText(await createSchema()));
