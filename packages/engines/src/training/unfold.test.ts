import { type FloatTensor, foldBatchNorm } from '@espalier/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tinyResNet } from '../../test/tiny-networks.ts';
import type { Engine } from '../engine.ts';
import { randomInputs } from '../measure/random-inputs.ts';
import { openEngine } from '../open-engine.ts';
import { recalibrate } from './recalibrate.ts';
import { restoreBatchNorm } from './unfold.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});

afterAll(() => engine.dispose());

it('puts BatchNorm back without changing outputs, with the statistics that images really have', async () => {
  const folded = foldBatchNorm(tinyResNet());
  expect(folded.nodes.some(({ op }) => op === 'BatchNormalization')).toBe(false);
  const images = [randomInputs(folded, 7), randomInputs(folded, 5)].map(
    (inputs) => inputs.input as FloatTensor,
  );
  const restored = await restoreBatchNorm(folded, engine, stream(images));
  expect(restored.nodes.filter(({ op }) => op === 'BatchNormalization').length).toBeGreaterThan(2);
  for (const input of images) {
    const [before, after] = [await outputs(folded, input), await outputs(restored, input)];
    for (const [i, value] of before.entries()) expect(after[i]).toBeCloseTo(value, 4);
  }
  // By batch statistics of these very images it computes almost the same.
  const recalibrated = await recalibrate(restored, engine, stream(images));
  const [input] = images;
  if (!input) throw new Error('there are images');
  const [before, after] = [await outputs(restored, input), await outputs(recalibrated, input)];
  for (const [i, value] of before.entries()) expect(after[i]).toBeCloseTo(value, 1);
});

it('says when there is nothing to put back', async () => {
  await expect(restoreBatchNorm(tinyResNet(), engine, stream([]))).rejects.toThrow(
    /no convolution without BatchNorm/,
  );
});

async function* stream(images: readonly FloatTensor[]): AsyncIterable<FloatTensor> {
  yield* images;
}

async function outputs(network: ReturnType<typeof tinyResNet>, input: FloatTensor): Promise<Float32Array> {
  const executable = await engine.compile(network);
  const results = await executable.run({ [network.inputs[0]?.name ?? '']: input });
  await executable.dispose();
  return results[network.outputs[0] ?? '']?.data ?? new Float32Array();
}
