import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { firstLineOf } from '@espalier/errors';
import { loadTensorFlow } from '../tensorflow/load.ts';
import type { Tf } from '../tensorflow/value.ts';

/** What TensorFlow.js computes by: the package for Node, WebAssembly, or plain JavaScript. */
export const PAGE_BACKENDS = ['node', 'wasm', 'cpu'] as const;
export type PageBackend = (typeof PAGE_BACKENDS)[number];

/** TensorFlow.js over a backend, or why it cannot be had here. */
export type OpenedBackend =
  | { readonly backend: PageBackend; readonly tf: Tf; readonly description: string }
  | { readonly backend: PageBackend; readonly missing: string };

const WASM = '@tensorflow/tfjs-backend-wasm';
const spoken: Readonly<Record<PageBackend, string>> = {
  cpu: 'plain JavaScript',
  node: 'tfjs-node',
  wasm: 'WebAssembly',
};

/** Makes a backend the one that all of TensorFlow.js in this process computes by. */
export async function openBackend(backend: PageBackend): Promise<OpenedBackend> {
  const { tf, implementation, why } = await loadTensorFlow();
  if (backend === 'node' && implementation === 'tfjs') return { backend, missing: why };
  try {
    if (backend === 'wasm') await registerWasm();
    const isThere = await tf.setBackend(backend === 'node' ? 'tensorflow' : backend);
    if (!isThere) return { backend, missing: 'it does not start' };
    return { backend, tf, description: `TensorFlow.js ${tf.version_core} (${spoken[backend]})` };
  } catch (error) {
    return { backend, missing: firstLineOf(error) };
  }
}

async function registerWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve(WASM))}/`);
}
