// Builds the dashboard, once for each state of its sources: what `npm start` and the browser tests serve.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { quietly, root, withLock } from './setup.mjs';

const app = path.join(root, 'apps/dashboard');
const out = path.join(app, '.next');
const stampFile = path.join(out, 'espalier-built');

export function buildDashboard() {
  if (isUpToDate()) return;
  withLock('dashboard build', () => {
    if (!isUpToDate()) build();
  });
}

/** A hash of all that decides what is built. */
function wanted() {
  const hash = createHash('sha256').update(process.versions.node);
  const files = readdirSync(path.join(app, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => path.join(entry.parentPath, entry.name));
  const others = ['package.json', 'next.config.ts', 'postcss.config.mjs', '../../pnpm-lock.yaml'];
  for (const file of [...files.sort(), ...others.map((name) => path.join(app, name))]) {
    hash.update(path.relative(app, file)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function isUpToDate() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted();
}

function build() {
  console.error('Building the dashboard (about half a minute, once) ...');
  const started = Date.now();
  const cli = path.join(app, 'node_modules/next/dist/bin/next');
  rmSync(stampFile, { force: true });
  quietly('the dashboard could not be built', process.execPath, [cli, 'build'], {
    cwd: app,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  // The standalone server leaves its static files to whoever ships it.
  const served = path.join(out, 'standalone/apps/dashboard/.next/static');
  rmSync(served, { recursive: true, force: true });
  cpSync(path.join(out, 'static'), served, { recursive: true });
  writeFileSync(stampFile, wanted());
  console.error(`Built in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}
