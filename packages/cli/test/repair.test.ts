import path from 'node:path';
import { expect, it } from 'vitest';
import { cifarPictures } from './cifar-pictures.ts';
import { espalierHere, espalierJsonHere, RESNET20, temporaryFolder } from './espalier.ts';

it('repairs a file as prune repairs what it cuts, and refuses one that was changed since', async () => {
  const folder = await temporaryFolder();
  const pictures = await cifarPictures();
  const [cut, repaired, again] = ['cut', 'repaired', 'again'].map((name) =>
    path.join(folder, `${name}.onnx`),
  ) as [string, string, string];
  const uniform = ['--allocation', 'uniform', '--target', 'macs=0.3', '--dataset', pictures, '--seed', '3'];
  const asCut = await espalierJsonHere(['prune', RESNET20, ...uniform, '--repair', '0', '--out', cut]);
  expect([asCut.repair, asCut.repaired]).toEqual([null, null]);
  const pruned = await espalierJsonHere(['prune', RESNET20, ...uniform, '--out', again]);
  const base = ['--base', RESNET20, '--dataset', pictures, '--seed', '3'];
  const result = await espalierJsonHere(['repair', cut, ...base, '--out', repaired]);

  expect(result.repair).toEqual(pruned.repair);
  expect(result.networkHash).toBe(pruned.networkHash);
  expect(result.repaired).toEqual(pruned.after);
  expect(result.pruned).toEqual(asCut.after);
  expect(result.repair.images).toBeGreaterThan(1);
  expect(result.repair.layers.length).toBeGreaterThan(10);
  for (const { before, after } of result.repair.layers) expect(after).toBeLessThan(before);
  expect(result.repaired.loss).toBeLessThan(result.pruned.loss);
  expect(result.repaired.macs).toBe(result.pruned.macs);

  const twice = await espalierHere(['repair', repaired, ...base, '--out', again]);
  expect(twice.code).not.toBe(0);
  expect(twice.stderr).toContain('give the file as it was cut');
});
