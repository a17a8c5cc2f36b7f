import { createRequire } from 'node:module';
import type { EngineName } from './engine.ts';

const PACKAGES: Readonly<Record<EngineName, string>> = {
  onnxruntime: 'onnxruntime-node',
  tensorflow: '@tensorflow/tfjs',
};

/** An engine's version as its `version` tells it, without loading it. */
export function installedVersion(name: EngineName): string {
  const { version } = createRequire(import.meta.url)(`${PACKAGES[name]}/package.json`) as {
    readonly version: string;
  };
  return version;
}
