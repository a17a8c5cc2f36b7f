import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { firstLineOf } from '@espalier/errors';
import type { Tf } from './value.ts';

/** TensorFlow.js over one of its backends. */
export interface LoadedTensorFlow {
  readonly tf: Tf;
  readonly implementation: 'tfjs-node-gpu' | 'tfjs-node' | 'tfjs';
  readonly device: 'cpu' | 'gpu';
  /** What was taken and why nothing better was, in one line. */
  readonly why: string;
}

/** What the loader asks of the machine. */
export interface Host {
  readonly nodeMajor: number;
  /** The folder of an installed package. */
  folderOf(packageName: string): string | undefined;
  /** Threads for the native library, which reads this once, when it starts. */
  readonly threads?: number | undefined;
}

const require = createRequire(import.meta.url);

export const thisHost: Host = {
  nodeMajor: Number(process.versions.node.split('.')[0]),
  folderOf(packageName) {
    try {
      return dirname(require.resolve(`${packageName}/package.json`));
    } catch {
      return undefined;
    }
  },
};

/** From this version on, Node lacks `util.isNullOrUndefined`, which the native packages call. */
const FIRST_UNFIT_NODE = 23;

const NATIVE = ['tfjs-node-gpu', 'tfjs-node'] as const;

/**
 * The fastest TensorFlow.js that works here: with a GPU, native on the CPU, plain JavaScript. Nothing is
 * printed. One process should load one of them only: they share their registry of kernels.
 */
export async function loadTensorFlow(host: Host = thisHost): Promise<LoadedTensorFlow> {
  const reasons: string[] = [];
  for (const implementation of NATIVE) {
    const native = loadNative(implementation, host);
    if (typeof native === 'string') {
      reasons.push(native);
      continue;
    }
    const device = usesGpu(native) ? 'gpu' : 'cpu';
    const found =
      implementation === 'tfjs-node-gpu' && device === 'cpu'
        ? `${implementation} finds no GPU`
        : implementation;
    return { tf: native, implementation, device, why: [...reasons, found].join('; ') };
  }
  return {
    tf: await loadPlain(),
    implementation: 'tfjs',
    device: 'cpu',
    why: [...reasons, 'plain tfjs'].join('; '),
  };
}

/** `loadTensorFlow` if that has a GPU, else the reason why not; nothing is loaded then but what had to be. */
export function loadWithGpu(host: Host = thisHost): LoadedTensorFlow | string {
  const [implementation] = NATIVE;
  const native = loadNative(implementation, host);
  if (typeof native === 'string') return native;
  if (!usesGpu(native)) return `${implementation} finds no GPU`;
  return { tf: native, implementation, device: 'gpu', why: implementation };
}

/** The module, or in one line the reason why it cannot be had. */
function loadNative(implementation: (typeof NATIVE)[number], host: Host): Tf | string {
  const folder = host.folderOf(`@tensorflow/${implementation}`);
  if (folder === undefined) return `${implementation} is not installed`;
  if (host.nodeMajor >= FIRST_UNFIT_NODE) {
    return `${implementation} needs a Node below ${FIRST_UNFIT_NODE}, this is ${host.nodeMajor}`;
  }
  // Asked before anything is loaded: half-loaded modules print, and leave their kernels registered.
  if (!hasBinding(folder)) return `${implementation} has no native library`;
  // Its C++ side logs the instruction sets that it was built for.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  if (host.threads !== undefined) process.env.TF_NUM_INTRAOP_THREADS = String(host.threads);
  try {
    const tf = silently((): Tf => require(folder));
    tf.enableProdMode();
    return tf;
  } catch (error) {
    return `${implementation} does not load: ${firstLineOf(error).trim().slice(0, 120)}`;
  }
}

function hasBinding(folder: string): boolean {
  const lib = join(folder, 'lib');
  return (
    existsSync(lib) && readdirSync(lib).some((entry) => existsSync(join(lib, entry, 'tfjs_binding.node')))
  );
}

function usesGpu(tf: Tf): boolean {
  return (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
}

async function loadPlain(): Promise<Tf> {
  const tf = await import('@tensorflow/tfjs');
  // Outside of its production mode it prints an advertisement for the native package.
  tf.enableProdMode();
  await tf.setBackend('cpu');
  return tf;
}

const SPOKEN = ['log', 'info', 'warn', 'error'] as const;

/** Loading is synchronous, so nobody else's words are lost. */
function silently<T>(load: () => T): T {
  const spoken = SPOKEN.map((name) => [name, console[name]] as const);
  for (const name of SPOKEN) console[name] = () => {};
  try {
    return load();
  } finally {
    for (const [name, speak] of spoken) console[name] = speak;
  }
}
