// Runs the built dashboard, and ends with the process that started it, however that one ends.
import { existsSync } from 'node:fs';

const server = new URL('.next/standalone/apps/dashboard/server.js', import.meta.url);
if (!existsSync(server)) {
  console.error('error: the dashboard is not built; `npm start` builds it');
  process.exit(1);
}
process.on('disconnect', () => process.exit(0));
await import(server.href);
