import { expect, it } from 'vitest';
import { verdictOf } from './verdict.ts';

type Judged = Parameters<typeof verdictOf>[0];
const ratio = { params: 2, macs: 2, bytes: 2, latency: 1.5, throughput: null };
const result = (part: Partial<Judged> = {}): Judged => ({
  ...{ drop: 0, ratio, latencyInterval: { low: 1.4, high: 1.6 }, latency: null, provenance: null },
  ...part,
});
const ofLatency = (latency: number, low: number, high: number) => ({
  ratio: { ...ratio, latency },
  latencyInterval: { low, high },
});

it('has nothing against a network that is faster and as good', () => {
  expect(verdictOf(result(), false)).toEqual({ warnings: [], shouldTune: false });
});

it('says that a network with fewer MACs is slower, and where, or that no difference shows', () => {
  const provenance = { cpu: 'Xeon' };
  expect(verdictOf(result({ ...ofLatency(0.82, 0.8, 0.85), provenance }), false).warnings).toEqual([
    'Slower than the original on the CPU of this worker (Xeon).',
  ]);
  expect(verdictOf(result(ofLatency(1.02, 0.9, 1.1)), false).warnings).toEqual([
    'No measurable difference in speed to the original on the CPU of this worker.',
  ]);
});

it('goes by the device where there is one', () => {
  const latency = {
    device: { name: 'Pi' },
    predicted: { milliseconds: 12, baseMilliseconds: 10 },
    measured: null,
  };
  expect(verdictOf(result({ latency }), false).warnings).toEqual([
    'Slower than the original on Pi, as predicted.',
  ]);
  const measured = { speedup: { ratio: 1.2, low: 1.1, high: 1.3 } };
  expect(verdictOf(result({ latency: { ...latency, measured } }), false).warnings).toEqual([]);
});

it('offers the training to what loses something and was not trained', () => {
  expect(verdictOf(result({ drop: 0.02 }), false)).toEqual({ warnings: [], shouldTune: true });
  expect(verdictOf(result({ drop: 0.02 }), true).shouldTune).toBe(false);
  expect(verdictOf(result({ drop: null }), false).shouldTune).toBe(false);
  expect(verdictOf(result({ drop: 0.2665 }), true).warnings).toEqual([
    'It loses 26.7 points of top-1: remove less, say 10 to 20 %.',
  ]);
});
