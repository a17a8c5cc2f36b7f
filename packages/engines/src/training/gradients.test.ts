import {
  exposeStatistics,
  type FloatTensor,
  floatTensor,
  inferShapes,
  type Network,
  operationOf,
  type Shape,
  sizeOf,
} from '@espalier/network';
import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { operationCases } from '../../test/operation-cases/index.ts';
import { randomInputs } from '../measure/random-inputs.ts';
import { applyNetwork } from '../tensorflow/functional.ts';
import type { Value as TfValue } from '../tensorflow/value.ts';
import { differentiate } from './differentiate.ts';
import { add, flat, mul, sum } from './graph/arithmetic.ts';
import { blockSize } from './graph/block.ts';
import { GraphBuilder, type Value } from './graph/builder.ts';
import { plain } from './graph/layout.ts';
import { spellOut } from './spell-out.ts';

const BATCH = 4;
/** Of finite differences. */
const STEP = 1e-3;
/** Cases whose gradient is refused: they are nowhere in networks that are trained. */
const REFUSED = new Set(['Resize']);

let block: number;

beforeAll(async () => {
  block = await blockSize(ort);
  await tf.ready();
});

describe.each([...new Set(operationCases.map(({ op }) => op))].filter((op) => !REFUSED.has(op)))(
  '%s',
  (op) => {
    const cases = operationCases.filter((one) => one.op === op && trainable(one.network));
    it.each(cases)('$setting', async ({ network }) => {
      const problem = new Problem(network);
      const expected = problem.byTensorFlow();
      expect([...expected.values()].some((gradient) => gradient.some((value) => value !== 0))).toBe(true);
      for (const layout of [0, block]) {
        const actual = await problem.byGraph(layout);
        for (const name of problem.variables) expectClose(actual.get(name), expected.get(name), name);
      }
    });
  },
);

function trainable(network: Network): boolean {
  return !network.nodes.some(({ op, attributes }) => op === 'Pad' && attributes.mode !== 'constant');
}

/** L = sum(outputs * random weights), differentiated for every input and learnable constant. */
class Problem {
  readonly variables: readonly string[];
  private readonly network: Network;
  private readonly values: ReadonlyMap<string, FloatTensor>;
  private readonly weights: ReadonlyMap<string, FloatTensor>;

  constructor(network: Network) {
    this.network = network;
    const shapes = inferShapes(network, BATCH);
    const parameters = network.nodes
      .flatMap((node) => operationOf(node).parameters?.(node, network.constants) ?? [])
      .filter((name) => network.constants.has(name));
    const inputs = Object.entries(randomInputs(network, BATCH));
    this.variables = [...new Set([...inputs.map(([name]) => name), ...parameters])];
    this.values = new Map([
      ...inputs,
      ...[...network.constants].flatMap(([name, tensor]): [string, FloatTensor][] => [
        [name, floatTensor(tensor.dims, Float32Array.from(tensor.data as Float32Array, Number))],
      ]),
    ]);
    this.weights = new Map(network.outputs.map((name, i) => [name, random(shapes.get(name) ?? [], i)]));
  }

  byTensorFlow(): Map<string, Float32Array> {
    const kept: TfValue[] = [];
    const tensors = [...this.values].map(
      ([name, { dims, data }]) => [name, tf.tensor(data, [...dims])] as const,
    );
    const spelt = exposeStatistics(this.network);
    const extra = [...spelt.constants].filter(([name]) => !this.values.has(name));
    for (const [name, { dims, data }] of extra)
      tensors.push([name, tf.tensor(data as Float32Array, [...dims])]);
    const given = new Map(tensors);
    const loss = (...variables: tf.Tensor[]) => {
      const all = new Map([
        ...given,
        ...this.variables.map((name, i) => [name, variables[i] as tf.Tensor] as const),
      ]);
      const outputs = applyNetwork(tf, exposeStatistics(this.network), all, (value) => kept.push(value));
      const parts = this.network.outputs.map((name, i) => {
        const { dims, data } = this.weights.get(name) as FloatTensor;
        return tf.sum(tf.mul(outputs[i] as tf.Tensor, tf.tensor(data, [...dims])));
      });
      return tf.addN(parts) as tf.Scalar;
    };
    const gradients = tf.grads(loss)(this.variables.map((name) => given.get(name) as tf.Tensor));
    return new Map(this.variables.map((name, i) => [name, gradients[i]?.dataSync() as Float32Array]));
  }

