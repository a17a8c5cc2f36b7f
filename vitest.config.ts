import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const ROOT = import.meta.dirname;
// Two copies of graphql do not know each other's types: everybody gets the one that libraries require.
const api = createRequire(fileURLToPath(new URL('apps/api/package.json', import.meta.url)));
const POSTGRES = 'packages/store/test/global-setup.ts';

/** What lies beside the code tests a part of it. What starts programs or needs PostgreSQL lies in `test`. */
const UNIT = [
  '{apps,packages}/*/src/**/*.test.ts',
  'test/{batch-norm,field,generate,surgery,zoo}/**/*.test.ts',
];
/** What takes longest, in this order: begun last, it would be waited for by all cores but one. */
const FIRST = [
  'test/browser/dashboard.test.ts',
  'packages/worker/test/worker.test.ts',
  'apps/api/test/platform.test.ts',
  'test/browser/journey.test.ts',
  'test/browser/frame.test.ts',
  'apps/api/test/start.test.ts',
  'test/start.test.ts',
  'packages/cli/test/prune.test.ts',
];
/**
 * What takes minutes on two cores, and guards what few changes touch: `npm run test:long`, before such a change lands.
 * Of each kind `npm test` keeps the most telling one.
 */
const LONG = [
  // Every query and mutation, with every bad value.
  'apps/api/test/{gate,guessing,input,plans}.test.ts',
  // Processes that are killed, connections that break.
  'apps/api/test/kills.test.ts',
  'packages/store/test/embedded.test.ts',
  'packages/worker/test/{checkpoints,drain,kills,lost-work,outages,repair-kills,restart,turns}.test.ts',
  // Whole programs of others, and whole experiments.
  'apps/api/test/{analysis,benchmarks,command,devices,import,preprocessing}.test.ts',
  'apps/api/test/{python-client,python-example,reading,webhooks-off}.test.ts',
  'packages/cli/test/{benchmark,fidelity,sweep,training}.test.ts',
  'packages/pruning/test/sweep.test.ts',
  'packages/worker/test/{engines,profiling,recompute,same-as-the-command,without-labels}.test.ts',
  'test/docker/start.test.ts',
  // All networks of others, and more than 2 GiB of weights.
  'test/zoo/repairs.test.ts',
  'packages/network/src/large-hash.test.ts',
  // Pages beyond the dashboard as a whole and a stranger's way through it.
  'test/browser/{devices,explore,first-model,forms,lists,milliseconds,next-steps}.test.ts',
  'test/browser/{own-images,preprocessing,public-links,ratios,selected-runs,sign-in,webhooks,weight}.test.ts',
];

/** The longest files, then those of each project, in the order of its name. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = FIRST.indexOf(path.relative(ROOT, moduleId));
      return place < 0 ? FIRST.length : place;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: api.resolve('graphql') }] },
  test: {
    // Native addons (onnxruntime-node, sharp) want processes of their own.
    pool: 'forks',
    // A process keeps what it has loaded for the files that come after.
    isolate: false,
    // One more than two cores: most of the platform's tests wait, for heartbeats and for other processes.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // One for the platform with and without a browser: each loads all the code once a process.
    projects: [
      project('platform', {
        include: ['{apps,packages}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
        exclude: [...UNIT, ...LONG],
        globalSetup: POSTGRES,
      }),
      project('long', { include: LONG, globalSetup: POSTGRES }),
      project('unit', { include: UNIT, exclude: LONG, testTimeout: 60_000, hookTimeout: 60_000 }),
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
