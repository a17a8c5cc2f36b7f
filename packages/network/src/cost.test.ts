import { expect, test } from 'vitest';
import { NetworkBuilder } from '../test/builder.ts';
import { layerCosts, networkCost } from './cost.ts';

function costs(build: (b: NetworkBuilder) => string) {
  const b = new NetworkBuilder('costs');
  const network = b.build(build(b));
  const layers = layerCosts(network).map(({ name, params, macs }) => [name, params, macs]);
  return {
    layers: layers.filter(([, params, macs]) => params !== 0 || macs !== 0),
    total: networkCost(network),
  };
}

test('convolutions, plain, grouped, depthwise and transposed', () => {
  const { layers, total } = costs((b) => {
    let x = b.conv(b.input([3, 8, 8]), 4, { name: 'strided', stride: 2, bias: true });
    x = b.conv(x, 6, { name: 'grouped', group: 2, kernel: [1, 3] });
    x = b.depthwise(x, { name: 'deep', multiplier: 2 });
    return b.convTranspose(x, 5, { name: 'up' });
  });
  expect(layers).toEqual([
    ['strided', 4 * 3 * 9 + 4, 4 * 3 * 9 * 16],
    ['grouped', 6 * 2 * 3, 6 * 2 * 3 * 16],
    ['deep', 12 * 9, 12 * 9 * 16],
    // Every input pixel meets the whole weight once.
    ['up', 12 * 5 * 4 + 5, 12 * 5 * 4 * 16],
  ]);
  expect(total.macs).toBe(1728 + 576 + 1728 + 3840);
});

test('dense layers, over rows too, and computed products for nothing', () => {
  const { layers } = costs((b) => {
    const rows = b.reshape(b.input([6, 4]), [-1, 4, 6]);
    const y = b.dense(rows, 5, 'rows');
    const squared = b.op('MatMul', [y, b.transpose(y, [0, 2, 1])], {}, 'product');
    const batched = b.op('MatMul', [squared, b.randomConstant([1, 4, 3])], {}, 'batched');
    return b.gemm(b.flatten(batched), 2, { name: 'gemm', transB: 0 });
  });
  expect(layers).toEqual([
    ['rows', 30, 4 * 30],
    ['batched', 12, 4 * 12],
    ['gemm', 26, 24],
  ]);
});

test('BatchNorm counts scale and shift, not its statistics; scalars are settings, constants with axes are learnt', () => {
  const { layers } = costs((b) => {
    const x = b.batchNorm(b.conv(b.input([3, 4, 4]), 4, { name: 'conv', kernel: 1 }), 'norm');
    const scaled = b.op('Mul', [x, b.randomConstant([4, 1, 1])], {}, 'layer scale');
    return b.op('Div', [scaled, b.constant([], [6])], {}, 'sixth');
  });
  expect(layers).toEqual([
    ['conv', 12, 12 * 16],
    ['norm', 8, 0],
    ['layer scale', 4, 0],
  ]);
});

test('a shared tensor is counted once, its use every time', () => {
  const { layers } = costs((b) => {
    const x = b.conv(b.input([4, 2, 2]), 4, { name: 'one', kernel: 1 });
    return b.conv(x, 4, { name: 'two', kernel: 1, weight: 'one.weight' });
  });
  expect(layers).toEqual([
    ['one', 16, 64],
    ['two', 0, 64],
  ]);
});
