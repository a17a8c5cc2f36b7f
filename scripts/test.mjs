// `npm test [-- FILTER ...]`: set up, then every check and the tests but the long ones; the last line counts them.
// `npm run test:unit` (`:platform`, `:browser`, `:long`): a part of the tests, without the checks; see package.json.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compilePrograms, TEST_PROGRAMS } from './programs.mjs';
import { root, setUp } from './setup.mjs';

const given = process.argv.slice(2);
const [project, ...filters] = given[0] === '--project' ? given.slice(1) : [null, ...given];
const DASHBOARD = [
  'the dashboard builds',
  ...[
    process.execPath,
    '-e',
    "import('./scripts/dashboard.mjs').then((scripts) => scripts.buildDashboard())",
  ],
];

/** TypeScript 7, which checks in half the time; what reads types as a library needs 5. One thread: a lane has one core. */
const TYPES = [bin('tsgo'), '--checkers', '1', '-p'];

/** One after the other in a lane, one lane a core. */
const LANES = [
  [
    DASHBOARD,
    // Next to what the build writes.
    ["the dashboard's types (tsgo)", ...TYPES, 'apps/dashboard'],
    ['types of the GraphQL page (tsgo)', ...TYPES, 'apps/ide'],
  ],
  [
    ['format and lint (biome)', bin('biome'), 'ci', '--error-on-warnings', '.'],
    ['types (tsgo)', ...TYPES, '.'],
    [
      'floors (dependency-cruiser)',
      bin('depcruise'),
      '--config',
      '.dependency-cruiser.mjs',
      'packages',
      'apps',
    ],
    ['dead code (knip)', bin('knip')],
  ],
];
/** Files whose time is told. */
const SLOWEST = 40;
/** What a project needs. */
const LANES_OF = { unit: [], platform: [[DASHBOARD]], long: [[DASHBOARD]] };

setUp();
if (project !== 'unit') await compilePrograms(TEST_PROGRAMS);

const count = { passed: 0, failed: 0 };
await Promise.all((project === null ? LANES : LANES_OF[project]).map(runLane));

const folder = mkdtempSync(path.join(tmpdir(), 'espalier-test-'));
try {
  const report = path.join(folder, 'vitest.json');
  const args = [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...['--project', project ?? '!long'],
    ...filters,
  ];
  const { status } = spawnSync(bin('vitest'), args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const { numPassedTests, numFailedTests, testResults } = readReport(report);
  count.passed += numPassedTests;
  count.failed += numFailedTests;
  const skipped = testResults
    .flatMap((file) => file.assertionResults)
    .filter(({ status }) => status === 'pending' || status === 'skipped');
  if (skipped.length > 0) console.log(`skipped ${skipped.length}, for want of what each names:`);
  for (const { fullName } of skipped) console.log(`  ${fullName}`);
  const slowest = testResults
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, SLOWEST);
  console.log('the slowest files:');
  for (const { name, seconds } of slowest) {
    console.log(`  ${seconds.toFixed(0).padStart(4)} s  ${path.relative(root, name)}`);
  }
  // A file that does not even load has no tests to count.
  count.failed += testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  if (status !== 0 && count.failed === 0) count.failed++;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 ? 1 : 0);

async function runLane(checks) {
  for (const [name, command, ...args] of checks) {
    const started = Date.now();
    const { passed, said } = await run(command, args);
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}  ${((Date.now() - started) / 1000).toFixed(1)} s`);
    if (!passed) console.log(said);
    count[passed ? 'passed' : 'failed']++;
  }
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said += text;
      });
    }
    child.on('error', ({ message }) => resolve({ passed: false, said: message }));
    child.on('close', (status) => resolve({ passed: status === 0, said }));
  });
}

function bin(name) {
  return path.join(root, 'node_modules', '.bin', name);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, testResults: [] };
  }
}
