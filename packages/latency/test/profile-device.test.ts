import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tinyResNet } from '../../engines/test/tiny-networks.ts';
import { predictMs, profileDevice, readProfile, removeJournal, writeProfile } from '../src/index.ts';

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
  folder = await mkdtemp(path.join(tmpdir(), 'espalier-profile-test-'));
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true });
});

const network = tinyResNet();

it('profiles a network, and the file predicts it', { timeout: 120_000 }, async () => {
  const file = path.join(folder, 'device.json');
  const seen: number[] = [];
  const profile = await profileDevice({
    ...{ network, engine, device: 'here', structures: 8, repeats: 20, journal: `${file}.part` },
    onProgress: ({ done, total }) => seen.push(done / total),
  });
  expect(seen.at(-1)).toBe(1);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(profile).toMatchObject({ device: 'here', threads: 1, batch: 1, structures: 8 });
  expect(profile.engine.name).toBe('onnxruntime');
  expect(profile.error.structures).toHaveLength(10);
  expect(profile.baseMs).toBeGreaterThan(0);
  await writeProfile(file, profile);
  expect(await readProfile(file)).toEqual(profile);
  const predicted = predictMs(profile, network);
  expect(predicted / profile.baseMs).toBeGreaterThan(0.3);
  expect(predicted / profile.baseMs).toBeLessThan(3);
});

it('goes on where it was stopped', { timeout: 120_000 }, async () => {
  const journal = path.join(folder, 'stopped.part');
  const stop = new AbortController();
  const request = { network, engine, structures: 4, repeats: 5, journal };
  const stopped = profileDevice({
    ...request,
    signal: stop.signal,
    // The first ones are kept by then.
    onProgress: ({ done }) => done > 0 && stop.abort(new Error('enough')),
  });
  await expect(stopped).rejects.toThrow('enough');
  const kept = JSON.parse(await readFile(journal, 'utf8')).measured;
  expect(kept.length).toBeGreaterThan(0);
  const began: number[] = [];
  await profileDevice({ ...request, onProgress: ({ done }) => began.push(done) });
  expect(began[0]).toBe(kept.length);
  expect(JSON.parse(await readFile(journal, 'utf8')).measured.slice(0, kept.length)).toEqual(kept);

  // What was measured under other settings is nothing to go on with.
  const other: number[] = [];
  await profileDevice({ ...request, batch: 2, onProgress: ({ done }) => other.push(done) });
  expect(other[0]).toBe(0);
  await removeJournal(journal);
});

it('refuses a file that is no profile', async () => {
  const file = path.join(folder, 'other.json');
  await writeFile(file, '{"format": "espalier-sweep", "version": 1}');
  await expect(readProfile(file)).rejects.toThrow(/other\.json: format: give espalier-profile/);
  await writeFile(file, '{');
  await expect(readProfile(file)).rejects.toThrow('cannot read the profile');
});
