import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { commandHere } from './command.ts';
import { startPlatform } from './platform.ts';
import { fillByHand } from './strategies-data.ts';

/** On a machine that may be busy. */
const PATIENCE_MS = 300_000;

it('runs compare tells a verdict with its reasons, ranks and pairs', { timeout: PATIENCE_MS }, async () => {
  const { address, member, prisma } = await startPlatform();
  const { key, teamId } = await member('viewer');
  await fillByHand(prisma, teamId);
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const espalier = commandHere(folder, { ESPALIER_ADDRESS: address, ESPALIER_KEY: key });

  const { stdout } = await espalier('runs', 'compare', 'run_uniform_30_0', 'run_cie_30_0', 'run_cie_30_1');
  const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
  expect(lines.slice(0, 3)).toEqual([
    ['These runs are comparable: they were made under equal conditions.'],
    [''],
    ['[ ] operating points: 1 of at least 5 targets'],
  ]);
  expect(lines).toContainEqual(['[ ] operating points: 1 of at least 5 targets']);
  expect(lines).toContainEqual([
    ...['1', 'run_uniform_30_0', 'uniform · l1', 'macs −30.00 %', '0', '70.00 %', '−20.00 pt'],
    ...['700', '30.00 %', '70', '30.00 %', '–'],
  ]);
  expect(lines).toContainEqual(['cie · l1', '1.00', '77.50 % ± 3.54', '1. 77.50 % ± 3.54']);
  expect(lines).toContainEqual(['1 and 2', '−10.00 pt ± 3.02', '0 and 10', '0.002', '62.50 %', '37.50 %']);

  // 30 % against 50 %: nobody wins.
  const apart = await espalier('runs', 'compare', 'run_uniform_30_0', 'run_cie_50_0');
  expect(apart.stdout).toMatch(/1 and 2 +– +– +– .*not compared: savings differ by 20\.0 points/);
  await prisma.prunedResult.update({ where: { runId: 'run_cie_30_0' }, data: { savedMacs: 0.37 } });
  const ranked = await espalier('runs', 'compare', 'run_uniform_30_0', 'run_cie_30_0');
  expect(ranked.stdout).toContain('macs −30.00 %: not compared: savings differ by 7.0 points');
  expect(ranked.stdout).not.toMatch(/[12]\. [78]0\.00 %/);

  const forbidden = JSON.parse(
    (await espalier('runs', 'compare', 'run_cie_50_0', 'run_tuned', '--json')).stdout,
  );
  expect(forbidden).toMatchObject({
    verdict: 'notComparable',
    reasons: [{ rule: 'recipe' }],
    runs: [{ id: 'run_cie_50_0', top1: 0.64 }, { id: 'run_tuned' }],
    groups: [{ count: 1 }, { count: 1 }],
    pairs: [{ verdict: 'notComparable', test: null, similarity: { widths: 1, units: 1 } }],
  });

  for (const [runs, message] of [
    [['run_tuned'], /a comparison needs two runs/],
    [['run_tuned', 'run_tuned'], /a comparison needs two runs/],
    [['run_tuned', 'run_nowhere'], /there is no run run_nowhere/],
  ] as const) {
    expect(await espalier('runs', 'compare', ...runs)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(message),
    });
  }
});
