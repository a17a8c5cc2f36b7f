import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import { networkCost, networkHash } from '@espalier/network';
import { allocationNames, allocationProblem, analyse, cutOut, findAllocation } from '@espalier/pruning';
import { expect, it, onTestFinished } from 'vitest';
import { commandHere } from './command.ts';
import { RESNET20, startPlatform } from './platform.ts';
import { sampledElsewhere } from './sampled-elsewhere.ts';

/** On a machine that may be busy. */
const PATIENCE_MS = 300_000;

it('explore tells what each allocation leaves, and fetches one', { timeout: PATIENCE_MS }, async () => {
  const platform = await startPlatform();
  const viewer = await platform.member('viewer');
  const { id, samples } = await sampledElsewhere(platform, await platform.member('editor', viewer.teamId));
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-explore-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const espalier = commandHere(folder, { ESPALIER_ADDRESS: platform.address, ESPALIER_KEY: viewer.key });

  const { stdout, code } = await espalier('explore', id, '--target', 'macs=0.5');
  expect(code).toBe(0);
  for (const name of allocationNames.filter((each) => each !== 'cie-iterative')) {
    expect(stdout).toMatch(
      new RegExp(
        `^${name} +[▁-█]{12} +\\d+ of \\d+ +(–|[−+]?\\d+\\.\\d\\d pt) +\\d.* M \\(−[5-9]\\d\\.\\d %\\)`,
        'm',
      ),
    );
  }
  expect(stdout).toMatch(/^cie-iterative: .*start a run$/m);
  expect(stdout).toMatch(/^unpruned: 40\.81 M MACs, 272\.5 k params; at most \d+\.\d % can be removed/m);

  const out = path.join(folder, 'half.onnx');
  const command = ['explore', id, '--target', 'macs=0.5', '--allocation', 'cie', '--align', '1'];
  const { structures } = JSON.parse((await espalier(...command, '--out', out, '--json')).stdout);
  const { network } = await readNetwork(RESNET20);
  const analysis = await analyse(network, { criterion: 'l1', seed: 0 });
  const goal = {
    network,
    ...analysis,
    target: { metric: 'macs', share: 0.5 } as const,
    limits: { align: 1 },
  };
  const own = findAllocation('cie').allocate({ ...allocationProblem(goal), samples });
  const cut = cutOut({ network, ...analysis }, own);
  expect(structures.map(({ widths }: { widths: number[] }) => widths)).toEqual([own.widths]);
  const fetched = (await readNetwork(out)).network;
  expect(networkHash(fetched)).toBe(networkHash(cut.network));
  const structure = JSON.parse(await readFile(path.join(folder, 'half.structure.json'), 'utf8'));
  expect(structure).toMatchObject({
    ...{ sampling: id, allocation: 'cie', cuts: cut.cuts, cost: networkCost(cut.network) },
    structure: cut.structure.map(({ group, before, after, kept }) => ({ group, before, after, kept })),
  });

  for (const [args, wrong, message] of [
    [['sample_none', '--target', 'macs=0.5'], 1, /there is no sampling run sample_none/],
    [['run_none', '--target', 'macs=0.5'], 1, /there is no run run_none/],
    [[id, '--target', 'latency=0.5'], 2, /a latency target needs a device profile/],
    [[id, '--target', 'macs=0.5', '--out', out], 2, /--out writes the structure of one allocation/],
    [[id, '--target', 'macs=0.5', '--allocation', 'none'], 1, /none/],
    [[id, '--target', 'macs=0.99', '--allocation', 'cie', '--out', out], 1, /cie: /],
  ] as const) {
    expect(await espalier('explore', ...args), args.join(' ')).toMatchObject({
      ...{ code: wrong, stdout: '', stderr: expect.stringMatching(message) },
    });
  }
});
