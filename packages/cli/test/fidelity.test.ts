import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeNetwork } from '@espalier/formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../network/test/builder.ts';
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
      'the images of photos have no labels: using output error against the unpruned model instead of accuracy',
    );
    expect(sweep.stdout).toContain('by output error (lower is better)');
    expect(sweep.stdout).not.toMatch(/top-1|accuracy/);
    const file = JSON.parse(await readFile(swept, 'utf8'));
    expect(file).toMatchObject({
      metric: { name: 'fidelity', direction: 'lower' },
      accuracy: null,
      hits: null,
    });
    expect(Object.keys(file.values).sort()).toEqual(['agreement', 'cosine', 'fidelity', 'kl']);

    const target = ['--dataset', bare, '--target', 'macs=0.3'];
    const pruned = await espalierJson(['prune', RESNET20, ...target, '--sweep', swept, '--out', half]);
    const { before, repaired } = pruned;
    expect(before).toMatchObject({
      top1: null,
      n: 12,
      values: { fidelity: 0, agreement: 1, kl: 0, cosine: 1 },
    });
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
      'fine-tuning needs labels, and the images of photos have none: leave it out (the repair needs none), or give images in class folders',
    ],
    [
      'top-1',
      ['prune', '--metric', 'top1'],
      'top-1 compares with labels, and the images of photos have none: give metric fidelity, or images in class folders',
    ],
    [
      'gradients of the loss',
      ['prune', '--criterion', 'taylor'],
      'criterion taylor needs labels, and the images of photos have none: give another one, such as reconstruction or l1',
    ],
    [
      'adaptive sampling',
      ['prune', '--adaptive'],
      'adaptive sampling needs images that are right or wrong, not output error: leave it out',
    ],
    ...(['finetune', 'train'] as const).map(
      (command) =>
        [
          command,
          [command, '--epochs', '1'],
          'the images of photos have no labels: give images in class folders (pruning and repair need none, with metric fidelity)',
        ] as const,
    ),
    [
      'accuracy',
      ['evaluate'],
      'the images of photos have no labels, so there is no accuracy: give a model to compare with, or images in class folders',
    ],
  ] as const)('is refused for %s, in one line', async (_, [command, ...flags], says) => {
    const of = command === 'train' ? 'resnet20' : RESNET20;
    const goal = command === 'prune' ? ['--target', 'macs=0.3'] : [];
    const out = command === 'evaluate' ? [] : ['--out', at('refused.onnx')];
    const { code, stderr } = await espalierHere([command, of, '--dataset', bare, ...goal, ...flags, ...out]);
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

describe('a network with several outputs', () => {
  const two = () => at('two.onnx');

  beforeAll(async () => {
    const b = new NetworkBuilder('two-heads', 3);
    const x = b.convBnRelu(b.convBnRelu(b.input([3, 32, 32]), 16), 16, { stride: 2 });
    const map = b.conv(x, 2, { name: 'map', bias: true });
    const scores = b.op('Softmax', [b.head(b.convBnRelu(x, 16), 5)], { axis: 1 });
    await writeNetwork(two(), b.build(scores, map));
  });

  it('is sampled, pruned, repaired in rounds and compared by its outputs, with labels or without', async () => {
    const cut = at('two-cut.onnx');
    const goal = ['--target', 'macs=0.3', ...sampling, '--out', cut];
    for (const data of [bare, await cifarPictures()]) {
      const rounds = ['--allocation', 'cie-iterative', '--rounds', '2', '--metric', 'fidelity'];
      const result = await espalierJson(['prune', two(), '--dataset', data, ...goal, ...rounds]);
      expect(result.after).toMatchObject({ top1: null });
      expect(result.repaired.values.fidelity).toBeLessThan(result.pruned.values.fidelity);
      const [first, second] = result.rounds;
      expect(first.before.values).toEqual({ fidelity: 0, agreement: 1, kl: 0, cosine: 1 });
      expect(second.before.values.fidelity).toBeCloseTo(first.after.values.fidelity, 6);
      expect(second.after.values.fidelity).toBeGreaterThan(0);
    }
    const { stderr, stdout } = await espalier(['prune', two(), '--dataset', await cifarPictures(), ...goal]);
    expect(stderr).toContain('the model has 2 outputs: using output error');
    expect(stdout).toMatch(/output error +0\.0000 +\d\.\d{4} +\d\.\d{4}/);

    const against = ['evaluate', cut, '--base', two(), '--dataset', bare];
    const equal = await espalierJson(against);
    const [scores, map] = equal.outputs;
    expect(equal.fidelity).toBeCloseTo((scores.fidelity + map.fidelity) / 2, 6);
    expect([equal.agreement, equal.kl, map.agreement, map.kl]).toEqual([
      scores.agreement,
      scores.kl,
      null,
      null,
    ]);
    const weighted = await espalierJson([...against, '--weight', 'map=3']);
    expect(weighted.fidelity).toBeCloseTo((scores.fidelity + 3 * map.fidelity) / 4, 6);
  });

  it.each([
    [['--metric', 'top1'], 'and only class scores can be right or wrong'],
    [
      ['--finetune', 'epochs=1'],
      'has no single output for the classes of cifar-pictures: leave it out (the repair needs none)',
    ],
    [['--criterion', 'taylor'], 'has no output for the classes of cifar-pictures: give another one'],
    [['--weight', 'nothing=2'], 'has no output "nothing" to weigh: it has "softmax1", "map"'],
  ] as const)('is refused with %j, in one line', async (flags, says) => {
    const goal = ['--target', 'macs=0.3', '--out', at('refused.onnx'), '--dataset', await cifarPictures()];
    const { code, stderr } = await espalierHere(['prune', two(), ...goal, ...flags]);
    expect(code).toBe(1);
    expect(stderr.split('\n').filter((line) => line.startsWith('error:'))).toEqual([
      expect.stringContaining(says),
    ]);
  });
});
