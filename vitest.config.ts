import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Two copies of graphql do not know each other's types: everybody gets the one that libraries require.
const api = createRequire(fileURLToPath(new URL('apps/api/package.json', import.meta.url)));

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: api.resolve('graphql') }] },
  test: {
    include: [
      'apps/*/{src,test}/**/*.test.ts',
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    // Native addons (onnxruntime-node, sharp) want processes of their own.
    // One PostgreSQL for all of them.
    globalSetup: 'packages/store/test/global-setup.ts',
    pool: 'forks',
    // A process keeps what it has loaded for the files that come after.
    isolate: false,
    maxWorkers: 2,
    // Whole commands on real images, on machines that may be busy.
    testTimeout: 400_000,
    hookTimeout: 240_000,
  },
});
