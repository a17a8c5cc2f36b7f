// Installs the dependencies, once for each state of the lock file. Needs nothing but Node and npm.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The one place that pins pnpm. */
const PNPM = 'pnpm@10.34.9';
const stampFile = path.join(root, 'node_modules', '.espalier-setup');
/** What the database client is generated from. */
const SCHEMA = 'prisma/schema.prisma';
/** What the GraphQL page is built from. */
const IDE = 'apps/ide';
const lockFolder = path.join(root, '.espalier-setup-lock');

export function setUp() {
  checkNode();
  if (isUpToDate()) return;
  withLock('set-up', () => {
    if (!isUpToDate()) install();
  });
}

/** Nobody else sets up or builds in this folder meanwhile. */
export function withLock(what, work) {
  takeLock(what);
  try {
    work();
  } finally {
    rmdirSync(lockFolder);
  }
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Espalier needs Node 20.19 or newer, this is ${process.versions.node}`);
}

/** A hash of all that decides what is installed. */
function wanted() {
  const packages = ['packages', 'apps'].flatMap((folder) =>
    existsSync(path.join(root, folder))
      ? readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}/package.json`)
      : [],
  );
  const page = readdirSync(path.join(root, IDE), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => `${IDE}/${name}`);
  const sources = readdirSync(path.join(root, IDE, 'src')).map((name) => `${IDE}/src/${name}`);
  const files = [
    ...['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', SCHEMA],
    ...packages.sort(),
    ...page.sort(),
    ...sources.sort(),
  ];
  const hash = createHash('sha256').update(`${process.versions.modules} ${process.platform} ${process.arch}`);
  for (const file of files) {
    const full = path.join(root, file);
    if (existsSync(full)) hash.update(file).update(readFileSync(full));
  }
  return hash.digest('hex');
}

function isUpToDate() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted();
}

/** Two set-ups at a time would pull the folders from under each other. A folder is made by one process only. */
function takeLock(what) {
  const patience = Date.now() + 10 * 60_000;
  for (;;) {
    try {
      mkdirSync(lockFolder);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`cannot set up in ${root}: ${error.message}`);
      const age = Date.now() - (statSync(lockFolder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > 10 * 60_000) rmdirSync(lockFolder);
      else if (Date.now() > patience)
        fail(`another ${what} seems to hang; remove ${lockFolder} and try again`);
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    }
  }
}

function install() {
  console.error('Setting up: installing the dependencies (about half a minute, once) ...');
  const started = Date.now();
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const args = ['--yes', PNPM, 'install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only'];
  quietly('the dependencies could not be installed; is the network there?', npx, args, {
    cwd: root,
    shell: process.platform === 'win32',
    env: { ...process.env, CI: 'true' },
  });
  generateClient();
  buildIde();
  writeFileSync(stampFile, wanted());
  console.error(`Set up in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}

/** Prisma's client is made from the schema; it is not part of the repository. */
function generateClient() {
  make('the database client', 'packages/store', 'node_modules/prisma/build/index.js', 'generate');
}

/** The page with the GraphQL editor, from npm packages to files that the platform serves. */
function buildIde() {
  make('the GraphQL page', IDE, 'node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error');
}

/** Runs a tool of one of the packages in its folder. */
function make(what, folder, ...command) {
  quietly(`${what} could not be made`, process.execPath, command, { cwd: path.join(root, folder) });
}

/** Shows what a tool says only where it fails, which ends everything. */
export function quietly(failure, tool, args, options) {
  const { status, error, stdout, stderr } = spawnSync(tool, args, {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  if (!error && status === 0) return;
  console.error(`${stdout ?? ''}${stderr ?? ''}`.trim());
  fail(`${failure} (${error?.message ?? `${path.basename(tool)} ended with ${status}`})`);
}

function fail(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}
