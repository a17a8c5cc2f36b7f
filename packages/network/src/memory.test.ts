import { expect, test } from 'vitest';
import { NetworkBuilder } from '../test/builder.ts';
import { peakActivationBytes } from './memory.ts';

function peak(build: (b: NetworkBuilder) => string | readonly string[], batch = 1): number {
  const b = new NetworkBuilder('memory');
  return peakActivationBytes(b.build(...[build(b)].flat()), batch) / 4;
}

const IMAGE = 3 * 8 * 8;

test('a chain holds what a layer reads and what it writes, beside the input', () => {
  const chain = (b: NetworkBuilder) => b.conv(b.conv(b.conv(b.input([3, 8, 8]), 4), 10), 2);
  expect(peak(chain)).toBe(IMAGE + (4 + 10) * 64);
  expect(peak(chain, 5)).toBe(5 * (IMAGE + (4 + 10) * 64));
});

test('an element-wise operation takes the place of what it reads last', () => {
  const narrow = (b: NetworkBuilder) => b.relu(b.batchNorm(b.conv(b.input([3, 8, 8]), 4)));
  expect(peak(narrow)).toBe(IMAGE + 4 * 64);
});

test("but not of the input, which is not the network's, nor of what is read again", () => {
  expect(peak((b) => b.relu(b.input([3, 8, 8])))).toBe(2 * IMAGE);
  const twice = (b: NetworkBuilder) => {
    const x = b.conv(b.input([3, 8, 8]), 4);
    return b.add(b.relu(x), x);
  };
  expect(peak(twice)).toBe(IMAGE + 2 * 4 * 64);
});

test('a shortcut lives until it is added', () => {
  const residual = (b: NetworkBuilder) => {
    const x = b.conv(b.input([3, 8, 8]), 4);
    return b.add(b.conv(b.relu(b.conv(x, 6)), 4), x);
  };
  expect(peak(residual)).toBe(IMAGE + (4 + 6 + 4) * 64);
});

test("a view is its source's memory and keeps it alive", () => {
  const flat = (b: NetworkBuilder) => b.gemm(b.flatten(b.conv(b.input([3, 8, 8]), 4)), 10);
  expect(peak(flat)).toBe(IMAGE + 4 * 64 + 10);
});

test('outputs stay to the end', () => {
  const two = (b: NetworkBuilder) => {
    const x = b.conv(b.input([3, 8, 8]), 4);
    return [x, b.conv(b.conv(x, 1), 5)];
  };
  expect(peak(two)).toBe(IMAGE + (4 + 1 + 5) * 64);
});
