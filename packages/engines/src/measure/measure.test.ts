import { InputError } from '@espalier/errors';
import { describe, expect, it } from 'vitest';
import { tinyResNet } from '../../test/tiny-networks.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import { type MeasureOptions, measure } from './measure.ts';
import { quantile } from './quantile.ts';
import { randomInputs } from './random-inputs.ts';

/** An engine that writes down what it is asked to do. */
function recorder(inner: Engine, log: string[]): Engine {
  return {
    ...inner,
    name: inner.name,
    compile: async (network) => {
      const executable = await inner.compile(network);
      return {
        run: async (inputs) => {
          log.push(network.name);
          return executable.run(inputs);
        },
        dispose: async () => {
          log.push(`${network.name} disposed`);
          await executable.dispose();
        },
      };
    },
    dispose: () => inner.dispose(),
  };
}

const networks = ['A', 'B'].map((name, i) => ({ ...tinyResNet({ seed: i + 1 }), name }));
const on = (engine: Engine, batch?: number) => networks.map((network) => ({ network, engine, batch }));

describe('measure', () => {
  it('lets the networks take turns in orders that change, the first run of each not timed', async () => {
    const log: string[] = [];
    const engine = recorder(await openEngine('onnxruntime', { threads: 1 }), log);
    const seen: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => seen.push(done / total);
    const results = await measure(on(engine, 3), { repeats: 4, warmup: 1, onProgress });
    const turn = (name: string, timed: number) => Array.from({ length: 1 + timed }, () => name);
    expect(log).toEqual([
      ...['A', 'B'],
      ...[...turn('A', 3), ...turn('B', 3)],
      ...[...turn('B', 1), ...turn('A', 1)],
      ...['A disposed', 'B disposed'],
    ]);
    expect(seen).toEqual([0.75, 1]);
    expect(results).toHaveLength(2);
    for (const { latencyMs, imagesPerSecond, runs, ...counts } of results) {
      expect(runs).toHaveLength(4);
      expect(counts).toEqual({ batch: 3, repeats: 4, warmup: 1 });
      expect(latencyMs.p10).toBeGreaterThan(0);
      expect(latencyMs.p10).toBeLessThanOrEqual(latencyMs.p50);
      expect(latencyMs.p50).toBeLessThanOrEqual(latencyMs.p90);
      expect(imagesPerSecond).toBeCloseTo(3000 / latencyMs.p50, 6);
    }
    await engine.dispose();
  });

  it('repeats as often as fits into a few seconds', async () => {
    const engine = await openEngine('onnxruntime', { threads: 1 });
    const [result] = await measure(on(engine).slice(0, 1));
    expect(result?.repeats).toBeGreaterThanOrEqual(30);
    expect(result?.repeats).toBeLessThanOrEqual(1000);
    await engine.dispose();
  });

  it('stops when it is aborted, and gives back what it compiled', async () => {
    const log: string[] = [];
    const engine = recorder(await openEngine('onnxruntime', { threads: 1 }), log);
    await expect(measure(on(engine), { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
    expect(log).toEqual(['A disposed', 'B disposed']);
    await engine.dispose();
  });

  it.each<MeasureOptions & { batch?: number }>([
    { batch: 0 },
    { repeats: 0 },
    { repeats: 1.5 },
    { warmup: -1 },
  ])('refuses %j', async ({ batch, ...options }) => {
    const engine = await openEngine('onnxruntime', { threads: 1 });
    await expect(measure(on(engine, batch), options)).rejects.toThrow(InputError);
  });
});

it('tells the time of each node of a network', async () => {
  const engine = await openEngine('onnxruntime', { threads: 1 });
  const network = tinyResNet();
  const times = await engine.nodeTimes(network, 2, 5);
  await engine.dispose();
  expect([...(times?.values() ?? [])].every((ms) => ms >= 0)).toBe(true);
  // A convolution runs with what follows it: its time stands with one of them.
  const told = network.nodes.filter(({ name }) => times?.has(name));
  expect(told.length).toBeGreaterThanOrEqual(network.nodes.filter(({ op }) => op === 'Conv').length);
});

describe('quantile', () => {
  it('lies between the two nearest values', () => {
    const quantiles = [0, 0.125, 0.5, 0.875, 1].map((share) => quantile([1, 2, 3, 4, 11], share));
    expect(quantiles).toEqual([1, 1.5, 3, 7.5, 11]);
    expect(quantile([5], 0.9)).toBe(5);
  });
});

describe('randomInputs', () => {
  it('is standard normal and the same every time', () => {
    const [first, second] = [randomInputs(tinyResNet(), 100), randomInputs(tinyResNet(), 100)];
    expect(first).toEqual(second);
    const values = first.input?.data ?? new Float32Array();
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(first.input?.dims).toEqual([100, 3, 6, 6]);
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });
});
