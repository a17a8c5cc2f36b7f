import { expect, it } from 'vitest';
import { tinyResNet } from '../../test/tiny-networks.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import type { Measurement } from './measure.ts';
import { quantile } from './quantile.ts';
import { measureThroughput, THROUGHPUT_BATCH } from './throughput.ts';

interface Run {
  readonly network: string;
  readonly images: number;
  readonly milliseconds: number;
}

/** An engine whose runs are timed from outside. */
function watched(inner: Engine, log: Run[]): Engine {
  return {
    ...inner,
    compile: async (network) => {
      const executable = await inner.compile(network);
      return {
        run: async (inputs) => {
          const started = performance.now();
          const outputs = await executable.run(inputs);
          const milliseconds = performance.now() - started;
          log.push({ network: network.name, images: inputs.input?.dims[0] ?? 0, milliseconds });
          return outputs;
        },
        dispose: () => executable.dispose(),
      };
    },
    dispose: () => inner.dispose(),
  };
}

const single = (p50: number): Measurement => ({
  ...{ latencyMs: { p10: p50, p50, p90: p50 }, imagesPerSecond: 1000 / p50 },
  ...{ batch: 1, repeats: 30, warmup: 5 },
});
const networks = ['A', 'B'].map((name, i) => ({ ...tinyResNet({ seed: i + 1 }), name }));

it('is the images of a batch by the median time of one, of each network', async () => {
  const log: Run[] = [];
  const engine = watched(await openEngine('onnxruntime', { threads: 1 }), log);
  const found = await measureThroughput(engine, networks, [single(1), single(2)]);
  await engine.dispose();
  expect(new Set(log.map(({ images }) => images))).toEqual(new Set([THROUGHPUT_BATCH]));
  for (const [i, { name }] of networks.entries()) {
    const all = log.filter(({ network }) => network === name).map(({ milliseconds }) => milliseconds);
    // The first one warms up, and so does the first one of each turn.
    const timed = all.slice(1).filter((_, run) => run % 4 !== 0);
    // A second and a half holds 8 rounds of 64 images of 3 ms.
    expect(timed).toHaveLength(8);
    const median = quantile(
      timed.toSorted((a, b) => a - b),
      0.5,
    );
    // Timed from outside of the engine it takes a little longer.
    const rate = (THROUGHPUT_BATCH * 1000) / median;
    expect(found[i]?.imagesPerSecond).toBeGreaterThan(rate * 0.8);
    expect(found[i]?.imagesPerSecond).toBeLessThan(rate * 1.2);
  }
});

it('repeats slow networks a few times only, and fast ones not for ever', async () => {
  for (const [latency, repeats] of [
    [1000, 3],
    [0.001, 50],
  ] as const) {
    const log: Run[] = [];
    const engine = watched(await openEngine('onnxruntime', { threads: 1 }), log);
    await measureThroughput(engine, networks.slice(0, 1), [single(latency)]);
    await engine.dispose();
    expect(log).toHaveLength(1 + repeats + Math.ceil(repeats / 3));
  }
});
