import { type FloatTensor, inferShapes, supportedOperations } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationCases } from '../test/operation-cases.ts';
import type { Engine } from './engine.ts';
import { randomInputs } from './measure.ts';
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
  expect([...tested].sort()).toEqual(supportedOperations);
});

describe.each([...new Set(operationCases.map(({ op }) => op))])('%s', (op) => {
  it.each(operationCases.filter((one) => one.op === op))('$setting', async ({ network }) => {
    const inputs = randomInputs(network, BATCH);
    const shapes = inferShapes(network, BATCH);
    const run = async (engine: Engine) => {
      const executable = await engine.compile(network);
      const outputs = await executable.run(inputs);
      await executable.dispose();
      return outputs;
    };
    const [expected, actual] = [await run(engines.ort), await run(engines.tf)];
    for (const name of network.outputs) {
      expect(expected[name]?.dims).toEqual(shapes.get(name));
      expect(actual[name]?.dims).toEqual(shapes.get(name));
      expectClose(actual[name], expected[name]);
    }
  });
});

function expectClose(actual: FloatTensor | undefined, expected: FloatTensor | undefined): void {
  const largest = expected?.data.reduce((max, value) => Math.max(max, Math.abs(value)), 0) ?? Number.NaN;
  const difference =
    expected?.data.reduce(
      (max, value, i) => Math.max(max, Math.abs(value - (actual?.data[i] ?? Number.NaN))),
      0,
    ) ?? Number.NaN;
  expect(difference).toBeLessThanOrEqual(1e-4 * largest + 1e-6);
}
