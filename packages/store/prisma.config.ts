import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

const at = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// Prisma's command line wants a native engine from a separate host, even to generate a client. This one is
// the same engine from npm, as WebAssembly.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= at('schema-engine.mjs');

export default defineConfig({
  schema: at('../../prisma/schema.prisma'),
  migrations: { path: at('../../prisma/migrations') },
  // Generating a client and comparing schemas need no database, but a well-formed address.
  datasource: { url: process.env.ESPALIER_DATABASE_URL ?? 'postgresql://none@127.0.0.1:1/none' },
});
