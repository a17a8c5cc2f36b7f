import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import { type Network, networkCost, networkHash } from '@espalier/network';
import { allocationNames, allocationProblem, analyse, cutOut, findAllocation } from '@espalier/pruning';
import { expect, it, onTestFinished } from 'vitest';
import { type Member, RESNET20, startPlatform } from './platform.ts';
import { sampledElsewhere as sampled } from './sampled-elsewhere.ts';

const HALF = { metric: 'MACS', share: 0.5 };
const ALLOCATE = `query ($sampling: ID!, $target: TargetInput!, $allocations: [String!], $limits: WidthLimitsInput, $profile: ID) {
  allocate(samplingRun: $sampling, target: $target, allocations: $allocations, limits: $limits, profile: $profile) {
    share largest groups base { params macs latencyMs } samplingRun { id }
    structures {
      allocation widths predictedDrop cost { params macs latencyMs } saved { params macs latency }
      groups { group before after kept } cuts { tensor axis kept } trace { saving widths } onnx
    }
    refused { allocation reason }
  }
}`;

// biome-ignore lint/suspicious/noExplicitAny: tests look at keys of a contract, one by one
type Told = any;

async function asked(who: Pick<Member, 'ask'>, variables: object): Promise<Told> {
  const { data, errors } = await who.ask(ALLOCATE, variables);
  expect(errors, JSON.stringify(errors)).toBeUndefined();
  return data.allocate;
}

async function fetched(who: Pick<Member, 'fetch'>, address: string): Promise<Network> {
  const response = await who.fetch(address);
  expect(response.status).toBe(200);
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-allocate-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'cut.onnx');
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
  return (await readNetwork(file)).network;
}

it('each structure is that of the command: by the same samples, for every target', async () => {
  const platform = await startPlatform();
  const viewer = await platform.member('viewer');
  const { id, groups, samples } = await sampled(platform, await platform.member('editor', viewer.teamId));
  const { network } = await readNetwork(RESNET20);
  const analysis = await analyse(network, { criterion: 'l1', seed: 0 });
  for (const target of [HALF, { metric: 'PARAMS', share: 0.4 }]) {
    const told = await asked(viewer, { sampling: id, target });
    expect(told.groups).toEqual(groups.map(({ name }) => name));
    expect(told.base).toEqual({ ...networkCost(network), latencyMs: null });
    expect(told.structures.map(({ allocation }: Told) => allocation)).toEqual(
      allocationNames.filter((name) => name !== 'cie-iterative'),
    );
    expect(told.refused).toEqual([
      { allocation: 'cie-iterative', reason: expect.stringMatching(/3 rounds, .*: start a run$/) },
    ]);
    for (const { allocation, ...structure } of told.structures) {
      const goal = {
        network,
        ...analysis,
        target: { metric: target === HALF ? 'macs' : 'params', share: target.share } as const,
      };
      const problem = allocationProblem({ ...goal, limits: { align: 'auto' } });
      const own = findAllocation(allocation).allocate({ ...problem, samples });
      const { structure: cut, cuts, network: left } = cutOut({ network, ...analysis }, own);
      expect(structure.widths, allocation).toEqual(own.widths);
      expect(structure.cost).toEqual({ ...networkCost(left), latencyMs: null });
      expect(structure.saved.macs).toBe(own.achieved.macs);
      expect(structure.cuts).toEqual(cuts);
      expect(structure.groups).toEqual(
        cut.map(({ group, before, after, kept }) => ({ group, before, after, kept })),
      );
      expect(structure.trace, allocation).toEqual(
        own.trace.map(({ saving, widths }) => ({ saving, widths })),
      );
      expect(structure.predictedDrop === null || structure.predictedDrop >= 0).toBe(true);
      if (target !== HALF || allocation !== 'cie') continue;
      expect(networkHash(await fetched(viewer, structure.onnx))).toBe(networkHash(left));
    }
  }
});

