import { inferShapes, type Network, supportedOperations } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topologies } from '../../network/test/topologies/index.ts';
import { operationCases } from '../test/operation-cases/index.ts';
import type { Engine } from './engine.ts';
import { randomInputs } from './measure/random-inputs.ts';
import { openEngine } from './open-engine.ts';

const BATCH = 2;

let engines: { readonly ort: Engine; readonly tf: Engine };

beforeAll(async () => {
  engines = { ort: await openEngine('onnxruntime', { threads: 1 }), tf: await openEngine('tensorflow') };
});

afterAll(async () => {
  await engines.ort.dispose();
  await engines.tf.dispose();
});

it('has a case for every supported operation', () => {
  const tested = new Set(operationCases.map(({ op }) => op));
  expect([...tested].sort(), 'without a case: see test/operation-cases').toEqual(supportedOperations);
});

describe.each([...new Set(operationCases.map(({ op }) => op))])('%s', (op) => {
  const cases = operationCases.filter((one) => one.op === op);
  it.each(cases)('$setting', ({ network }) => expectAgreement(network));
});

describe('whole networks', () => {
  it.each(topologies)('$name', ({ network }) => expectAgreement(network()));
});

/** Both engines compute the same values, in the shapes that the network says. */
async function expectAgreement(network: Network): Promise<void> {
  const inputs = randomInputs(network, BATCH);
  const [expected, actual] = [
    await run(engines.ort, network, inputs),
    await run(engines.tf, network, inputs),
  ];
  const shapes = inferShapes(network, BATCH);
  for (const name of network.outputs) {
    expect(expected[name]?.dims).toEqual(shapes.get(name));
    expect(actual[name]?.dims).toEqual(shapes.get(name));
    expectClose(actual[name]?.data, expected[name]?.data);
  }
}

async function run(engine: Engine, network: Network, inputs: ReturnType<typeof randomInputs>) {
  const executable = await engine.compile(network);
  const outputs = await executable.run(inputs);
  await executable.dispose();
  return outputs;
}

function expectClose(actual: Float32Array | undefined, expected: Float32Array = new Float32Array()): void {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const difference = expected.reduce(
    (max, value, i) => Math.max(max, Math.abs(value - (actual?.[i] ?? Number.NaN))),
    0,
  );
  expect(largest).toBeGreaterThan(0);
  expect(difference).toBeLessThanOrEqual(1e-4 * largest + 1e-6);
}
