/**
 * `npm run test:abuse`: a sweep is killed at 20 random moments and started again each time. It must end in
 * the file of an undisturbed sweep, and lose at most the units in hand each time.
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const KILLS = 20;
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'espalier-abuse-'));
const data = process.env.ESPALIER_HOME ?? path.join(root, 'node_modules/.cache/espalier-test');

try {
  const undisturbed = await home('undisturbed');
  const started = performance.now();
  await sweep(undisturbed);
  const milliseconds = performance.now() - started;
  console.log(`undisturbed: ${(milliseconds / 1000).toFixed(1)} s`);

  const disturbed = await home('disturbed');
  let before = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const after = await sweep(disturbed, 500 + (Math.random() * milliseconds * 2.5) / KILLS);
    const units = await unitsOf(disturbed);
    if (units < before) throw new Error(`kill ${kill}: ${before - units} stored units are gone`);
    console.log(`kill ${kill}: ${after}, ${units} units stored`);
    before = units;
  }
  await sweep(disturbed);
  const [expected, actual] = [await resultOf(undisturbed), await resultOf(disturbed)];
  if (!expected.equals(actual)) throw new Error('the disturbed sweep ended in another file');
  console.log('1 passed, 0 failed: the same file, to the byte');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** A home of its own, with the decoded data set. */
async function home(name: string): Promise<string> {
  const own = path.join(folder, name);
  await cp(path.join(data, 'datasets'), path.join(own, 'datasets'), { recursive: true });
  return own;
}

/** Runs the sweep, with all of its processes killed after a time. */
async function sweep(own: string, killAfter?: number): Promise<'killed' | 'finished'> {
  const args = [
    'sweep',
    'models/resnet20-cifar10.onnx',
    '--dataset',
    'cifar10',
    '--out',
    path.join(own, 'sweep.json'),
  ];
  const child = spawn(process.execPath, ['packages/cli/bin/espalier.mjs', ...args], {
    cwd: root,
    env: { ...process.env, ESPALIER_HOME: own },
    stdio: 'ignore',
    detached: true,
  });
  const timer =
    killAfter === undefined
      ? undefined
      : setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), killAfter);
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once('exit', (...how) => resolve(how));
  });
  clearTimeout(timer);
  if (signal === 'SIGKILL') return 'killed';
  if (code !== 0) throw new Error(`the sweep ended with ${signal ?? code}`);
  return 'finished';
}

async function unitsOf(own: string): Promise<number> {
  const files = await readdir(path.join(own, 'units'), { recursive: true }).catch(() => []);
  return files.filter((file) => file.endsWith('.json')).length;
}

function resultOf(own: string): Promise<Buffer> {
  return readFile(path.join(own, 'sweep.json'));
}