it('units that were ranked elsewhere are kept in that order, and what goes by their scores is refused', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { network } = await readNetwork(RESNET20);
  const { rankings } = await analyse(network, { criterion: 'l1', seed: 0 });
  const order = rankings.map(({ group }) => {
    return { group: group.id, units: Array.from({ length: group.width }, (_, unit) => unit) };
  });
  const { id } = await sampled(platform, editor, order);
  const told = await asked(editor, { sampling: id, target: HALF, allocations: ['cie', 'global'] });
  const [cie] = told.structures;
  for (const { after, kept } of cie.groups) {
    expect(kept).toEqual(Array.from({ length: after }, (_, unit) => unit));
  }
  expect(told.refused).toEqual([
    {
      allocation: 'global',
      reason: expect.stringMatching(/scores of units, and for criterion ours only their order/),
    },
  ]);
  const [first] = cie.cuts;
  const left = await fetched(editor, cie.onnx);
  expect(left.constants.get(first.tensor)?.dims[first.axis]).toBe(first.kept.length);
});

it('bad input is refused with the argument that it is about, and what is out of reach with the reason', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { id, script } = await sampled(platform, editor);
  const refused = async (changed: object) => {
    const { errors } = await editor.ask(ALLOCATE, { sampling: id, target: HALF, ...changed });
    return { message: errors?.[0].message, ...errors?.[0].extensions };
  };
  const bad = (field: string, message: RegExp) =>
    expect.objectContaining({
      code: 'BAD_USER_INPUT',
      fields: [field],
      message: expect.stringMatching(message),
    });
  expect(await refused({ target: { share: 1.5 } })).toEqual(bad('target.share', /above 0 and below 1/));
  expect(await refused({ target: { ms: 3 } })).toEqual(bad('target.ms', /only latency takes milliseconds/));
  expect(await refused({ target: { metric: 'LATENCY', share: 0.5 } })).toEqual(
    bad('profile', /name the device profile/),
  );
  expect(await refused({ allocations: ['best'] })).toEqual(
    bad('allocations', /there is no allocation "best"/),
  );
  const many = Array.from({ length: 33 }, (_, i) => `manual(layer${i}=0.5)`);
  expect(await refused({ allocations: many })).toEqual(bad('allocations', /at most 32 allocations at once/));
  expect(await refused({ limits: { maxRatio: 2 } })).toEqual(bad('limits.maxRatio', /above 0 and below 1/));
  expect(await refused({ limits: { keep: ['nowhere'] } })).toEqual(
    bad('limits.keep', /no prunable group "nowhere"/),
  );
  expect(await refused({ profile: 'profile_x' })).toEqual(bad('profile', /there is no such device profile/));
  const far = await asked(editor, { sampling: id, target: { share: 0.97 }, allocations: ['cie', 'uniform'] });
  expect(far.structures).toEqual([]);
  for (const { reason } of far.refused)
    expect(reason).toMatch(/cannot be reached: the largest reachable saving/);
  expect(far.largest).toBeLessThan(0.97);

  const stranger = await platform.member('admin');
  expect(await asked(stranger, { sampling: id, target: HALF })).toBeNull();
  const at = (query: string) => editor.fetch(`/files/allocations/${id}?${query}`);
  expect((await stranger.fetch(`/files/allocations/${id}?allocation=cie&target=macs=0.5`)).status).toBe(404);
  for (const [query, message] of [
    ['target=macs=0.5', /name the allocation/],
    ['allocation=cie', /give the target/],
    ['allocation=cie&target=macs=0.5&seed=x', /seed is a whole number/],
    ['allocation=cie-iterative&target=macs=0.5', /3 rounds/],
    ['allocation=cie&target=macs=0.99', /cannot be reached/],
    ['allocation=cie&target=macs=0.5&other=1', /there is no parameter other/],
  ] as const) {
    const response = await at(query);
    expect(response.status, query).toBe(400);
    expect(((await response.json()) as { error: string }).error, query).toMatch(message);
  }
  const left = await fetched(script, `/files/allocations/${id}?allocation=manual(*=0.5)&target=macs=0.5`);
  expect(networkCost(left).macs).toBeLessThanOrEqual(0.5 * far.base.macs);
});
