import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { writeNetwork } from '@espalier/formats';
import { type DeviceProfile, writeProfile } from '@espalier/latency';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyResNet } from '../../engines/test/tiny-networks.ts';
import { syntheticProfile } from '../../latency/test/synthetic-profile.ts';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { type PlanInput, parsePlan } from './plan.ts';
import { prunePlan } from './prune-plan.ts';

let folder: string;
let model: string;
let engine: Engine;
const network = tinyResNet();
const OTHER = { device: 'board', cpu: 'Cortex-A76', cores: 4, platform: 'linux arm64' };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'espalier-latency-'));
  model = path.join(folder, 'tiny.onnx');
  await writeNetwork(model, network);
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true });
});

async function pruned(profile: DeviceProfile, changes: Partial<PlanInput> = {}) {
  const file = path.join(folder, 'device.json');
  await writeProfile(file, profile);
  const said: string[] = [];
  const reach: { baseMs: number; leastMs: number }[] = [];
  const plan = parsePlan({
    ...{ model: { file: model }, profile: { file }, allocation: 'uniform' },
    target: { metric: 'latency', share: 0.4 },
    ...changes,
  });
  const place = { home: folder, engine: 'onnxruntime', threads: 1, checkpointEvery: 100 };
  const observer = {
    warning: (text: string) => said.push(text),
    reach: (told: { baseMs: number; leastMs: number }) => reach.push(told),
  };
  const { result } = await prunePlan(plan, place, observer);
  return { result, said, reach };
}

const profileOf = (changes: Partial<DeviceProfile> = {}) => syntheticProfile(network, engine, changes);

describe('a profile of another machine', () => {
  it('is gone by, whose it is is said, and nothing is measured', async () => {
    const profile = profileOf(OTHER);
    const { result, said, reach } = await pruned(profile);
    expect(said).toEqual([
      'the profile is for "board", made on another machine (Cortex-A76, 4 cores, linux arm64): latency is predicted only, not measured',
    ]);
    expect(result.requested).toEqual({ metric: 'latency', share: 0.4 });
    expect(result.achieved.latency).toBeGreaterThanOrEqual(0.4);
    const { latency } = result;
    expect(latency).toMatchObject({
      measured: null,
      corrections: 0,
      profile: { device: 'board', threads: 1 },
    });
    expect(latency?.predicted.baseMs).toBeCloseTo(profile.baseMs, 12);
    expect(latency?.predicted.ms).toBeCloseTo(profile.baseMs * (1 - (result.achieved.latency ?? 0)), 12);
    expect(result.provenance.profile?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(reach[0]?.baseMs).toBeCloseTo(profile.baseMs, 12);
    expect(reach[0]?.leastMs).toBeLessThan(profile.baseMs * 0.6);
  });

  it('tells of milliseconds what share they are, and keeps both', async () => {
    const profile = profileOf(OTHER);
    const ms = profile.baseMs * 0.75;
    const { result } = await pruned(profile, { target: { metric: 'latency', ms } });
    expect(result.requested.ms).toBe(ms);
    expect(result.requested.share).toBeCloseTo(0.25, 9);
    expect(result.latency?.predicted.ms).toBeLessThanOrEqual(ms);
  });

  it('tells the latency of other targets, too', async () => {
    const { result } = await pruned(profileOf(OTHER), { target: { metric: 'macs', share: 0.5 } });
    expect(result.requested.metric).toBe('macs');
    expect(result.achieved.latency).toBeGreaterThan(0);
    expect(result.latency?.measured).toBeNull();
  });

  it('refuses what cannot be reached, and says what can', async () => {
    await expect(pruned(profileOf(OTHER), { target: { metric: 'latency', share: 0.97 } })).rejects.toThrow(
      /^target latency=0\.97 cannot be reached: the largest reachable saving is 0\.\d{4} of the latency \(\S+ of \S+ ms are left\)/,
    );
  });
});

// With the threads of the profile, whatever those of the search are.
it('on its own machine the result is measured beside the base, and searched again twice at most', {
  timeout: 120_000,
}, async () => {
  const target = { metric: 'latency', share: 0.2 } as const;
  const { result, reach, said } = await pruned(profileOf({ threads: 2 }), { target });
  const { measured, corrections = -1, differences, profile } = result.latency ?? {};
  expect(reach).toHaveLength(1);
  expect(said[0]).toBe('the profile is for "bench", made with 2 threads, not 1');
  expect(differences).toEqual(['with 2 threads, not 1']);
  expect(profile?.threads).toBe(2);
  expect(measured?.speedup.ratio).toBeCloseTo((measured?.baseMs ?? 0) / (measured?.ms ?? 1), 6);
  expect(measured?.check.ratio).toBeGreaterThan(0);
  expect(corrections).toBeGreaterThanOrEqual(0);
  expect(corrections).toBeLessThanOrEqual(2);
  expect(result.requested).toEqual(target);
});

it('the usual widths of a profile are those that pay on its device, whatever the target is', async () => {
  const b = new NetworkBuilder('wide', 1);
  const x = b.convBnRelu(b.input([3, 6, 6]), 16);
  const wide = b.build(b.head(b.convBnRelu(x, 16, { stride: 1 }), 10));
  const file = path.join(folder, 'wide.onnx');
  await writeNetwork(file, wide);
  const even = syntheticProfile(wide, engine, OTHER);
  // In blocks of eight a group of twelve takes as long as one of sixteen.
  const steps = { inputs: 8, outputs: 8 };
  const stairs = { ...even, kinds: even.kinds.map((kind) => ({ ...kind, steps })) };
  const of = async (profile: DeviceProfile) => {
    const target = { metric: 'macs', share: 0.3 } as const;
    const { result } = await pruned(profile, { model: { file }, target });
    return result.limits.widths?.map(({ widths }) => widths);
  };
  expect(await of(even)).toEqual([
    [16, 12, 8, 4],
    [16, 12, 8, 4],
  ]);
  expect(await of(stairs)).toEqual([
    [16, 8],
    [16, 8],
  ]);
});

it('where it is asked for as predicted, nothing is measured', async () => {
  const { result } = await pruned(profileOf(), { corrected: false });
  expect(result.latency).toMatchObject({ measured: null, differences: [] });
});

it('without a profile, and with one of another network, latency is refused', async () => {
  expect(() =>
    parsePlan({ model: { file: model }, target: { metric: 'latency', share: 0.5 }, allocation: 'uniform' }),
  ).toThrow(
    'a latency target needs a device profile: make one (espalier profile MODEL --out device.json) and pass it (--profile device.json)',
  );
  const other = syntheticProfile({ ...tinyResNet({ classes: 4 }), name: 'four' }, engine);
  await expect(pruned(other)).rejects.toThrow('the profile is of another network ("four"), not of "tiny');
});

it.each<[PlanInput['target'], string]>([
  [{ metric: 'macs', ms: 2 }, 'target.ms: only latency takes milliseconds: give a share'],
  [{ metric: 'latency' }, 'target.share: give the share to remove, or ms'],
  [{ metric: 'latency', ms: 0 }, 'target.ms: give a number above 0'],
  [{ metric: 'latency', share: 1 }, 'target.share: give a number above 0 and below 1'],
])('refuses the target %j', (target, says) => {
  expect(() => parsePlan({ model: { file: model }, profile: { file: 'x' }, target })).toThrow(says);
});
