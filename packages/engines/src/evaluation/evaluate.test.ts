import { type Dataset, toInput } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { floatTensor, type Network } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { tinyDataset } from '../../test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../test/tiny-networks.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import { unpackFlags } from './bitmap.ts';
import { evaluate } from './evaluate.ts';
import { score } from './score.ts';

const metadata = tinyMetadata();
const network: Network = { ...tinyResNet(), metadata };
const dataset = tinyDataset();

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

/** All images in one run, without any of the machinery. */
async function atOnce(own: Network, data: Dataset, labels: ArrayLike<number>) {
  const indices = Array.from(labels, (_, i) => i);
  const pixels = await data.pixels('test', indices, { height: 6, width: 6, channels: 3 });
  const input = floatTensor([labels.length, 3, 6, 6], toInput(pixels, labels.length, metadata.input));
  const executable = await engine.compile(own);
  const { [own.outputs[0] ?? '']: output } = await executable.run({ input });
  await executable.dispose();
  if (!output) throw new Error('no output');
  const { hit1, hit5, loss } = score(output, labels, 'logits');
  const mean = (values: Iterable<number>) =>
    [...values].reduce((sum, value) => sum + value, 0) / labels.length;
  return { top1: mean(hit1), top5: mean(hit5 ?? []), loss: mean(loss), hit1: [...hit1] };
}

describe('evaluate', () => {
  it.each([1, 7, 20, 64])('gives the means of all images in batches of %i', async (batch) => {
    const expected = await atOnce(network, dataset, dataset.splits.test.labels);
    const result = await evaluate(engine, network, dataset, 'test', { batch });
    expect(result).toMatchObject({ top1: expected.top1, top5: expected.top5, n: 20 });
    expect(result.loss).toBeCloseTo(expected.loss, 5);
    expect([...unpackFlags(result.hits, 20)]).toEqual(expected.hit1);
    expect(result.seconds).toBeGreaterThan(0);
  });

  it('agrees between the engines', async () => {
    const tensorflow = await openEngine('tensorflow');
    const [a, b] = [
      await evaluate(engine, network, dataset, 'test'),
      await evaluate(tensorflow, network, dataset, 'test'),
    ];
    expect(b).toMatchObject({ top1: a.top1, top5: a.top5, n: a.n });
    expect(b.loss).toBeCloseTo(a.loss, 4);
    await tensorflow.dispose();
  });

  it('takes the first of the given indices', async () => {
    const all = await evaluate(engine, network, dataset, 'test', { indices: [3, 5, 8] });
    const first = await evaluate(engine, network, dataset, 'test', { indices: [3, 5, 8, 9], limit: 3 });
    expect(first).toMatchObject({ n: 3, top1: all.top1, loss: all.loss });
    expect(await evaluate(engine, network, dataset, 'test', { limit: 4 })).toMatchObject({ n: 4 });
  });

  it('reads labels in the class order of the network', async () => {
    const classes = dataset.classes.toReversed();
    const expected = await atOnce(
      network,
      dataset,
      dataset.splits.test.labels.map((label) => 9 - label),
    );
    const result = await evaluate(
      engine,
      { ...network, metadata: { ...metadata, classes } },
      dataset,
      'test',
    );
    expect(result.top1).toBe(expected.top1);
    expect(result.loss).toBeCloseTo(expected.loss, 5);
  });

  it('does not apply a second softmax', async () => {
    const plain = await evaluate(engine, network, dataset, 'test');
    const ending = await evaluate(engine, { ...tinyResNet({ softmax: true }), metadata }, dataset, 'test');
    expect(ending.top1).toBe(plain.top1);
    expect(ending.loss).toBeCloseTo(plain.loss, 4);
  });

  it('reports every batch', async () => {
    const seen: number[] = [];
    await evaluate(engine, network, dataset, 'test', { batch: 8, onProgress: ({ done }) => seen.push(done) });
    expect(seen).toEqual([8, 16, 20]);
  });

  it('stops at once when it is aborted', async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('enough'));
    const options = { batch: 4, signal: controller.signal, onProgress };
    await expect(evaluate(engine, network, dataset, 'test', options)).rejects.toThrow('enough');
  });
});

describe('evaluate refuses', () => {
  it('an empty choice', async () => {
    await expect(evaluate(engine, network, dataset, 'test', { limit: 0 })).rejects.toThrow(InputError);
  });

  it('a network that computes NaN, and says where', async () => {
    const b = new NetworkBuilder('broken');
    const logits = b.head(b.conv(b.input([3, 6, 6]), 4), 10);
    const broken = { ...b.build(b.op('Log', [b.op('Sub', [logits, b.constant([], [1e6])])])), metadata };
    await expect(evaluate(engine, broken, dataset, 'test')).rejects.toThrow(
      /"broken" has the loss NaN on image 0 of the test split of tiny/,
    );
  });

  it('unreadable images, wherever they lie', async () => {
    let calls = 0;
    const failing: Dataset = {
      ...dataset,
      pixels: async (...request) => {
        if (calls++ === 1) throw new InputError('image 8 cannot be decoded');
        return dataset.pixels(...request);
      },
    };
    await expect(evaluate(engine, network, failing, 'test', { batch: 8 })).rejects.toThrow(
      'cannot be decoded',
    );
  });
});
