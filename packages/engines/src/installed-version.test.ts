import { expect, it } from 'vitest';
import { installedVersion } from './installed-version.ts';
import { openEngine } from './open-engine.ts';

it.each(['onnxruntime', 'tensorflow'] as const)(
  'the version of %s is the one that it tells itself',
  async (name) => {
    const engine = await openEngine(name, { threads: 1 });
    expect(installedVersion(name)).toBe(engine.version);
    await engine.dispose();
  },
);
