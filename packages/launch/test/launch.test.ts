import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished, vi } from 'vitest';

const run = promisify(execFile);
const at = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** A house of one program, which says what it was started from. */
async function house() {
  const root = `${await mkdtemp('/var/tmp/espalier-launch-')}/`;
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const write = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  };
  await write('packages/launch/package.json', '{"type": "module"}');
  await mkdir(path.join(root, 'packages/launch/src'), { recursive: true });
  await copyFile(at('../src/index.mjs'), path.join(root, 'packages/launch/src/index.mjs'));
  await symlink(at('../node_modules'), path.join(root, 'packages/launch/node_modules'));
  await write('tsconfig.json', '{}');
  await write('packages/p/package.json', '{"type": "module"}');
  await write('packages/p/main.ts', "const said: string = 'source';\nconsole.log(said);\n");
  await write(
    'packages/p/main.mjs',
    "import { launch } from '../launch/src/index.mjs';\nawait launch(new URL('./main.ts', import.meta.url));\n",
  );
  await write('node_modules/.cache/espalier/programs/main.mjs', "console.log('compiled');\n");
  return {
    root,
    write,
    /** As the compilation leaves it. */
    async compiled(manifest: object = {}) {
      const { stampOf } = await import(path.join(root, 'packages/launch/src/index.mjs'));
      const whole = {
        root,
        inputs: [['packages/p/main.ts', stampOf('packages/p/main.ts')]],
        programs: { 'packages/p/main.ts': 'main.mjs' },
        ...manifest,
      };
      await write('node_modules/.cache/espalier/programs/manifest.json', JSON.stringify(whole));
    },
    async says(env: Record<string, string> = {}) {
      const options = { env: { ...process.env, ESPALIER_FROM_SOURCE: '', ...env } };
      const { stdout } = await run(process.execPath, [path.join(root, 'packages/p/main.mjs')], options);
      return stdout.trim();
    },
  };
}

it('runs what was compiled for as long as its sources are as they were', async () => {
  const { root, compiled, says } = await house();
  expect(await says()).toBe('source');
  await compiled();
  expect(await says()).toBe('compiled');
  expect(await says({ ESPALIER_FROM_SOURCE: '1' })).toBe('source');
  await utimes(path.join(root, 'packages/p/main.ts'), 1, 1);
  expect(await says()).toBe('source');
  await compiled();
  expect(await says()).toBe('compiled');
  await compiled({ inputs: [['packages/p/gone.ts', '2 1']] });
  expect(await says()).toBe('source');
});

it('says that this is no development, unless something else was said', async () => {
  const { write, says } = await house();
  await write('packages/p/main.ts', 'console.log(process.env.NODE_ENV);');
  expect(await says({ NODE_ENV: 'test' })).toBe('test');
  vi.stubEnv('NODE_ENV', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await says()).toBe('production');
});

it('runs the sources where the compiled copy is of another folder, of another program or broken', async () => {
  const { write, compiled, says } = await house();
  await compiled({ root: '/somewhere/else/' });
  expect(await says()).toBe('source');
  await compiled({ programs: {} });
  expect(await says()).toBe('source');
  await write('node_modules/.cache/espalier/programs/manifest.json', '{"root": ');
  expect(await says()).toBe('source');
});

it('says the same, compiled or not', async () => {
  const bin = at('../../cli/bin/espalier.mjs');
  const said = (env: Record<string, string>) =>
    run(process.execPath, [bin, '--version'], { env: { ...process.env, ...env } });
  expect((await said({ ESPALIER_FROM_SOURCE: '1' })).stdout).toBe((await said({})).stdout);
});
