import { type Network, type Tensor, withoutDenormals } from '@espalier/network';
import { expect, it } from 'vitest';
import { tinyResNet } from '../test/tiny-networks.ts';
import { randomInputs } from './measure/random-inputs.ts';
import { openEngine } from './open-engine.ts';

const SMALLEST_NORMAL = 2 ** -126;
/** What trainings with weight decay leave behind, and the numbers around it. */
const SMALL = [SMALLEST_NORMAL, -SMALLEST_NORMAL, SMALLEST_NORMAL * 0.99, -1e-40, 1.4e-45, -0];

/** With every third weight so small. */
function withSmall(network: Network): Network {
  const constants = new Map(
    [...network.constants].map(([name, { dims, data }]): [string, Tensor] => {
      if (!(data instanceof Float32Array)) return [name, { dims, data }];
      const small = data.map((value, i) => (i % 3 === 0 ? (SMALL[(i / 3) % SMALL.length] ?? 0) : value));
      return [name, { dims, data: small }];
    }),
  );
  return { ...network, constants };
}

it('weights below the smallest normal number are 0 as written, and no others', () => {
  const given = withSmall(tinyResNet());
  const written = withoutDenormals(given);
  for (const [name, { data }] of given.constants) {
    const found = written.constants.get(name)?.data;
    if (!(data instanceof Float32Array)) {
      expect(found).toBe(data);
      continue;
    }
    const wanted = data.map((value) => (Math.abs(value) < SMALLEST_NORMAL && value !== 0 ? 0 : value));
    expect(found).toEqual(wanted);
  }
  expect(
    [...written.constants.values()].some(
      ({ data }) => data instanceof Float32Array && data.includes(SMALLEST_NORMAL),
    ),
  ).toBe(true);
  // If there are none it is the network itself, not a copy.
  expect(withoutDenormals(written)).toBe(written);
  const plain = tinyResNet();
  expect(withoutDenormals(plain)).toBe(plain);
});

it('without them a network computes what it computed', async () => {
  const given = withSmall(tinyResNet());
  const engine = await openEngine('onnxruntime', { threads: 1 });
  try {
    const inputs = randomInputs(given, 3);
    const before = await (await engine.compile(given)).run(inputs);
    const after = await (await engine.compile(withoutDenormals(given))).run(inputs);
    for (const [name, { data }] of Object.entries(before)) {
      const largest = Math.max(
        ...Array.from(data, (value, i) => Math.abs(value - (after[name]?.data[i] ?? Number.NaN))),
      );
      expect(largest).toBeLessThanOrEqual(1e-6);
    }
  } finally {
    await engine.dispose();
  }
});
