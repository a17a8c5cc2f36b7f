import { expect, test } from 'vitest';
import { NetworkBuilder } from '../test/builder.ts';
import { Random } from '../test/random.ts';
import { topologies } from '../test/topologies/index.ts';
import { buildArchitecture } from './architectures/index.ts';
import { networkHash } from './hash.ts';
import { initialise } from './initialise.ts';
import { constantOf, type Network } from './network.ts';
import { findOperation, supportedOperations } from './ops/index.ts';
import { sizeOf } from './tensor.ts';

const seeded = (seed: number) => {
  const random = new Random(seed);
  return () => random.next();
};

function values(network: Network, name: string): number[] {
  return Array.from(constantOf(network, name).data, Number);
}

function deviation(numbers: readonly number[]): number {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length);
}

test('normal and uniform numbers in topological order, as another implementation draws them', () => {
  const b = new NetworkBuilder('golden');
  const x = b.conv(b.input([1, 1, 3]), 3, { name: 'conv', kernel: [1, 3], pad: 0 });
  const pooled = b.flatten(b.op('GlobalAveragePool', [x]));
  const network = initialise(b.build(b.gemm(pooled, 2, { name: 'fc' })), seeded(1));
  // Computed with Python: mulberry32 of seed 1, Box-Muller, the ninth number's partner thrown away.
  const golden = [
    [
      0.6620116233825684, 0.011380467563867569, 0.5731122493743896, -0.06855916231870651,
      -0.24059396982192993, 1.215393304824829, -0.1187082976102829, -0.6384732127189636, 0.4962908625602722,
    ],
    [
      -0.05164845287799835, -0.01294613629579544, -0.4169235825538635, -0.1111459732055664,
      -0.29153430461883545, -0.39895695447921753,
    ],
  ];
  for (const [i, name] of ['conv.weight', 'fc.weight'].entries()) {
    const drawn = values(network, name);
    expect(drawn).toHaveLength(golden[i]?.length ?? 0);
    drawn.forEach((value, k) => {
      expect(value).toBeCloseTo(golden[i]?.[k] ?? Number.NaN, 6);
    });
  }
});

test('He normal by fan-out for every kind of convolution, uniform by fan-in for dense layers', () => {
  const b = new NetworkBuilder('kinds');
  let x = b.conv(b.input([6, 6, 6]), 96, { name: 'plain', bias: true });
  x = b.conv(x, 64, { name: 'grouped', group: 4 });
  x = b.depthwise(x, { name: 'deep', multiplier: 4 });
  x = b.convTranspose(x, 20, { name: 'up' });
  x = b.gemm(b.flatten(b.op('GlobalAveragePool', [x])), 50, { name: 'one', transB: 0 });
  const network = initialise(b.build(b.dense(b.gemm(x, 40, { name: 'two' }), 60, 'three')), seeded(2));
  const fanOuts = { plain: 96 * 9, grouped: 16 * 9, deep: 4 * 9, up: 20 * 4 };
  for (const [name, fanOut] of Object.entries(fanOuts)) {
    const drawn = values(network, `${name}.weight`);
    expect(deviation(drawn) / Math.sqrt(2 / fanOut)).toBeCloseTo(1, 1);
    // A normal distribution has about a third outside of one deviation and goes beyond two.
    const outside = drawn.filter((value) => Math.abs(value) > Math.sqrt(2 / fanOut)).length;
    expect(outside / drawn.length).toBeCloseTo(0.317, 1);
    expect(Math.max(...drawn.map(Math.abs))).toBeGreaterThan(2.2 * Math.sqrt(2 / fanOut));
  }
  for (const [name, fanIn] of Object.entries({ one: 20, two: 50, three: 40 })) {
    const drawn = values(network, `${name}.weight`);
    const reach = 1 / Math.sqrt(fanIn);
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(reach);
    expect(Math.max(...drawn.map(Math.abs))).toBeGreaterThan(0.98 * reach);
    expect(deviation(drawn) / (reach / Math.sqrt(3))).toBeCloseTo(1, 1);
  }
  for (const name of ['plain', 'up', 'one', 'two']) {
    expect(new Set(values(network, `${name}.bias`))).toEqual(new Set([0]));
  }
});

