import { expect, it } from 'vitest';
import { tinyResNet } from '../../engines/test/tiny-networks.ts';
import { syntheticProfile } from '../test/synthetic-profile.ts';
import { checkProfile, differencesFrom, elsewhere, identityOf } from './identity.ts';

const network = tinyResNet();
const engine = { name: 'onnxruntime', version: '1.30.0', threads: 2, description: 'ONNX Runtime' } as const;
const profile = syntheticProfile(network, engine);

it('is another one as soon as anything of it differs', () => {
  const { hash } = identityOf(profile);
  expect(identityOf(structuredClone(profile)).hash).toBe(hash);
  const [kind] = profile.kinds;
  if (!kind) throw new Error('there is a kind');
  for (const changes of [
    { threads: 1 },
    { batch: 2 },
    { overheadMs: 0.02 },
    { kinds: [{ ...kind, samples: 11 }] },
  ]) {
    expect(identityOf({ ...profile, ...changes }).hash).not.toBe(hash);
  }
});

it('goes for networks of the same layers, whatever their weights, and for no others', () => {
  expect(() => checkProfile(profile, tinyResNet({ seed: 9 }))).not.toThrow();
  expect(() => checkProfile(profile, { ...tinyResNet({ classes: 7 }), name: 'seven' })).toThrow(
    'the profile is of another network ("tiny-resnet"), not of "seven": make one of this network',
  );
  // The first profiles know a hash only.
  const { layers: _, ...first } = profile.network;
  const old = { ...profile, network: first };
  expect(() => checkProfile(old, network)).not.toThrow();
  expect(() => checkProfile(old, tinyResNet({ seed: 9 }))).toThrow('another network');
});

it('says how another machine, engine or number of threads differs', () => {
  const seen = (changes: object, here: object = {}) =>
    elsewhere(identityOf({ ...profile, ...changes }), { ...engine, ...here });
  expect(seen({})).toEqual({ isOther: false, differences: [] });
  expect(seen({ device: 'called otherwise' }).differences).toEqual([]);
  expect(seen({}, { threads: 1 })).toEqual({ isOther: false, differences: ['with 2 threads, not 1'] });
  expect(seen({}, { version: '1.31.0' })).toEqual({
    isOther: true,
    differences: ['with onnxruntime 1.30.0, not onnxruntime 1.31.0'],
  });
  expect(seen({ cpu: 'Cortex-A76', cores: 4, platform: 'linux arm64', threads: 1 })).toEqual({
    isOther: true,
    differences: ['on another machine (Cortex-A76, 4 cores, linux arm64)', 'with 1 thread, not 2'],
  });
});

it('says what makes it void for a use: hardware, engine, and threads and images where they matter', () => {
  const made = identityOf(profile);
  const use = { ...made, threads: undefined, batch: undefined };
  expect(differencesFrom(made, use)).toEqual({ isOther: false, differences: [] });
  expect(differencesFrom(made, { ...use, threads: made.threads, batch: 32 })).toEqual({
    isOther: false,
    differences: [`with ${made.batch} image${made.batch === 1 ? '' : 's'}, not 32`],
  });
  expect(differencesFrom(made, { ...use, cores: made.cores + 1, engineVersion: '2' })).toEqual({
    isOther: true,
    differences: [
      `on another machine (${made.cpu}, ${made.cores} cores, ${made.platform})`,
      `with onnxruntime 1.30.0, not onnxruntime 2`,
    ],
  });
});
