import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { samplePermutation } from '@espalier/datasets';
import { type Engine, evaluate, openEngine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { predictMs } from '@espalier/latency';
import {
  constantOf,
  cutNetwork,
  floatTensor,
  type Network,
  networkCost,
  networkHash,
} from '@espalier/network';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyDataset } from '../../../engines/test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../../engines/test/tiny-networks.ts';
import { syntheticProfile } from '../../../latency/test/synthetic-profile.ts';
import { type Analysis, analyse } from '../analysis.ts';
import { findCriterion } from '../criteria/index.ts';
import { sample } from '../sampling/sample.ts';
import { pruneInRounds, type RoundsRequest, type RoundWork } from './prune-in-rounds.ts';

const SAMPLES = 60;

let engine: Engine;
let home: string;
const network: Network = { ...tinyResNet(), metadata: tinyMetadata() };
const dataset = tinyDataset({ n: 80 });

beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
  home = await mkdtemp(path.join(tmpdir(), 'espalier-rounds-'));
});

afterAll(async () => {
  await engine.dispose();
  await rm(home, { recursive: true, force: true });
});

const ranked = (one: Network) => analyse(one, { criterion: 'l1', seed: 0 });

function score(one: Network) {
  const indices = samplePermutation(dataset.splits.search.n, 0).subarray(0, SAMPLES);
  return evaluate(engine, one, dataset, 'search', { indices });
}

/** @param cached gets the number of cells that each round finds in the store */
function work(grid = [0.25, 0.5, 0.75], cached: number[] = []): RoundWork {
  return {
    analyse: ranked,
    async sample(one, { map, rankings, cost }: Analysis) {
      const ranking = { criterion: findCriterion('l1'), rankings, cost };
      const request = { network: one, map, allowInexact: false, dataset, engine, grid, seed: 0, home };
      const found = await sample({ ...request, ...ranking, samples: SAMPLES, tuning: { processes: 1 } });
      cached.push(found.cached);
      return found.run;
    },
    score,
  };
}

async function request(changes: Partial<RoundsRequest> = {}): Promise<RoundsRequest> {
  return {
    ...{ network, analysis: await ranked(network), allocation: 'cie', limits: {}, rounds: 3 },
    target: { metric: 'macs', share: 0.5 },
    ...changes,
  };
}

test('three rounds: the remaining cost falls in equal steps, and all of it is told against the base', async () => {
  const hashes: string[] = [];
  const own = work();
  const asked: number[] = [];
  const found = await pruneInRounds(await request(), {
    ...own,
    sample: (one, analysis, target) => {
      hashes.push(networkHash(one));
      asked.push(target.share);
      return own.sample(one, analysis, target);
    },
  });
  expect(found.rounds.map(({ round }) => round)).toEqual([1, 2, 3]);
  // 1 - 0.5^(n/3)
  const shares = [0.2062994740159, 0.3700394750525, 0.5];
  found.rounds.forEach(({ target, achieved }, i) => {
    expect(target.share).toBeCloseTo(shares[i] ?? Number.NaN, 12);
    expect(achieved.macs).toBeGreaterThanOrEqual(target.share - 1e-12);
  });
  // What is asked of a round is a share of what the one before has really left.
  expect(asked[1]).toBeCloseTo(1 - (1 - (shares[1] ?? 0)) / (1 - (found.rounds[0]?.achieved.macs ?? 0)), 12);
  expect(new Set(hashes).size).toBe(3);
  expect(hashes[0]).toBe(networkHash(network));
  expect(found.sampling.network.hash).toBe(hashes[0]);

  // The same cut in one go gives the same network, to the bit.
  const { map } = await ranked(network);
  const atOnce = cutNetwork(network, map, found.structure);
  expect(networkHash(found.network)).toBe(networkHash(atOnce.network));
  expect(found.cuts).toEqual(atOnce.cuts);
  const [before, after] = [networkCost(network), networkCost(found.network)];
  expect(found.search.cost).toEqual(after);
  expect(found.search.achieved.macs).toBeCloseTo(1 - after.macs / before.macs, 12);
  expect(found.search.achieved).toEqual(found.rounds.at(-1)?.achieved);
  expect(found.search.widths).toEqual(found.structure.map(({ kept }) => kept.length));

  // One round begins where another ends.
  const [first, second, third] = found.rounds;
  expect(first?.structure.map(({ before: units }) => units)).toEqual([8, 8]);
  expect(second?.structure.map(({ before: units }) => units)).toEqual(
    first?.structure.map(({ after: units }) => units),
  );
  expect(third?.structure.map(({ after: units }) => units)).toEqual(found.search.widths);
  const loss = expect.closeTo(first?.after.loss ?? Number.NaN, 5);
  expect(second?.before).toEqual({ ...first?.after, loss });
  expect(second?.before.loss).not.toBeCloseTo(first?.before.loss ?? Number.NaN, 2);
  expect(third?.after.top1).toBe((await score(found.network)).top1);

  // The last probe of every round is where it ended.
  for (const { round, achieved, structure } of found.rounds) {
    const step = found.search.trace.findLast((one) => one.round === round);
    expect(step?.saving).toBeCloseTo(achieved.macs, 12);
    expect(step?.widths).toEqual(structure.map(({ after: units }) => units));
  }
});