test('normalisations and learnt arithmetic start as the identity, settings and pixel normalisation stay', () => {
  const b = new NetworkBuilder('others');
  const centred = b.op('Sub', [b.input([3, 4, 4]), b.constant([3, 1, 1], [4, 5, 6], 'pixel mean')]);
  let x = b.batchNorm(b.conv(centred, 3, { name: 'conv' }), 'bn');
  const norm = [
    b.constant([3, 4, 4], new Float32Array(48).fill(7), 'ln.scale'),
    b.randomConstant([3, 4, 4], undefined, 'ln.shift'),
  ];
  x = b.op('LayerNormalization', [x, ...norm], { axis: 1, epsilon: 1e-5 });
  x = b.op('Mul', [x, b.randomConstant([3, 1, 1], undefined, 'layer scale')]);
  x = b.op('Add', [x, b.randomConstant([1, 3, 1, 1], undefined, 'bias')]);
  x = b.op('PRelu', [x, b.randomConstant([3, 1, 1], undefined, 'slope')]);
  x = b.op('Add', [x, b.constant([1], [3], 'three')]);
  const network = initialise(b.build(b.op('Div', [x, b.constant([], [6], 'six')])), seeded(1));
  const distinct = [...network.constants.keys()]
    .filter((name) => name !== 'conv.weight')
    .map((name) => [name, [...new Set(values(network, name))]]);
  expect(Object.fromEntries(distinct)).toEqual({
    'pixel mean': [4, 5, 6],
    'bn.scale': [1],
    'bn.shift': [0],
    'bn.mean': [0],
    'bn.variance': [1],
    'ln.scale': [1],
    'ln.shift': [0],
    'layer scale': [1],
    bias: [0],
    slope: [0.25],
    three: [3],
    six: [6],
  });
});

test('a shared weight is drawn once, and nothing of the old weights matters', () => {
  const build = (seed: number, weight?: string) => {
    const b = new NetworkBuilder('shared', seed);
    const one = b.conv(b.input([4, 4, 4]), 4, { name: 'one' });
    const two = b.conv(one, 4, { name: 'two', ...(weight === undefined ? {} : { weight }) });
    return initialise(b.build(b.conv(two, 4, { name: 'three' })), seeded(5));
  };
  const [shared, apart] = [build(1, 'one.weight'), build(2)];
  expect(values(shared, 'one.weight')).toEqual(values(apart, 'one.weight'));
  expect(values(shared, 'three.weight')).toEqual(values(apart, 'two.weight'));
  expect(networkHash(build(3))).toBe(networkHash(apart));
});

test('any network can be drawn anew; its structure and the original stay', () => {
  const original = buildArchitecture('resnet20', {
    classes: 10,
    input: { channels: 3, height: 32, width: 32 },
    random: seeded(1),
  });
  for (const network of [original, ...topologies.map((topology) => topology.network())]) {
    const before = networkHash(network);
    const anew = initialise(network, seeded(9));
    expect(networkHash(network)).toBe(before);
    expect(anew.nodes).toBe(network.nodes);
    for (const [name, { dims, data }] of anew.constants) {
      expect(dims).toEqual(constantOf(network, name).dims);
      expect(data).toHaveLength(sizeOf(dims));
      expect(data.every((value) => Number.isFinite(Number(value)))).toBe(true);
    }
  }
});

test('an operation that is added with parameters has to say how they start', () => {
  const withParameters = supportedOperations.filter((op) => findOperation(op)?.parameters);
  const settings = ['Max', 'Min', 'Pow', 'Where'];
  const known = 'Add BatchNormalization Conv ConvTranspose Div Gemm GroupNormalization InstanceNormalization';
  const others = 'LayerNormalization MatMul Mul PRelu Sub';
  expect(withParameters).toEqual([...known.split(' '), ...others.split(' '), ...settings].sort());
});
