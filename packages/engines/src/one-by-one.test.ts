import { type FloatTensor, fedWith, floatTensor, type Network, namedNode } from '@espalier/network';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { Random } from '../../network/test/random.ts';
import { forOneImage } from '../../network/test/single.ts';
import { tinyDataset } from '../test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../test/tiny-networks.ts';
import type { Engine } from './engine.ts';
import { compareOutputs } from './evaluation/compare-outputs.ts';
import { evaluate } from './evaluation/evaluate.ts';
import { measure } from './measure/measure.ts';
import { openEngine } from './open-engine.ts';
import { tensorFlowEngine } from './tensorflow/engine.ts';

const engines: Engine[] = [];
beforeAll(async () => {
  await tf.ready();
  engines.push(
    await openEngine('onnxruntime', { threads: 1 }),
    tensorFlowEngine({ tf, implementation: 'tfjs', device: 'cpu', why: 'asked for' }, {}),
  );
});
afterAll(async () => {
  for (const engine of engines) await engine.dispose();
});

/** Scores, a map, and one number a batch. */
function threeOutputs(): Network {
  const b = new NetworkBuilder('three', 2);
  const map = b.convBnRelu(b.input([3, 6, 6]), 4);
  return b.build(b.head(map, 5), map);
}

/** A trunk that adds what was before to what it sees: [batch, 4, 6, 6]. */
function withState(): Network {
  const b = new NetworkBuilder('state', 4);
  const seen = b.conv(b.input([3, 6, 6], 'pixels'), 4);
  const now = b.relu(b.add(seen, b.conv(b.input([4, 6, 6], 'before'), 4, { bias: false })));
  return b.build(b.head(now, 10), now);
}

const images = (n: number): FloatTensor => floatTensor([n, 3, 6, 6], new Random(3).values(n * 108, 1));

async function run(engine: Engine, network: Network, n: number) {
  const executable = await engine.compile(network);
  const outputs = await executable.run(fedWith(network, images(n)));
  await executable.dispose();
  return outputs;
}

describe.each([0, 1])('a network that takes one image, on engine %i', (which) => {
  it('computes of several what one that takes any number computes', async () => {
    const engine = engines[which] as Engine;
    const network = threeOutputs();
    const [expected, own] = [await run(engine, network, 5), await run(engine, forOneImage(network), 5)];
    for (const [name, { dims, data }] of Object.entries(expected)) {
      expect(own[name]?.dims).toEqual([...dims]);
      data.forEach((value, i) => {
        expect(own[name]?.data[i]).toBeCloseTo(value, 5);
      });
    }
  });

  it('says what does not fit, as ever', async () => {
    const executable = await (engines[which] as Engine).compile(forOneImage(threeOutputs()));
    const small = floatTensor([2, 3, 5, 6], new Float32Array(180));
    await expect(executable.run({ input: small })).rejects.toThrow('has shape [2,3,5,6], not [1,3,6,6]');
  });

  it('begins with a state of zeros for each image', async () => {
    const engine = engines[which] as Engine;
    const network = withState();
    const zeros = floatTensor([5, 4, 6, 6], new Float32Array(5 * 144));
    const executable = await engine.compile(network);
    const expected = await executable.run({ pixels: images(5), before: zeros });
    for (const each of [network, forOneImage(network)]) {
      const own = await run(engine, each, 5);
      for (const [name, { data }] of Object.entries(expected)) {
        data.forEach((value, i) => {
          expect(own[name]?.data[i]).toBeCloseTo(value, 5);
        });
      }
    }
  });
});

it('is judged on images, and compared with another', async () => {
  const engine = engines[0] as Engine;
  const dataset = tinyDataset();
  const network = { ...tinyResNet(), metadata: tinyMetadata() };
  const [expected, own] = [
    await evaluate(engine, network, dataset, 'test'),
    await evaluate(engine, forOneImage(network), dataset, 'test'),
  ];
  expect(own.top1).toBe(expected.top1);
  expect(own.loss).toBeCloseTo(expected.loss, 5);
  const other = { ...tinyResNet({ seed: 2 }), metadata: tinyMetadata() };
  const [apart, alone] = [
    await compareOutputs(engine, other, network, dataset, 'test'),
    await compareOutputs(engine, forOneImage(other), forOneImage(network), dataset, 'test'),
  ];
  expect(alone.fidelity).toBeCloseTo(apart.fidelity ?? Number.NaN, 5);
});

it('what one image makes is compared whole, whatever its shape', async () => {
  const b = new NetworkBuilder('rows', 2);
  const map = b.convBnRelu(b.input([3, 6, 6]), 4);
  const whole = forOneImage(b.build(map));
  const rows = namedNode('Reshape', [map], 'rows', { shape: [4, 36] });
  const network = {
    ...{ ...whole, nodes: [...whole.nodes, rows], outputs: ['rows'] },
    metadata: tinyMetadata(),
  };
  const found = await compareOutputs(engines[0] as Engine, network, network, tinyDataset(), 'test');
  expect(found.fidelity).toBe(0);
  expect(found.n).toBe(20);
});

it('is timed with as many images as are asked for', async () => {
  const engine = engines[0] as Engine;
  const [timed] = await measure([{ engine, network: forOneImage(tinyResNet()), batch: 4 }], { repeats: 3 });
  expect(timed?.batch).toBe(4);
  expect(timed?.runs).toHaveLength(3);
});
