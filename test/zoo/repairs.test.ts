import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { missingModels, sharedModels } from '../../packages/formats/test/shared-models.ts';
import { expectNearer, OFTEN_REPAIRED } from './repaired.ts';

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
  folder = await mkdtemp(join(tmpdir(), 'espalier-zoo-'));
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true, force: true });
});

if (sharedModels.length === 0) test.skip(`every shared model (${missingModels})`);

describe.runIf(sharedModels.length > 0)('repaired, written and read again', () => {
  test.each(sharedModels.filter((name) => !OFTEN_REPAIRED.includes(name)))(
    '%s is nearer to what it was, on images that the repair has not seen',
    (name) => expectNearer(engine, name, folder),
    120_000,
  );
});
