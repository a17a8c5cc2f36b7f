// `npm test [-- FILTER ...]`: set up, then every check and every test; the last line counts them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildDashboard } from './dashboard.mjs';
import { compilePrograms } from './programs.mjs';
import { root, setUp } from './setup.mjs';

setUp();
buildDashboard();
await compilePrograms();

const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const checks = [
  { name: 'format and lint (biome)', command: 'biome', args: ['ci', '--error-on-warnings', '.'] },
  { name: 'types (tsc)', command: 'tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'types of the GraphQL page (tsc)', command: 'tsc', args: ['--noEmit', '-p', 'apps/ide'] },
  { name: "the dashboard's types (tsc)", command: 'tsc', args: ['--noEmit', '-p', 'apps/dashboard'] },
  // Its documents against the API's schema; the compiler alone lets an unknown field pass.
  {
    name: "the dashboard's GraphQL documents",
    command: '../../apps/dashboard/node_modules/.bin/gql.tada',
    args: ['check', '--fail-on-warn', '--tsconfig', 'apps/dashboard/tsconfig.json'],
  },
  {
    name: 'floors (dependency-cruiser)',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.mjs', 'packages', 'apps'],
  },
  { name: 'dead code (knip)', command: 'knip', args: [] },
];

const count = { passed: 0, failed: 0 };

for (const { name, command, args } of checks) {
  const started = Date.now();
  const { status, error, stdout, stderr } = spawnSync(bin(command), args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const passed = !error && status === 0;
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}  ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (!passed) console.log(error?.message ?? `${stdout}${stderr}`);
  count[passed ? 'passed' : 'failed']++;
}

const folder = mkdtempSync(path.join(tmpdir(), 'espalier-test-'));
try {
  const report = path.join(folder, 'vitest.json');
  const args = [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
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

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, testResults: [] };
  }
}