test('what the rounds have sampled is taken from the store the next time, whatever stopped them', async () => {
  const target = { metric: 'params', share: 0.55 } as const;
  const stopped = work();
  let samplings = 0;
  const interrupted = pruneInRounds(await request({ target }), {
    ...stopped,
    sample: (...about) => {
      samplings++;
      if (samplings === 3) throw new Error('stopped by the user');
      return stopped.sample(...about);
    },
  });
  await expect(interrupted).rejects.toThrow('stopped by the user');
  const cached: number[] = [];
  const again = await pruneInRounds(await request({ target }), work(undefined, cached));
  // Two groups at three ratios; the third round is new.
  expect(cached).toEqual([6, 6, 0]);
  expect(await pruneInRounds(await request({ target }), work(undefined, cached))).toEqual(again);
  expect(cached.slice(3)).toEqual([6, 6, 6]);
});

test('what is recovered is what the next round samples, and what comes out', async () => {
  const recovered: [round: number, hash: string][] = [];
  const sampled: string[] = [];
  const own = work();
  const found = await pruneInRounds(await request({ target: { metric: 'params', share: 0.4 } }), {
    ...own,
    sample: (one, ...rest) => {
      sampled.push(networkHash(one));
      return own.sample(one, ...rest);
    },
    async recover(one, round) {
      const constants = new Map(one.constants);
      const { dims, data } = constantOf(one, 'head.bias');
      const moved = Array.from(data as Float32Array, (value) => value + round);
      constants.set('head.bias', floatTensor(dims, moved));
      recovered.push([round, networkHash({ ...one, constants })]);
      return { ...one, constants };
    },
  });
  expect(recovered.map(([round]) => round)).toEqual([1, 2]);
  expect(sampled.slice(1)).toEqual(recovered.map(([, hash]) => hash));
  const bias = (one: Network) => Number(constantOf(one, 'head.bias').data[0]);
  expect(bias(found.network) - bias(network)).toBeCloseTo(3, 6);
  expect(found.search.achieved.params).toBeGreaterThanOrEqual(0.4);
  expect(networkCost(found.network).params).toBe(found.search.cost.params);
});

test('the limits hold against the network that was given, over all rounds', async () => {
  const limits = { maxRatio: 0.5, keep: ['conv2'] };
  const target = { metric: 'macs', share: 0.4 } as const;
  const found = await pruneInRounds(await request({ limits, target }), work());
  expect(found.structure.map(({ group, after }) => [group, after])).toEqual([
    ['conv1', 4],
    ['conv2', 8],
  ]);
  await expect(
    pruneInRounds(await request({ limits, target: { ...target, share: 0.6 } }), work()),
  ).rejects.toThrow(/target macs=0.6 cannot be reached: the largest reachable saving is/);
});

test('a round that has nothing left to do is left out', async () => {
  const found = await pruneInRounds(await request({ limits: { align: 4 }, rounds: 6 }), work());
  expect(found.rounds.length).toBeLessThan(6);
  expect(found.rounds[0]?.round).toBe(1);
  expect(found.rounds.at(-1)?.achieved.macs).toBeGreaterThanOrEqual(0.5);
  for (const { after } of found.structure) expect([4, 8]).toContain(after);
});

test('it says in which round the samples did not reach far enough', async () => {
  const far = { ...(await request({ rounds: 2, target: { metric: 'macs', share: 0.6 } })) };
  await expect(pruneInRounds(far, work([0.25]))).rejects.toThrow(
    /^in round 2 of 2, from the result of the previous round: target macs=0\.\d+ cannot be reached/,
  );
  await expect(pruneInRounds({ ...far, rounds: 0 }, work())).rejects.toThrow(
    new InputError('the number of rounds is a whole number from 1, not 0', 'rounds'),
  );
});

test('rounds go by latency, and the last one is corrected by what is measured', async () => {
  const profile = syntheticProfile(network, engine);
  const timed = (one: Network) => analyse(one, { criterion: 'l1', seed: 0, profile });
  const posed = {
    ...(await request({ analysis: await timed(network), rounds: 2, limits: { maxRatio: 0.8 } })),
    target: { metric: 'latency', share: 0.3 },
  } as const;
  const own = { ...work(), analyse: timed };
  const plain = await pruneInRounds(posed, own);
  expect(plain.search.achieved.latency).toBeGreaterThanOrEqual(0.3 - 1e-12);
  expect(plain.rounds.map(({ target }) => target.metric)).toEqual(['latency', 'latency']);

  const seen: number[] = [];
  const corrected = await pruneInRounds(posed, {
    ...own,
    // The device takes three tenths more than predicted.
    measured: async (one) => {
      const left = 1.3 * (predictMs(profile, one) / profile.baseMs);
      seen.push(left);
      return left / 0.7;
    },
  });
  expect(seen.length).toBeGreaterThan(1);
  expect(corrected.search.achieved.latency).toBeGreaterThan(plain.search.achieved.latency ?? 1);
  expect(Math.abs(1.3 * (1 - (corrected.search.achieved.latency ?? 0)) - 0.7)).toBeLessThan(
    Math.abs((seen[0] ?? 0) - 0.7),
  );
  // What stands is what was cut last.
  const { map } = await ranked(network);
  expect(networkHash(corrected.network)).toBe(
    networkHash(cutNetwork(network, map, corrected.structure).network),
  );
});
