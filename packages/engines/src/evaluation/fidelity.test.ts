import { floatTensor } from '@espalier/network';
import { describe, expect, it } from 'vitest';
import {
  deviations,
  fidelityInfluence,
  fidelityValues,
  joinDeviations,
  type OutputRole,
} from './fidelity.ts';
import { directedDrop, METRICS, metricOfOutputs } from './metrics.ts';

const plain: OutputRole = {
  ...{ name: 'y', tellsClasses: false, distribution: null, isVector: false, isEmbedding: false },
};
const scores: OutputRole = {
  ...{ name: 'p', tellsClasses: true, distribution: 'probabilities', isVector: true, isEmbedding: false },
};
const vector: OutputRole = { ...plain, name: 'v', isVector: true };
const two = (values: readonly number[]) => floatTensor([2, 2], values);

function compared(role: OutputRole, base: readonly number[], other: readonly number[]) {
  const reference = { [role.name]: two(base) };
  const of = deviations([role], { [role.name]: two(other) }, 2, reference);
  return fidelityValues(of, deviations([role], reference, 2), [role.name]);
}

describe('fidelity', () => {
  it('is the root mean square of the difference over that of the unpruned output, over all images', () => {
    // Squares of the output: 9 + 16 + 0 + 0; of the difference: 1 + 0 + 0 + 4.
    expect(compared(plain, [3, 4, 0, 0], [2, 4, 0, 2]).fidelity).toBeCloseTo(Math.sqrt(5 / 25), 6);
    expect(compared(plain, [3, 4, 0, 0], [3, 4, 0, 0]).fidelity).toBe(0);
    expect(compared(plain, [3, 4, 0, 0], [0, 0, 0, 0]).fidelity).toBeCloseTo(1, 6);
  });

  it('has no largest class and no distribution where the output tells no classes', () => {
    expect(compared(plain, [3, 4, 0, 0], [2, 4, 0, 2])).toMatchObject({ agreement: null, kl: null });
  });

  it('counts the images whose largest class stays, the first among equal ones', () => {
    expect(compared(scores, [0.6, 0.4, 0.1, 0.9], [0.4, 0.6, 0.2, 0.8]).agreement).toBe(0.5);
    expect(compared(scores, [0.5, 0.5, 0.1, 0.9], [0.6, 0.4, 0.2, 0.8]).agreement).toBe(1);
  });

  it('is in nats the divergence of the new distribution from the old one', () => {
    const first = 0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75);
    const second = 0.9 * Math.log(0.9 / 0.8) + 0.1 * Math.log(0.1 / 0.2);
    expect(compared(scores, [0.5, 0.5, 0.1, 0.9], [0.25, 0.75, 0.2, 0.8]).kl).toBeCloseTo(
      (first + second) / 2,
      6,
    );
    // Scores of before a softmax: a constant more of each is the same distribution.
    const logits: OutputRole = { ...scores, distribution: 'logits' };
    expect(compared(logits, [1, 2, 3, 4], [101, 102, -7, -6]).kl).toBeCloseTo(0, 6);
    expect(compared(logits, [0, 0, 0, 0], [0, Math.log(3), 0, Math.log(3)]).kl).toBeCloseTo(first, 6);
  });

  it('is the mean cosine of the vectors: their length does not count', () => {
    expect(compared(vector, [1, 0, 3, 4], [5, 0, 6, 8]).cosine).toBeCloseTo(1, 6);
    // A right angle, and the opposite.
    expect(compared(vector, [1, 0, 3, 4], [0, 2, -3, -4]).cosine).toBeCloseTo(-0.5, 6);
    expect(compared(vector, [1, 0, 1, 0], [1, 1, 1, 0]).cosine).toBeCloseTo((Math.SQRT1_2 + 1) / 2, 6);
    // Zeros have no direction.
    expect(compared(vector, [1, 0, 0, 0], [0, 0, 0, 0]).cosine).toBeCloseTo(0.5, 6);
    expect(compared(plain, [1, 0, 3, 4], [5, 0, 6, 8]).cosine).toBeNull();
  });

  it('stays finite where a probability was rounded to 0', () => {
    const { kl } = compared(scores, [0.5, 0.5, 1, 0], [1, 0, 0, 1]);
    expect(kl).toBeGreaterThan(10);
    expect(Number.isFinite(kl)).toBe(true);
  });
});

