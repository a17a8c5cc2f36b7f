import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadMetric } from '@espalier/engines';
import { writeNetwork } from '@espalier/formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { png } from '../../../test/generate/png.ts';
import { maskPng } from '../../datasets/test/mask-png.ts';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { cifarPictures } from './cifar-pictures.ts';
import { espalier, espalierHere, espalierJsonHere, RESNET20, TEST_HOME } from './espalier.ts';

const metrics = (name: string) => fileURLToPath(new URL(`../metrics/${name}.mjs`, import.meta.url));
const sampling = ['--grid', '0.25,0.5', '--samples', '7'];
const at = (name: string) => path.join(TEST_HOME, 'own-metric', name);

async function refused(args: readonly string[]): Promise<string> {
  const { code, stderr } = await espalierHere(args);
  expect(code).not.toBe(0);
  const lines = stderr.split('\n').filter((line) => line.startsWith('error:'));
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

describe('images that show several classes', () => {
  const several = at('several');

  beforeAll(async () => {
    const pictures = path.join(await cifarPictures(), 'test');
    await mkdir(several, { recursive: true });
    const rows: string[] = [];
    for (const name of await readdir(pictures)) {
      for (let i = 0; i < 8; i++) {
        await copyFile(path.join(pictures, name, `${i}.png`), path.join(several, `${name}-${i}.png`));
        rows.push(`${name}-${i}.png,${name}`);
      }
    }
    await writeFile(path.join(several, 'labels.csv'), `image,labels\n${rows.join('\n')}\n`);
  });

  it('are evaluated, sampled, pruned and repaired by mean average precision', async () => {
    const found = await espalierJsonHere(['evaluate', RESNET20, '--dataset', several, '--split', 'train']);
    expect(found).toMatchObject({
      metric: { name: 'multilabel-ap', label: 'mean average precision', direction: 'higher', unit: 'share' },
      top1: null,
    });
    expect(found.value).toBeGreaterThan(0.9);
    expect(found.value).toBeLessThanOrEqual(1);

    const out = at('several.onnx');
    const goal = ['--dataset', several, '--target', 'macs=0.5', ...sampling, '--out', out];
    const {
      before,
      pruned,
      repaired,
      sampling: sampled,
    } = await espalierJsonHere(['prune', RESNET20, ...goal]);
    expect(sampled.metric.name).toBe('multilabel-ap');
    expect(before).toMatchObject({ top1: null, hits: null });
    expect(repaired.values['multilabel-ap']).toBeGreaterThan(pruned.values['multilabel-ap']);
    const shown = await espalierHere([
      'evaluate',
      out,
      '--base',
      RESNET20,
      '--dataset',
      several,
      '--split',
      'train',
    ]);
    expect(shown.stdout).toMatch(/mean average precision \(higher is better\) +[\d.]+ % +base 9[\d.]+ % /);
  });

  it.each([
    [
      'prune',
      ['--finetune', 'epochs=1', '--target', 'macs=0.3', '--out', at('no.onnx')],
      'fine-tuning needs one class per image, and those of several show several: leave it out (the repair needs none)',
    ],
    [
      'finetune',
      ['--epochs', '1', '--out', at('no.onnx')],
      'the images of several show several classes each, and one is needed',
    ],
    [
      'evaluate',
      ['--metric', 'top1'],
      'top-1 compares with labels, and the images of several have several classes, not one class each: give metric multilabel-ap',
    ],
  ] as const)('are refused in one line by %s where one class is needed', async (command, more, says) => {
    expect(await refused([command, RESNET20, '--dataset', several, ...more])).toContain(says);
  });

  it('are needed by their metric', async () => {
    const args = ['evaluate', RESNET20, '--dataset', await cifarPictures(), '--metric', 'multilabel-ap'];
    expect(await refused(args)).toContain('give labels.csv beside the images, or another metric');
  });
});

describe('mean IoU, of masks beside images', () => {
  const street = at('street');
  const net = at('segmenter.onnx');

  /** White is class 1; of two photographs the mask says the contrary of a corner. */
  beforeAll(async () => {
    await mkdir(street, { recursive: true });
    for (let i = 0; i < 24; i++) {
      const isWhite = (at: number) => (at % 16) + Math.floor(at / 16) > 6 + i;
      const pixels = Uint8Array.from({ length: 16 * 16 * 3 }, (_, at) =>
        isWhite(Math.floor(at / 3)) ? 250 : 5,
      );
      const mask = Uint8Array.from({ length: 256 }, (_, at) => Number(isWhite(at)));
      await writeFile(path.join(street, `${i}.png`), png(16, 16, pixels));
      await writeFile(path.join(street, `${i}_mask.png`), maskPng(mask, { width: 16, height: 16 }));
    }
    const b = new NetworkBuilder('segmenter', 2);
    const x = b.op('Relu', [b.conv(b.input([3, 16, 16]), 8, { kernel: 1, name: 'features', bias: true })]);
    // The brightness is in one channel; the others are noise that the last layer hardly reads.
    const scores = b.conv(x, 2, { kernel: 1, name: 'scores', bias: true });
    const network = b.build(scores);
    const [first, second] = ['features', 'scores'].map((name) => {
      const node = network.nodes.find((each) => each.name === name);
      return (node?.inputs ?? []).slice(1).map((value) => network.constants.get(value)?.data as Float32Array);
    });
    for (const data of [...(first ?? []), ...(second ?? [])]) data.set(data.map((value) => value * 0.01));
    first?.[0]?.set([1, 1, 1]);
    second?.[0]?.set([0], 0);
    second?.[0]?.set([1], 8);
    second?.[1]?.set([0.5, 0]);
    await writeNetwork(net, network);
  });

  it('judges a segmentation, by which it is sampled, pruned and compared', async () => {
    const own = ['--dataset', street, '--metric', metrics('mean-iou')];
    const found = await espalierJsonHere(['evaluate', net, ...own, '--split', 'train']);
    expect(found).toMatchObject({ value: 1, metric: { label: 'mIoU', unit: 'share' } });
    expect(found.metric.name).toMatch(/^mIoU@[0-9a-f]{64}:higher:share$/);

    const out = at('segmenter-cut.onnx');
    const goal = [
      '--target',
      'macs=0.3',
      '--grid',
      '0.25,0.5,0.75',
      '--samples',
      '2',
      '--align',
      '1',
      '--out',
      out,
    ];
    const pruned = await espalierJsonHere(['prune', net, ...own, ...goal]);
    expect(pruned.sampling.metric.label).toBe('mIoU');
    expect(pruned.after.values[found.metric.name]).toBeGreaterThan(0.9);
    const swept = at('street.sweep.json');
    await espalierHere(['sweep', net, ...own, '--grid', '0.25,0.5,0.75', '--samples', '2', '--out', swept]);
    const again = ['prune', net, '--sweep', swept, '--target', 'macs=0.3', '--align', '1', '--out', out];
    expect((await espalierJsonHere([...again, '--metric', metrics('mean-iou')])).structure).toEqual(
      pruned.structure,
    );
    // In a process that has not loaded it.
    expect((await espalier(again)).stderr).toContain(
      "mIoU is somebody's own metric: give its file as metric",
    );
  });

  it.each([
    [['--metric', at('none.mjs')], 'cannot be read (ENOENT)'],
    [['--metric', 'mAP'], 'your own metric is a module, FILE.mjs'],
    [['--metric', metrics('box-ap')], 'metric mAP 50-95 fails of 0.png: there are no boxes'],
  ])('%j is refused in one line', async (more, says) => {
    expect(await refused(['evaluate', net, '--dataset', street, '--split', 'train', ...more])).toContain(
      says,
    );
  });

  it('tells classes from rows where the output is a little off the shape of the input', async () => {
    const judge = (await loadMetric(metrics('mean-iou'))).start();
    const [classes, height, width] = [21, 10, 7];
    const data = new Float32Array(classes * height * width).fill(1, 3 * height * width, 4 * height * width);
    const size = { width: 200, height: 300 };
    const mask = { ...size, data: new Uint8Array(size.width * size.height).fill(3) };
    const geometry = { ...size, input: size, scale: { x: 1, y: 1 }, offset: { x: 0, y: 0 } };
    const kept = judge.add({ y: { dims: [classes, height, width], data } }, 'a', mask, geometry);
    expect(judge.result([kept])).toBe(1);
  });

  it('leaves out what a crop cuts off, and what a mask says nothing of', async () => {
    const metric = await loadMetric(metrics('mean-iou'));
    const judge = metric.start();
    const data = Float32Array.from([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1]);
    const mask = { width: 4, height: 2, data: Uint8Array.from([0, 0, 1, 1, 0, 1, 1, 255]) };
    const geometry = {
      width: 4,
      height: 2,
      input: { width: 4, height: 2 },
      scale: { x: 1, y: 1 },
      offset: { x: 0, y: 0 },
    };
    const whole = judge.add({ y: { dims: [2, 2, 4], data } }, 'a', mask, geometry);
    // Class 0: 3 of 4 pixels; class 1: 3 of 4.
    expect(judge.result([whole])).toBeCloseTo(0.75, 12);
    // Channels last, classes as numbers, and a map of half the size say the same where they say it.
    const last = Float32Array.from({ length: 16 }, (_, i) => data[(i % 2) * 8 + (i >> 1)] ?? 0);
    expect(judge.add({ y: { dims: [2, 4, 2], data: last } }, 'a', mask, geometry)).toEqual(whole);
    const told = Float32Array.from([0, 0, 1, 1, 0, 0, 1, 1]);
    expect(judge.add({ y: { dims: [2, 4], data: told } }, 'a', mask, geometry)).toEqual(whole);
    // The middle two columns alone are shown: there one of four is wrong.
    const cropped = { ...geometry, input: { width: 2, height: 2 }, offset: { x: -1, y: 0 } };
    const half = judge.add(
      { y: { dims: [2, 2], data: Float32Array.from([0, 1, 0, 1]) } },
      'a',
      mask,
      cropped,
    );
    expect(judge.result([half])).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12);
  });
});

