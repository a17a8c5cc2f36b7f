import path from 'node:path';
import { expect, it } from 'vitest';
import { espalier, espalierJson, RESNET20, temporaryFolder } from './espalier.ts';

const TIMING = {
  latencyMs: { p10: expect.any(Number), p50: expect.any(Number), p90: expect.any(Number) },
  imagesPerSecond: expect.any(Number),
};

it('measure --json holds the contract', async () => {
  const result = await espalierJson(['measure', RESNET20, '--repeats', '5', '--batch', '2']);
  expect(result).toMatchObject({ ...TIMING, batch: 2, repeats: 5 });
  expect(result.latencyMs.p10).toBeLessThanOrEqual(result.latencyMs.p50);
  expect(result.latencyMs.p50).toBeLessThanOrEqual(result.latencyMs.p90);
  expect(result).not.toHaveProperty('against');
});

it('measure --against compares medians: the other over ours', async () => {
  const folder = await temporaryFolder();
  const half = path.join(folder, 'half.onnx');
  await espalierJson(['prune', RESNET20, '--allocation', 'uniform', '--target', 'macs=0.5', '--out', half]);
  const result = await espalierJson(['measure', half, '--against', RESNET20, '--repeats', '10']);
  expect(result).toMatchObject({ ...TIMING, against: TIMING });
  expect(result.speedup).toBeCloseTo(result.against.latencyMs.p50 / result.latencyMs.p50);
  const { stdout } = await espalier(['measure', half, '--against', RESNET20, '--repeats', '10']);
  expect(stdout).toMatch(/half\.onnx is \d+\.\d\dx as fast as resnet20-cifar10\.onnx/);
});