describe('several outputs', () => {
  const roles = ['big', 'small'].map((name): OutputRole => ({ ...plain, name }));
  const base = { big: two([1000, -1000, 1000, 1000]), small: two([2, 2, -2, 2]) };
  const changed = { big: two([900, -1000, 1000, 1000]), small: two([2, 2, -2, 3]) };
  const baseline = deviations(roles, base, 2);
  const of = deviations(roles, changed, 2, base);
  const value = (weights = {}) => fidelityValues(of, baseline, ['big', 'small'], weights).fidelity;

  it('count alike whatever their size, unless weights say otherwise', () => {
    const [big, small] = [0.05, 0.25];
    expect(value()).toBeCloseTo((big + small) / 2, 6);
    expect(value({ small: 3 })).toBeCloseTo((big + 3 * small) / 4, 6);
    expect(value({ big: 0 })).toBeCloseTo(small, 6);
  });

  it('one that is near zero does not outweigh the rest', () => {
    const near = { ...base, small: two([1e-7, 0, 0, 0]) };
    const noisy = { ...base, small: two([0, 1e-6, 1e-6, 0]) };
    const dead = { ...base, small: two([0, 0, 0, 0]) };
    for (const reference of [near, dead]) {
      const error = deviations(roles, noisy, 2, reference);
      const { fidelity } = fidelityValues(error, deviations(roles, reference, 2), ['big', 'small']);
      expect(fidelity).toBeGreaterThan(0);
      expect(fidelity).toBeLessThan(1e-6);
    }
  });

  it('an output that the change does not reach is the unpruned one', () => {
    const partial = deviations(roles, { small: changed.small }, 2, base);
    expect(fidelityValues(partial, baseline, ['big', 'small']).fidelity).toBeCloseTo(0.125, 6);
  });
});

it('parts of the images that are joined are the whole: the root mean square is that of all', () => {
  const images = [5, 1, 0.1, 7].map((size, i) => ({ base: size, other: size + (i - 1) / 3 }));
  const one = (values: readonly number[]) => floatTensor([values.length, 1], values);
  const measured = (some: typeof images) => {
    const reference = { y: one(some.map(({ base }) => base)) };
    return {
      of: deviations([plain], { y: one(some.map(({ other }) => other)) }, some.length, reference),
      baseline: deviations([plain], reference, some.length),
    };
  };
  const all = measured(images);
  const parts = [measured(images.slice(0, 1)), measured(images.slice(1))];
  const joined = fidelityValues(
    joinDeviations(parts.map(({ of }) => of)),
    joinDeviations(parts.map(({ baseline }) => baseline)),
    ['y'],
  );
  expect(joined).toEqual(fidelityValues(all.of, all.baseline, ['y']));
});

it("an image's influence is how far the value moves without it", () => {
  const n = 400;
  const noise = (i: number) => Math.sin(i * 12.9898) * 0.3;
  const base = {
    y: floatTensor(
      [n, 1],
      Array.from({ length: n }, (_, i) => 2 + noise(i + 7)),
    ),
  };
  const other = {
    y: floatTensor(
      [n, 1],
      Array.from({ length: n }, (_, i) => 2 + noise(i + 7) + noise(i * 3)),
    ),
  };
  const [of, baseline] = [deviations([plain], other, n, base), deviations([plain], base, n)];
  const influence = fidelityInfluence('fidelity', of, baseline, ['y']);
  const mean = influence.reduce((sum, each) => sum + each, 0) / n;
  const error = of.outputs[0]?.error ?? new Float32Array();
  const scale = Math.sqrt(
    (baseline.outputs[0]?.error ?? new Float32Array()).reduce((sum, each) => sum + each, 0) / n,
  );
  const total = error.reduce((sum, each) => sum + each, 0);
  const without = Math.sqrt((total - (error[3] ?? 0)) / (n - 1)) / scale;
  const moved = Math.sqrt(total / n) / scale - without;
  expect(((influence[3] ?? 0) - mean) / (n - 1)).toBeCloseTo(moved, 6);
});

it('drops are told the way that is worse', () => {
  expect(directedDrop(METRICS.top1, 0.9, 0.7)).toBeCloseTo(0.2);
  expect(directedDrop(METRICS.loss, 0.3, 1.5)).toBeCloseTo(1.2);
  expect(directedDrop(METRICS.agreement, 1, 0.75)).toBeCloseTo(0.25);
});

describe('the metric of a network on images', () => {
  const labelled = { name: 'pets', classes: ['cat', 'dog'] };
  const bare = { name: 'pictures', classes: [] };
  const [other, embedding] = [{ isEmbedding: false }, { isEmbedding: true }];
  it('is top-1, or fidelity where that cannot be', () => {
    expect(metricOfOutputs(null, [other], labelled).name).toBe('top1');
    expect(metricOfOutputs(null, [other], bare).name).toBe('fidelity');
    expect(metricOfOutputs(null, [other, other], labelled).name).toBe('fidelity');
    expect(metricOfOutputs('kl', [other], labelled).name).toBe('kl');
  });
  it('is the cosine where all outputs are embeddings, with labels or without', () => {
    expect([labelled, bare].map((data) => metricOfOutputs(null, [embedding], data).name)).toEqual([
      ...['cosine', 'cosine'],
    ]);
    expect(metricOfOutputs(null, [embedding, other], bare).name).toBe('fidelity');
    expect(metricOfOutputs('fidelity', [embedding], bare).name).toBe('fidelity');
  });
  it('is refused where it needs labels that there are none of', () => {
    expect(() => metricOfOutputs('loss', [other], bare)).toThrow(
      'loss compares with labels, and the images of pictures have none: give metric fidelity, or images in class folders',
    );
  });
});
