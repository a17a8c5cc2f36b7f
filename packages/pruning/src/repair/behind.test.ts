import { seededRandom } from '@espalier/datasets';
import { type Engine, openEngine } from '@espalier/engines';
import { buildArchitecture, floatTensor, type Network, namedNode, outputOf } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { behind, inverseOf } from './behind.ts';
import { collect } from './collect.ts';
import { type Layer, layerOf } from './layer.ts';
import { Side } from './side.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

describe('behind', () => {
  const network = buildArchitecture('resnet20', {
    classes: 5,
    input: { channels: 3, height: 16, width: 16 },
    random: seededRandom(2),
  });
  const sums = network.nodes.filter(({ op }) => op === 'Add');
  /** The convolutions whose BatchNorms a sum adds. */
  const summed = (sum: number) =>
    network.nodes.filter((conv) => {
      const norm = network.nodes.find(({ inputs }) => conv.op === 'Conv' && inputs[0] === outputOf(conv));
      return norm && sums[sum]?.inputs.includes(outputOf(norm));
    });
  const filters = (node = network.nodes[0]) => {
    const width = network.constants.get(node?.inputs[1] ?? '')?.dims[0] ?? 0;
    return Array.from({ length: width }, (_, i) => i);
  };

  it('knows the stream that a convolution is added to, and that the sum is rectified', () => {
    const [conv, ...others] = summed(0);
    expect(others).toEqual([]);
    const found = behind(network, conv?.name ?? '', filters(conv), new Set());
    expect(sums[0]?.inputs).toContain(found.stream);
    expect(found.isRectified).toBe(true);
  });

  it('relies on no stream that a layer to be repaired later computes', () => {
    // The first block that halves the image has a convolution on its shortcut, too.
    const sum = sums.findIndex((_, i) => summed(i).length === 2);
    const [first, second] = summed(sum);
    const names = [first?.name ?? '', second?.name ?? ''] as const;
    const before = behind(network, names[0], filters(first), new Set([names[1]]));
    expect([before.stream, before.isRectified]).toEqual([null, false]);
    const after = behind(network, names[1], filters(second), new Set());
    expect(after.isRectified).toBe(true);
    expect(sums[sum]?.inputs).toContain(after.stream);
  });

  it('has scale and shift of the BatchNorm for the filters that are left', () => {
    const conv = network.nodes.find(({ op }) => op === 'Conv');
    const norm = network.nodes.find(({ op }) => op === 'BatchNormalization');
    const [gamma, beta, mean, variance] = (norm?.inputs.slice(1) ?? []).map(
      (name) => network.constants.get(name)?.data as Float32Array,
    );
    const { scale, shift, isRectified } = behind(network, conv?.name ?? '', [1, 4], new Set());
    expect(isRectified).toBe(true);
    [1, 4].forEach((c, f) => {
      const factor = (gamma?.[c] ?? 0) / Math.sqrt((variance?.[c] ?? 0) + Number(norm?.attributes.epsilon));
      expect(scale[f]).toBeCloseTo(factor, 6);
      expect(shift[f]).toBeCloseTo((beta?.[c] ?? 0) - (mean?.[c] ?? 0) * factor, 6);
    });
  });

  it('gives up filters that are scaled by next to nothing', () => {
    expect([...inverseOf(Float32Array.of(2, -4, 0.001))]).toEqual([0.5, -0.25, 0]);
  });
});

it('asks for nothing where the unpruned network and what is known so far are below zero', async () => {
  const random = seededRandom(8);
  const draw = (...dims: number[]) => {
    const size = dims.reduce((a, b) => a * b, 1);
    return floatTensor(
      dims,
      Float32Array.from({ length: size }, () => random() * 2 - 1),
    );
  };
  const weight = draw(3, 2);
  const node = namedNode('Gemm', ['x', 'w'], 'y', { transB: 0, alpha: 1, beta: 1 });
  const network: Network = {
    ...{ name: 'rectified', inputs: [{ name: 'x', shape: [-1, 3] }], outputs: ['out'] },
    nodes: [node, namedNode('Relu', ['y'], 'out')],
    constants: new Map([['w', weight]]),
  };
  const x = draw(12, 3);
  const predicted = draw(4, 2).data;
  const sides = { base: new Side('base/', network), cut: new Side('cut/', network) };
  const images = {
    count: 12,
    async *batches() {
      yield x;
    },
  };
  const work = { engine, images, batch: 12, positions: 1, seed: 0, memory: 0, predicted };
  const following = behind(network, 'y', [0, 1], new Set());
  expect(following.isRectified).toBe(true);
  const layer = layerOf(network, node) as Layer;
  const { judge } = await collect({ layer, kept: [0, 1], following, isLast: true }, sides, work);

  const expected = new Float64Array(8);
  let [asked, all] = [0, 0];
  for (let i = 0; i < 12; i++) {
    const row = [...x.data.subarray(i * 3, i * 3 + 3), 1];
    for (let f = 0; f < 2; f++) {
      const by = (matrix: Float32Array, columns: number) =>
        row.slice(0, columns).reduce((sum, value, c) => sum + value * (matrix[c * 2 + f] ?? 0), 0);
      const [should, is] = [by(weight.data, 3), by(predicted, 4)];
      const target = should > 0 ? should : Math.min(is, 0);
      all++;
      if (should > 0 || is > 0) asked++;
      row.forEach((value, c) => {
        expected[c * 2 + f] = (expected[c * 2 + f] ?? 0) + value * target;
      });
    }
  }
  expect(asked).toBeLessThan(all);
  judge.xy.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? 0, 4);
  });
});
