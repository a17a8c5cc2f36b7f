import { expect, it } from 'vitest';
import { averagePrecision, multilabelAp } from './multilabel-ap.ts';

const geometry = {
  ...{ width: 1, height: 1, input: { width: 1, height: 1 } },
  ...{ scale: { x: 1, y: 1 }, offset: { x: 0, y: 0 } },
};

function meanOf(
  images: readonly { readonly scores: readonly number[]; readonly shows: readonly number[] }[],
) {
  const judge = multilabelAp.start();
  const kept = images.map(({ scores, shows }, i) =>
    judge.add({ y: { dims: [scores.length], data: Float32Array.from(scores) } }, `${i}`, shows, geometry),
  );
  return judge.result(JSON.parse(JSON.stringify(kept)));
}

it('average precision adds up precision by what recall rises', () => {
  // The example of scikit-learn's average_precision_score.
  const shown = [0, 0, 1, 1];
  const scores = [0.1, 0.4, 0.35, 0.8];
  expect(averagePrecision(scores.map((score, i) => [score, shown[i] === 1]))).toBeCloseTo(0.8333333, 6);
  expect(
    averagePrecision([
      [0.9, false],
      [0.1, false],
    ]),
  ).toBeNull();
  expect(
    averagePrecision([
      [0.1, true],
      [0.9, false],
    ]),
  ).toBe(0.5);
});

it('equal scores are one step, in whatever order they come', () => {
  const tied = [
    [0.5, true],
    [0.5, false],
    [0.5, false],
    [0.5, true],
  ] as const;
  expect(averagePrecision(tied)).toBe(0.5);
  expect(averagePrecision([...tied].reverse())).toBe(0.5);
});

it('the mean is over the classes that some image shows', () => {
  const images = [
    { scores: [0.9, 0.2, 0.5], shows: [0] },
    { scores: [0.8, 0.7, 0.4], shows: [1] },
    { scores: [0.1, 0.9, 0.3], shows: [0, 1] },
  ];
  // Class 0: right at 1 and 3 of 3; class 1: right at 1 and 2; nobody shows class 2.
  expect(meanOf(images)).toBeCloseTo(((1 / 2) * 1 + (1 / 2) * (2 / 3) + 1) / 2, 6);
  // Logits and their sigmoids are in one order.
  const logits = images.map(({ scores, shows }) => ({
    scores: scores.map((p) => Math.log(p / (1 - p))),
    shows,
  }));
  expect(meanOf(logits)).toBeCloseTo(meanOf(images), 12);
});

it('says what it cannot do', () => {
  expect(() => meanOf([{ scores: [0.1, 0.2], shows: [] }])).toThrow('no image shows any class');
  expect(() => meanOf([{ scores: [0.1, Number.NaN], shows: [0] }])).toThrow('values that are not finite');
});
