import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import { writeProfile } from '@espalier/latency';
import { expect, it } from 'vitest';
import { syntheticProfile } from '../../latency/test/synthetic-profile.ts';
import { cifarPictures } from './cifar-pictures.ts';
import { espalier, espalierHere, filesIn, RESNET20, temporaryFolder } from './espalier.ts';

const PICTURES = await cifarPictures();

/** Two strategies, one target, few images. */
async function benchmarkFile(folder: string, changes: object = {}): Promise<string> {
  const file = path.join(folder, 'benchmark.json');
  const section = {
    title: 'As cut',
    repair: 0,
    strategies: ['cie:l1', 'uniform:random'],
    targets: ['macs=0.3'],
    seeds: [0, 1],
    align: 1,
    samples: 40,
    ...changes,
  };
  const benchmark = {
    name: 'Small',
    dataset: PICTURES,
    grid: '0.25,0.5,0.75',
    models: [{ name: 'resnet20', file: RESNET20 }],
    sections: [section],
  };
  await writeFile(file, JSON.stringify(benchmark));
  return file;
}

it('a benchmark that is killed goes on, and ends in tables and curves', async () => {
  const folder = await temporaryFolder();
  const env = { ESPALIER_HOME: path.join(folder, 'home') };
  const out = path.join(folder, 'results');
  const args = ['benchmark', await benchmarkFile(folder), '--out', out];
  const killed = await espalier([...args, '--processes', '1'], {
    env,
    onStart: (child) => {
      let said = '';
      child.stderr?.on('data', (text: string) => {
        said += text;
        if (said.includes('resnet20, cie:l1, macs=0.3, seed 0, images 0 to 39, any widths:'))
          child.kill('SIGKILL');
      });
    },
  });
  expect(killed.code).toBe(null);
  // As if it had been killed while it wrote; what has another name is somebody else's.
  await mkdir(out, { recursive: true });
  for (const name of ['results.json.17', 'notes.md.17']) await writeFile(path.join(out, name), 'half of it');

  const { code, stderr, stdout } = await espalier([...args, '--json'], { env });
  expect(code).toBe(0);
  expect(stderr).toContain('2 of 3 results to compute');
  const { sections, refused } = JSON.parse(stdout);
  expect(refused).toEqual([]);
  const [cie, random] = sections[0].rows;
  expect(sections[0]).toMatchObject({ model: 'resnet20', missing: 0, reference: 'cie:l1' });
  expect(sections[0].base.top1).toBeGreaterThan(0.85);
  expect(cie.cells[0].top1.mean).toBeGreaterThan(random.cells[0].top1.mean + 0.2);
  expect(cie.cells[0].saved.macs).toBeGreaterThanOrEqual(0.3);
  expect(random.cells[0].top1.n).toBe(2);
  // By so coarse a grid they save too differently to be compared with each other.
  expect(sections[0].duels[0].cells[0]).toMatchObject({ wins: 0, difference: null, uncompared: 2 });
  expect(await readFile(path.join(out, 'results.md'), 'utf8')).toMatch(
    /\| uniform:random \| not compared: savings differ by \d\.\d points \|/,
  );
  expect(await filesIn(out)).toEqual(['notes.md.17', 'resnet20-as-cut.svg', 'results.json', 'results.md']);

  const again = await espalier(args, { env });
  expect(again.code).toBe(0);
  expect(again.stderr).not.toContain('to compute');
  expect(again.stdout).toContain('As cut: resnet20');
  expect(await readFile(path.join(out, 'results.md'), 'utf8')).toContain('uniform:random');
});

