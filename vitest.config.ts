import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// Two copies of graphql do not know each other's types: everybody gets the one that libraries require.
const api = createRequire(fileURLToPath(new URL('apps/api/package.json', import.meta.url)));
const POSTGRES = 'packages/store/test/global-setup.ts';

/** What lies beside the code tests a part of it. What starts programs or needs PostgreSQL lies in `test`. */
const UNIT = [
  '{apps,packages}/*/src/**/*.test.ts',
  'test/{batch-norm,field,generate,surgery,zoo}/**/*.test.ts',
];
const BROWSER = ['test/browser/**/*.test.ts'];

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: api.resolve('graphql') }] },
  test: {
    // Native addons (onnxruntime-node, sharp) want processes of their own.
    pool: 'forks',
    // A process keeps what it has loaded for the files that come after.
    isolate: false,
    // One more than two cores: most of the platform's tests wait, for heartbeats and for other processes.
    maxWorkers: 3,
    // They run in the order of their names: what takes longest first.
    projects: [
      project('browser', { include: BROWSER, globalSetup: POSTGRES }),
      project('platform', {
        include: ['{apps,packages}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
        exclude: [...UNIT, ...BROWSER],
        globalSetup: POSTGRES,
      }),
      project('unit', { include: UNIT, testTimeout: 20_000, hookTimeout: 20_000 }),
    ],
  },
});

function project(
  name: string,
  test: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration {
  // Whole commands on real images, on machines that may be busy; what is waited for in a second is not there then.
  const patience = { testTimeout: 400_000, hookTimeout: 240_000, expect: { poll: { timeout: 30_000 } } };
  return { extends: true, test: { name, ...patience, ...test } };
}
