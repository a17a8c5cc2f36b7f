import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { childrenOf } from '../../../apps/api/test/main-process.ts';
import { ComputingProcesses } from '../src/processes/compute.ts';

const SECRETS = {
  ESPALIER_DATABASE_URL: 'postgres://us:secret-1@127.0.0.1/espalier',
  ESPALIER_SECRET: 'secret-2-secret-2-secret-2-secret-2',
  ESPALIER_S3_BUCKET: 'secret-3',
  AWS_ACCESS_KEY_ID: 'secret-4',
  AWS_SECRET_ACCESS_KEY: 'secret-5',
  ESPALIER_API_KEY: 'secret-6',
  PGPASSWORD: 'secret-7',
  SOMETHING_THAT_NOBODY_KNOWS: 'secret-8',
};

it.skipIf(process.platform !== 'linux')('a computing process knows no secret of its worker', async () => {
  Object.assign(process.env, SECRETS, { OMP_NUM_THREADS: '1', ESPALIER_HOME: '/var/tmp/a-home' });
  const names = [...Object.keys(SECRETS), 'OMP_NUM_THREADS', 'ESPALIER_HOME'];
  onTestFinished(() => {
    for (const name of names) delete process.env[name];
  });
  const before = new Set(childrenOf(process.pid));
  const processes = new ComputingProcesses();
  const found = processes.engineHere();
  const [child] = childrenOf(process.pid).filter((pid) => !before.has(pid));
  const environment = (await readFile(`/proc/${child}/environ`, 'utf8')).split('\0');
  expect(environment).toEqual(
    expect.arrayContaining([
      'OMP_NUM_THREADS=1',
      'ESPALIER_HOME=/var/tmp/a-home',
      `PATH=${process.env.PATH}`,
    ]),
  );
  expect(environment.filter((line) => /secret|postgres|AWS|S3/i.test(line))).toEqual([]);
  // And it works without them.
  expect(['onnxruntime', 'tensorflow']).toContain(await found);
});
