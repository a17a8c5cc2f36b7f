#!/usr/bin/env node
// The platform's server as one process. Our sources are TypeScript, whatever Node runs them; see docs/adr/0002.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

// Whatever folder it is started in: without these settings decorators mean something else.
process.env.TSX_TSCONFIG_PATH ??= fileURLToPath(new URL('../../../tsconfig.json', import.meta.url));
register();
await import('../src/main.ts');