describe('mean average precision of boxes', () => {
  const geometry = { width: 200, height: 100, input: { width: 100, height: 100 } };
  const stretched = { ...geometry, scale: { x: 0.5, y: 1 }, offset: { x: 0, y: 0 } };
  const boxes = [
    { class: 0, left: 80, top: 40, width: 40, height: 20 },
    { class: 0, left: 0, top: 0, width: 40, height: 20 },
  ];
  /** Centre x, centre y, width, height, scores of two classes: in pixels of the input. */
  const told = [
    [50, 50, 20, 20, 0.9, 0],
    [50, 51, 20, 20, 0.8, 0],
    [10, 13, 20, 20, 0.3, 0],
    [90, 90, 5, 5, 0.0005, 0],
    ...Array.from({ length: 8 }, () => [1, 1, 1, 1, 0, 0]),
  ];
  const columns = Float32Array.from([0, 1, 2, 3, 4, 5].flatMap((row) => told.map((box) => box[row] ?? 0)));

  it('takes the usual outputs of YOLO to the image, and counts as COCO does', async () => {
    const judge = (await loadMetric(metrics('box-ap'))).start();
    const eight = judge.add({ y: { dims: [6, 12], data: columns } }, 'a', boxes, stretched);
    // The first is right at all ten overlaps, the second is the first one's double, the third overlaps by 340 / 460:
    // right up to 0.7. So the average precision is 1 at five of them, and 51 of 101 recalls at the others.
    expect(judge.result([eight])).toBeCloseTo((5 + 5 * (51 / 101)) / 10, 9);
    // With a separate score for there being anything, as in YOLOv5.
    const rows = Float32Array.from(
      told.flatMap(([x = 0, y = 0, w = 0, h = 0, a = 0, b = 0]) => [x, y, w, h, 0.5, 2 * a, b]),
    );
    expect(judge.add({ y: { dims: [12, 7], data: rows } }, 'a', boxes, stretched)).toEqual(eight);
    // An image without boxes on which one is found: the box in front of it counts against it.
    const empty = judge.add({ y: { dims: [6, 12], data: columns } }, 'b', [], stretched);
    expect(judge.result([eight, empty])).toBeLessThan(judge.result([eight]));
  });

  it('undoes a letterbox', async () => {
    const judge = (await loadMetric(metrics('box-ap'))).start();
    const boxed = { ...geometry, scale: { x: 0.5, y: 0.5 }, offset: { x: 0, y: 25 } };
    const data = Float32Array.from([50, 50, 20, 10, 0.9, ...Array.from({ length: 5 * 7 }, () => 0)]);
    const found = Float32Array.from({ length: 40 }, (_, i) => data[(i % 8) * 5 + Math.floor(i / 8)] ?? 0);
    const kept = judge.add({ y: { dims: [5, 8], data: found } }, 'a', boxes.slice(0, 1), boxed);
    expect(judge.result([kept])).toBeCloseTo(1, 9);
  });

  it('judges a detector by the command, images in a letterbox', async () => {
    const yard = at('yard');
    await mkdir(yard, { recursive: true });
    for (let i = 0; i < 20; i++) {
      await writeFile(path.join(yard, `${i}.png`), png(64, 32, new Uint8Array(64 * 32 * 3).fill(40 + 8 * i)));
      // The box that the network tells of every image: 10 x 8 in the middle of its input, which is half as large.
      await writeFile(path.join(yard, `${i}.txt`), `1 0.5 0.5 ${20 / 64} ${16 / 32}\n`);
    }
    const b = new NetworkBuilder('detector', 4);
    const x = b.op('Relu', [b.conv(b.input([3, 32, 32]), 8, { kernel: 4, stride: 4, pad: 0 })]);
    const told = b.conv(x, 6, { kernel: 1, name: 'told', bias: true });
    const network = b.build(b.op('Reshape', [told], { shape: [-1, 6, 64] }));
    const [weight, bias] = (network.nodes.find(({ name }) => name === 'told')?.inputs ?? [])
      .slice(1)
      .map((value) => network.constants.get(value)?.data as Float32Array);
    weight?.set(weight.map((value) => value * 1e-3));
    bias?.set([16, 16, 10, 8, 0.1, 0.9]);
    const net = at('detector.onnx');
    await writeNetwork(net, network);
    const pixels = { layout: 'NCHW', channels: 'RGB', size: [32, 32], letterbox: [114, 114, 114] };
    const input = { ...pixels, scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] };
    await writeFile(at('boxed.json'), JSON.stringify({ input, output: 'logits' }));
    const own = ['--dataset', yard, '--metric', metrics('box-ap'), '--preprocessing', at('boxed.json')];
    const found = await espalierJsonHere(['evaluate', net, ...own, '--split', 'train']);
    expect(found).toMatchObject({ value: 1, metric: { label: 'mAP 50-95' } });
    const goal = ['--target', 'macs=0.3', '--grid', '0.25,0.5', '--samples', '2', '--align', '1'];
    const { after, sampling: sampled } = await espalierJsonHere([
      ...['prune', net, ...own, ...goal, '--out', at('detector-cut.onnx')],
    ]);
    expect(after.values).toEqual({ [found.metric.name]: 1 });
    expect(sampled.metric.label).toBe('mAP 50-95');
    const share = ['sweep', net, ...own, '--shard', '1/2', '--out', at('shard.json')];
    expect(await refused(share)).toContain('--shard needs a built-in metric');
  });
});
