import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { smallLayersModel, writeLayers } from '../../formats/test/layers-model.ts';
import {
  espalier,
  espalierHere,
  espalierJson,
  espalierJsonHere,
  RESNET20,
  temporaryFolder,
} from './espalier.ts';

const TIMING = {
  latencyMs: { p10: expect.any(Number), p50: expect.any(Number), p90: expect.any(Number) },
  imagesPerSecond: expect.any(Number),
};

it('measure --json holds the contract', async () => {
  const result = await espalierJson(['measure', RESNET20, '--repeats', '5', '--batch', '2']);
  const [row, ...others] = result.rows;
  expect(row).toMatchObject({ ...TIMING, batch: 2, repeats: 5, speedup: null });
  expect(row.latencyMs.p10).toBeLessThanOrEqual(row.latencyMs.p50);
  expect(row.latencyMs.p50).toBeLessThanOrEqual(row.latencyMs.p90);
  expect(others).toEqual([]);
  // Nothing is compared, but whether the machine is quiet is told all the same.
  expect(result).toMatchObject({ reference: null, checks: [{ batch: 2, ratio: expect.any(Number) }] });
  const { size } = await stat(RESNET20);
  const [model] = result.models;
  expect(model).toMatchObject({ model: 'resnet20-cifar10.onnx', bytes: size });
});

it('measures several models, batches and numbers of threads in one go, against one of them', async () => {
  const folder = await temporaryFolder();
  const half = path.join(folder, 'half.onnx');
  await espalierJsonHere([
    'prune',
    RESNET20,
    '--allocation',
    'uniform',
    '--target',
    'macs=0.5',
    '--out',
    half,
  ]);
  const many = ['--repeats', '10', '--batch', '1,4', '--threads', '1,2'];
  const result = await espalierJsonHere(['measure', half, '--against', RESNET20, ...many]);
  expect(result.reference).toBe('resnet20-cifar10.onnx');
  expect(result.rows).toHaveLength(8);
  expect(result.checks).toHaveLength(4);
  for (const { model, batch, threads, latencyMs, speedup, activationBytes } of result.rows) {
    const other = result.rows.find(
      (row: typeof result) =>
        row.model !== model && [row.batch, row.threads].join() === [batch, threads].join(),
    );
    if (model === result.reference) {
      expect(speedup).toBeNull();
      continue;
    }
    expect(speedup.ratio).toBeCloseTo(other.latencyMs.p50 / latencyMs.p50, 9);
    expect(speedup.low).toBeLessThanOrEqual(speedup.ratio);
    expect(speedup.high).toBeGreaterThanOrEqual(speedup.ratio);
    // Fewer channels are fewer bytes between the layers.
    expect(activationBytes).toBeLessThan(other.activationBytes);
  }
  const { stdout } = await espalierHere(['measure', RESNET20, half, '--repeats', '10']);
  expect(stdout).toMatch(/half\.onnx .*\d+\.\d\dx \(\d+\.\d\d–\d+\.\d\d\)/);
  expect(stdout).toContain('as fast as resnet20-cifar10.onnx');
});

it('profiles this device, and shows what that predicts', { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'device.json');
  const args = ['--structures', '4', '--repeats', '10', '--threads', '1', '--device', 'this one'];
  const { code, stdout } = await espalierHere(['profile', RESNET20, '--out', out, ...args]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/device +this one\n/);
  expect(stdout).toMatch(/error .* median, .* largest, on 10 held-out structures/);
  expect(await readdir(folder)).toEqual(['device.json']);
  const few = ['--repeats', '5', '--threads', '1,2', '--profile', out];
  const { rows, profile } = await espalierJsonHere(['measure', RESNET20, ...few]);
  expect(profile).toEqual({ device: 'this one', threads: 1, batch: 1, differences: [] });
  const predicted = rows.map((row: { predictedMs: number | null }) => row.predictedMs);
  expect(predicted).toEqual([expect.any(Number), null]);
  const refused = await espalierHere(['measure', RESNET20, '--profile', RESNET20]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('cannot read the profile');
});

it('refuses a list that is none', async () => {
  const { code, stderr } = await espalierHere(['measure', RESNET20, '--batch', '1,x']);
  expect(code).toBe(2);
  expect(stderr).toContain('whole number from 1');
});

it('times models of TensorFlow.js in it, apart from the engine', { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  const file = await writeLayers(path.join(folder, 'web'), await smallLayersModel());
  const small = path.join(folder, 'small/model.json');
  await mkdir(path.dirname(small));
  const uniform = ['--allocation', 'uniform', '--target', 'macs=0.3', '--align', '1'];
  expect(await espalier(['prune', file, ...uniform, '--out', small])).toMatchObject({ code: 0 });
  const args = ['measure', small, RESNET20, '--against', file, '--repeats', '4'];
  const { pages, rows } = await espalierJson([...args, '--tfjs', 'wasm,cpu']);
  expect(rows).toHaveLength(3);
  expect(pages.map(({ backend }: { backend: string }) => backend)).toEqual(['wasm', 'cpu']);
  for (const page of pages) {
    expect(page.description).toMatch(/^TensorFlow\.js \d+\.\d+\.\d+ \((WebAssembly|plain JavaScript)\)$/);
    expect(page.rows).toHaveLength(2);
    expect(page.rows[0]).toMatchObject({
      ...TIMING,
      batch: 1,
      repeats: 4,
      speedup: { ratio: expect.any(Number) },
    });
    expect(page.rows[1]).toMatchObject({ model: page.reference, speedup: null });
    expect(page.checks).toMatchObject([{ batch: 1, ratio: expect.any(Number) }]);
  }
  const { stdout } = await espalier([...args, '--tfjs', 'cpu']);
  expect(stdout).toMatch(
    /4 runs of each after 1 warm-up run\nTensorFlow\.js \d+\.\d+\.\d+ \(plain JavaScript\)\n$/,
  );
  const none = await espalierJson(['measure', RESNET20, '--repeats', '4']);
  expect(none.pages).toEqual([]);
});
