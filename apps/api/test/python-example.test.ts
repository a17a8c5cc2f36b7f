import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readNetwork } from '@espalier/formats';
import { expect, it, onTestFinished } from 'vitest';
import { RESNET20, startPlatform } from './platform.ts';

const EXAMPLE = fileURLToPath(new URL('../../../docs/examples/first_run.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
const missing = hasPython ? '' : ' (there is no python3 here)';

it.skipIf(!hasPython)(
  `the Python example goes from an ONNX file to a pruned one${missing}`,
  async () => {
    const { address, member } = await startPlatform({ worker: true });
    const { key } = await member('editor');
    const folder = await mkdtemp(path.join(tmpdir(), 'espalier-python-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const out = path.join(folder, 'pruned.onnx');
    const { stdout } = await promisify(execFile)('python3', [EXAMPLE, address, RESNET20, out, '0.4', '20'], {
      env: { ...process.env, ESPALIER_KEY: key },
    });
    expect(stdout).toMatch(/^40\.81 M MACs, 0\.272 M params$/m);
    expect(stdout).toMatch(/^\d+ STATE FINISHED/m);
    expect(stdout).toMatch(/top-1 [\d.]+%, written to /);
    const { network } = await readNetwork(out);
    expect(network.nodes.length).toBeGreaterThan(10);
  },
  300_000,
);
