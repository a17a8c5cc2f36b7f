import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cifarPictures } from './cifar-pictures.ts';
import { espalier, espalierHere, espalierJson, RESNET20, TEST_HOME } from './espalier.ts';

/** Pictures of CIFAR-10 without their classes, and files made of them. */
let bare: string;
let half: string;
const at = (name: string) => path.join(bare, '..', name);
const ONE_LINE = /^error: [^\n]*\n$/;

beforeAll(async () => {
  const pictures = await cifarPictures();
  bare = path.join(TEST_HOME, 'without-classes', 'photos');
  await mkdir(bare, { recursive: true });
  for (const name of await readdir(path.join(pictures, 'train'))) {
    for (let i = 0; i < 12; i++) {
      await copyFile(path.join(pictures, 'train', name, `${i}.png`), path.join(bare, `${name}-${i}.png`));
    }
  }
  half = at('half.onnx');
});

const sampling = ['--grid', '0.25,0.5,0.75', '--samples', '8'];

describe('a folder of images without classes', () => {
  it('is enough to sample, prune and repair by, and to tell how far the result is off', async () => {
    const swept = at('net.sweep.json');
    const sweep = await espalier(['sweep', RESNET20, '--dataset', bare, ...sampling, '--out', swept]);
    expect(sweep.stderr).toContain(
      'the images of photos have no labels: going by output error against the unpruned model, not by accuracy',
    );
    expect(sweep.stdout).toContain('by output error (lower is better)');
    expect(sweep.stdout).not.toMatch(/top-1|accuracy/);
    const file = JSON.parse(await readFile(swept, 'utf8'));
    expect(file).toMatchObject({
      metric: { name: 'fidelity', direction: 'lower' },
      accuracy: null,
      hits: null,
    });
    expect(Object.keys(file.values).sort()).toEqual(['agreement', 'fidelity', 'kl']);

    const target = ['--dataset', bare, '--target', 'macs=0.3'];
    const pruned = await espalierJson(['prune', RESNET20, ...target, '--sweep', swept, '--out', half]);
    const { before, repaired } = pruned;
    expect(before).toMatchObject({ top1: null, n: 12, values: { fidelity: 0, agreement: 1, kl: 0 } });
    expect(pruned.pruned.values.fidelity).toBeGreaterThan(repaired.values.fidelity);
    expect(repaired.values.agreement).toBeGreaterThan(0.6);
    expect(pruned.sampling.metric.name).toBe('fidelity');

    // By itself it samples alike.
    const again = await espalierJson(['prune', RESNET20, ...target, ...sampling, '--out', at('again.onnx')]);
    expect(again.structure).toEqual(pruned.structure);

    const compared = await espalierJson(['evaluate', half, '--base', RESNET20, '--dataset', bare]);
    expect(compared.fidelity).toBeCloseTo(repaired.values.fidelity, 5);
    expect(compared).toMatchObject({ top1: null, n: 12, base: { network: 'resnet20-cifar10' } });
    const said = await espalier(['evaluate', half, '--base', RESNET20, '--dataset', bare, '--metric', 'kl']);
    expect(said.stdout).toMatch(/KL divergence in nats \(lower is better\) +0\.\d{4}/);
    expect(said.stdout).not.toContain('agreement');
  });

  it('repairs a file that was cut before', async () => {
    const cut = ['--allocation', 'uniform', '--target', 'macs=0.3', '--repair', '0', '--out', at('cut.onnx')];
    await espalierJson(['prune', RESNET20, ...cut]);
    const args = [
      'repair',
      at('cut.onnx'),
      '--base',
      RESNET20,
      '--dataset',
      bare,
      '--out',
      at('repaired.onnx'),
    ];
    const { stdout } = await espalier(args);
    expect(stdout).toMatch(/output error +0\.0000 +\d\.\d{4} +0\.\d{4}/);
    expect(stdout).toContain('outputs compared on 12 test images');
  });

  it.each([
    [
      'fine-tuning',
      ['prune', '--finetune', 'epochs=1'],
      'fine-tuning learns from labels, and the images of photos have none: leave it out (the repair needs none), or give images in class folders',
    ],
    [
      'top-1',
      ['prune', '--metric', 'top1'],
      'top-1 compares with labels, and the images of photos have none: give metric fidelity, or images in class folders',
    ],
    [
      'gradients of the loss',
      ['prune', '--criterion', 'taylor'],
      'criterion taylor goes by labels, and the images of photos have none: give another one, such as reconstruction or l1',
    ],
    [
      'adaptive sampling',
      ['prune', '--adaptive'],
      'adaptive sampling decides by images right or wrong, not by output error: leave it out',
    ],
    [
      'training',
      ['finetune', '--epochs', '1'],
      'the images of photos have no labels: give images in class folders (pruning and repair need none, by metric fidelity)',
    ],
    [
      'accuracy',
      ['evaluate'],
      'the images of photos have no labels, so there is no accuracy: give a model to compare with, or images in class folders',
    ],
  ] as const)('is refused for %s, in one line', async (_, [command, ...flags], says) => {
    const goal = command === 'prune' ? ['--target', 'macs=0.3'] : [];
    const out = command === 'evaluate' ? [] : ['--out', at('refused.onnx')];
    const { code, stderr } = await espalier([
      command,
      RESNET20,
      '--dataset',
      bare,
      ...goal,
      ...flags,
      ...out,
    ]);
    expect(code).toBe(1);
    const line = stderr
      .split('\n')
      .filter((text) => text.startsWith('error:'))
      .join('\n');
    expect(`${line}\n`).toMatch(ONE_LINE);
    expect(line).toContain(says);
  });
});

it('with labels accuracy is told beside the metric, and a metric that compares needs a base', async () => {
  const labelled = ['--dataset', await cifarPictures(), '--limit', '50'];
  const compared = await espalierJson(['evaluate', half, '--base', RESNET20, ...labelled]);
  expect(compared.base.top1).toBeGreaterThan(compared.top1 - 0.05);
  expect(compared.agreement).toBeGreaterThan(0.5);
  const { code, stderr } = await espalierHere(['evaluate', half, ...labelled, '--metric', 'fidelity']);
  expect(code).toBe(2);
  expect(stderr).toContain('--metric fidelity compares with another model: give it by --base FILE');
});