it('a section is repaired unless it says otherwise, and tells both accuracies', async () => {
  const folder = await temporaryFolder();
  const env = { ESPALIER_HOME: path.join(folder, 'home') };
  const file = await benchmarkFile(folder, { strategies: ['uniform:l1'], seeds: [0], repair: null });
  const out = path.join(folder, 'results');
  const { code, stdout } = await espalier(['benchmark', file, '--out', out, '--json'], { env });
  expect(code).toBe(0);
  const [{ rows }] = JSON.parse(stdout).sections;
  const [{ asCut, repaired, top1 }] = rows[0].cells;
  expect(repaired.mean).toBeGreaterThan(asCut.mean);
  expect(top1).toEqual(repaired);
  const page = await readFile(path.join(out, 'results.md'), 'utf8');
  // All training images that there are.
  expect(page).toMatch(/; repaired with \d\d+ training images, without fine-tuning; seeds 0\./);
  expect(page).toMatch(/\| uniform:l1 \| \d+\.\d+ % → \d+\.\d+ % \|/);
});

it('what cannot be computed is told, and the rest goes on', async () => {
  const folder = await temporaryFolder();
  const env = { ESPALIER_HOME: path.join(folder, 'home') };
  const file = await benchmarkFile(folder, {
    strategies: ['uniform:l1'],
    targets: ['macs=0.3', 'macs=0.999'],
  });
  const { code, stdout } = await espalier(['benchmark', file], { env });
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /Not computed:\n.*macs=0.999, seed 0, any widths: target macs=0.999 cannot be reached/,
  );
});

it('bad input is one line', async () => {
  const folder = await temporaryFolder();
  const file = await benchmarkFile(folder, { strategies: ['best:l1'] });
  const one = await espalierHere(['benchmark', file]);
  expect(one).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no allocation "best"') });
  const fine = await benchmarkFile(folder);
  const other = await espalierHere(['benchmark', fine, '--only', 'vgg']);
  expect(other.stderr).toContain('has no model "vgg"; its models are resnet20');
  const missing = await espalierHere(['benchmark', fine, '--model', 'resnet20=no.onnx']);
  expect(missing.stderr).toMatch(/model resnet20: .*no\.onnx.*; give its path with --model resnet20=FILE/);
  expect(missing.stderr.trim().split('\n')).toHaveLength(1);
});

it('targets of latency go by the profile of each model', {
  timeout: 240_000,
}, async () => {
  const folder = await temporaryFolder();
  const env = { ESPALIER_HOME: path.join(folder, 'home') };
  const file = await benchmarkFile(folder, {
    strategies: ['uniform:l1'],
    targets: ['latency=0.3', 'latency=4ms'],
    seeds: [0],
  });
  const without = await espalierHere(['benchmark', file]);
  expect(without.code).toBe(1);
  expect(without.stderr).toContain(
    'model resnet20: latency targets need a device profile: make one (espalier profile MODEL --out device.json) and pass it with --profile resnet20=device.json',
  );
  const network = (await readNetwork(RESNET20)).network;
  const engine = { name: 'onnxruntime', version: '1.0.0', threads: 4, description: 'elsewhere' } as const;
  const device = path.join(folder, 'device.json');
  const profile = syntheticProfile(network, engine);
  await writeProfile(device, profile);
  const other = path.join(folder, 'other');
  await mkdir(other);
  const named = await benchmarkFile(other, { targets: ['latency=0.3'], seeds: [0], device: 'Board' });
  const refused = await espalierHere(['benchmark', named, '--profile', `resnet20=${device}`]);
  expect(refused.stderr).toContain(
    `section "As cut" uses the device "Board", but model resnet20 has a profile of "${profile.device}"`,
  );
  const args = ['benchmark', file, '--profile', `resnet20=${device}`, '--json'];
  const { code, stdout, stderr } = await espalier(args, { env });
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const [section] = JSON.parse(stdout).sections;
  const [share, absolute] = section.rows[0].cells;
  expect(share.saved.latency).toBeGreaterThanOrEqual(0.3);
  expect(share.saved.latency).toBeLessThan(0.4);
  expect(profile.baseMs * (1 - absolute.saved.latency)).toBeLessThanOrEqual(4);
});
