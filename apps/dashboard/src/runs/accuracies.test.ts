import { expect, it } from 'vitest';
import { accuraciesOf } from './accuracies.ts';

const base = { top1: 0.9, params: 1n, macs: 1n } as never;
const told = (
  result: { repairedTop1: number | null },
  experiment: { recipe: object | null; recalibrate: number | null },
) =>
  accuraciesOf({ result: { base, prunedTop1: 0.2, top1: 0.8, ...result }, experiment }).map(
    ({ name, top1 }) => `${name} ${top1}`,
  );

it('tells a network as cut, and behind each step that there was', () => {
  const none = { recipe: null, recalibrate: null };
  const [base, cut] = ['Unpruned 0.9', 'As cut 0.2'];
  expect(told({ repairedTop1: 0.7 }, { ...none, recipe: {} })).toEqual([
    ...[base, cut, 'Repaired 0.7', 'Fine-tuned 0.8'],
  ]);
  expect(told({ repairedTop1: 0.8 }, none)).toEqual([base, cut, 'Repaired 0.8']);
  expect(told({ repairedTop1: null }, { ...none, recipe: {} })).toEqual([base, cut, 'Fine-tuned 0.8']);
  expect(told({ repairedTop1: null }, { ...none, recalibrate: 500 })).toEqual([
    base,
    cut,
    'Recalibrated 0.8',
  ]);
  expect(told({ repairedTop1: null }, none)).toEqual([base, cut, 'As exported 0.8']);
});
