import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openEngine } from '../open-engine.ts';
import { type Host, loadTensorFlow, loadWithGpu, thisHost } from './load.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-tensorflow-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** A stand-in for a native package, with its binding if `source` is given. */
async function fakePackage(name: string, source?: string): Promise<string> {
  const own = join(folder, name);
  await mkdir(join(own, 'lib', 'napi-v8'), { recursive: true });
  await writeFile(join(own, 'package.json'), '{ "main": "index.js", "type": "commonjs" }');
  if (source === undefined) return own;
  await writeFile(join(own, 'lib', 'napi-v8', 'tfjs_binding.node'), '');
  await writeFile(join(own, 'index.js'), source);
  return own;
}

function host(packages: Readonly<Record<string, string>>, nodeMajor = 20): Host {
  return { nodeMajor, folderOf: (name) => packages[name.replace('@tensorflow/', '')] };
}

const fake = (isUsingGpuDevice: boolean) => `
  console.log('loading'); console.warn('careful');
  module.exports = { version_core: '4.22.0', enableProdMode() {}, backend: () => ({ isUsingGpuDevice: ${isUsingGpuDevice} }) };`;

describe('loadTensorFlow', () => {
  it('takes plain TensorFlow.js where no native package is installed', async () => {
    const loaded = await loadTensorFlow(host({}));
    expect(loaded).toMatchObject({
      implementation: 'tfjs',
      device: 'cpu',
      why: 'tfjs-node-gpu is not installed; tfjs-node is not installed; plain tfjs',
    });
    expect(loaded.tf.getBackend()).toBe('cpu');
  });

  it('falls through packages without their native library', async () => {
    const packages = {
      'tfjs-node-gpu': await fakePackage('unbuilt-gpu'),
      'tfjs-node': await fakePackage('unbuilt'),
    };
    const { why } = await loadTensorFlow(host(packages));
    expect(why).toBe('tfjs-node-gpu has no native library; tfjs-node has no native library; plain tfjs');
  });

  it('names the Node that the native packages do not run on', async () => {
    const packages = { 'tfjs-node': await fakePackage('too-new', fake(false)) };
    const { why } = await loadTensorFlow(host(packages, 24));
    expect(why).toBe(
      'tfjs-node-gpu is not installed; tfjs-node needs a Node below 23, this is 24; plain tfjs',
    );
  });

  it('takes the native package, without a word', async () => {
    const spoken = (['log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
    const loaded = await loadTensorFlow(host({ 'tfjs-node': await fakePackage('native', fake(false)) }));
    expect(loaded).toMatchObject({ implementation: 'tfjs-node', device: 'cpu' });
    expect(loaded.why).toBe('tfjs-node-gpu is not installed; tfjs-node');
    for (const spy of spoken) expect(spy).not.toHaveBeenCalled();
  });

  it('takes the GPU first', async () => {
    const packages = { 'tfjs-node-gpu': await fakePackage('gpu', fake(true)), 'tfjs-node': '' };
    expect(await loadTensorFlow(host(packages))).toMatchObject({
      implementation: 'tfjs-node-gpu',
      device: 'gpu',
    });
  });

  it('gives the first line of what kept a package from loading', async () => {
    const packages = {
      'tfjs-node': await fakePackage(
        'broken',
        `console.error('oh'); throw new Error('no libtensorflow\\nsee manual');`,
      ),
    };
    const spy = vi.spyOn(console, 'error');
    const { why, implementation } = await loadTensorFlow(host(packages));
    expect(implementation).toBe('tfjs');
    expect(why).toBe('tfjs-node-gpu is not installed; tfjs-node does not load: no libtensorflow; plain tfjs');
    expect(spy).not.toHaveBeenCalled();
  });

  it('says nothing on this machine, neither while loading nor at the first operation', async () => {
    const spoken = (['log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
    const { tf, why } = await loadTensorFlow(thisHost);
    tf.tidy(() => tf.add(1, 2));
    expect(why).not.toContain('\n');
    for (const spy of spoken) expect(spy).not.toHaveBeenCalled();
  });
});

describe('openEngine', () => {
  it('takes TensorFlow for auto where it has a GPU', async () => {
    const engine = await openEngine(
      'auto',
      {},
      host({ 'tfjs-node-gpu': await fakePackage('auto-gpu', fake(true)) }),
    );
    expect(engine).toMatchObject({ name: 'tensorflow', device: 'gpu' });
    expect(engine.description).toBe('TensorFlow.js 4.22.0 (tfjs-node-gpu) on the GPU');
  });

  it('takes ONNX Runtime for auto where TensorFlow has no GPU, and says why', async () => {
    const without = await openEngine('auto', {}, host({ 'tfjs-node': 'not looked at' }));
    expect(without).toMatchObject({ name: 'onnxruntime', device: 'cpu' });
    expect(without.why).toBe('TensorFlow has no GPU here: tfjs-node-gpu is not installed');
    const idle = host({ 'tfjs-node-gpu': await fakePackage('no-gpu', fake(false)) });
    expect((await openEngine('auto', {}, idle)).why).toBe(
      'TensorFlow has no GPU here: tfjs-node-gpu finds no GPU',
    );
    expect(loadWithGpu(idle)).toBe('tfjs-node-gpu finds no GPU');
  });

  it('refuses other names and numbers of threads', async () => {
    await expect(openEngine('torch' as 'auto')).rejects.toThrow('known are auto, onnxruntime, tensorflow');
    await expect(openEngine('auto', { threads: 0 })).rejects.toThrow(
      'the number of threads is a whole number from 1, not 0',
    );
  });
});