  async byGraph(blockOfLayout: number): Promise<Map<string, Float32Array>> {
    const g = new GraphBuilder({ block: blockOfLayout });
    const values = new Map<string, Value>();
    for (const name of this.variables) values.set(name, g.input(name, this.values.get(name)?.dims ?? []));
    const tape = differentiate(g, spellOut(this.network), { values, variables: new Set(this.variables) });
    const weights = this.network.outputs.map((name) => g.constant(this.weights.get(name) as FloatTensor));
    const gradients = tape.backward(weights);
    const losses = tape.outputs.map((output, i) =>
      sum(g, flat(g, mul(g, plain(g, output), weights[i] as Value)), [0]),
    );
    g.output(
      'loss',
      losses.reduce((a, b) => add(g, a, b)),
    );
    for (const [name, gradient] of gradients) g.output(`d ${name}`, plain(g, gradient));
    const session = await ort.InferenceSession.create(g.encode(this.network.name), { logSeverityLevel: 4 });
    try {
      const results = await session.run(this.feeds(0));
      const gradient = new Map(
        this.variables.map((name) => [name, results[`d ${name}`]?.data as Float32Array]),
      );
      await this.compareWithDifference(session, gradient);
      return gradient;
    } finally {
      await session.release();
    }
  }

  /** The variables, moved by so much along a fixed direction of ones and minus ones. */
  private feeds(distance: number): Record<string, ort.Tensor> {
    const feeds = this.variables.map((name) => {
      const { dims, data } = this.values.get(name) as FloatTensor;
      const moved = data.map((value, i) => value + distance * direction(i));
      return [name, new ort.Tensor('float32', moved, dims)] as const;
    });
    return Object.fromEntries(feeds);
  }

  /** The slope of the loss along the direction is what the gradient says, up to float and curvature. */
  private async compareWithDifference(
    session: ort.InferenceSession,
    gradient: ReadonlyMap<string, Float32Array>,
  ): Promise<void> {
    const lossAt = async (distance: number) =>
      Number((await session.run(this.feeds(distance))).loss?.data[0]);
    const slope = ((await lossAt(STEP)) - (await lossAt(-STEP))) / (2 * STEP);
    let expected = 0;
    let size = 0;
    for (const values of gradient.values()) {
      values.forEach((value, i) => {
        expected += value * direction(i);
        size += value * value;
      });
    }
    expect(Math.abs(slope - expected)).toBeLessThanOrEqual(0.05 * Math.sqrt(size) + 0.05);
  }
}

/** 1 or -1, without a period that an axis could have. */
function direction(i: number): number {
  return Math.sin(7.3 * i * i + 2.1 * i) > 0 ? 1 : -1;
}

function random(dims: Shape, seed: number): FloatTensor {
  return floatTensor(
    dims,
    Array.from({ length: sizeOf(dims) }, (_, i) => Math.sin(12.9898 * (i + 1) + seed)),
  );
}

function expectClose(
  actual: Float32Array | undefined,
  expected: Float32Array | undefined,
  name: string,
): void {
  expect(actual, name).toBeDefined();
  const largest = expected?.reduce((max, value) => Math.max(max, Math.abs(value)), 0) ?? 0;
  const difference = expected?.reduce(
    (max, value, i) => Math.max(max, Math.abs(value - (actual?.[i] ?? Number.NaN))),
    0,
  );
  expect(difference, name).toBeLessThanOrEqual(1e-4 * largest + 1e-6);
}

afterEach(() => tf.disposeVariables());
