import { expect, it } from 'vitest';
import { networksOf } from './steps.ts';

const base = { value: 0, top1: null, params: 1n, macs: 1n } as never;
const told = (
  repairedValue: number | null,
  experiment: { recipe: object | null; recalibrate: number | null },
) => {
  const result = {
    ...{ base, prunedValue: 0.8, value: 0.2, repairedValue },
    // Without labels: only values by the metric are known.
    ...{ prunedTop1: null, repairedTop1: null, top1: null },
    repair: repairedValue === null ? null : ({} as never),
  };
  return networksOf({ result, experiment }).map(({ name, value }) => `${name} ${value}`);
};

it('tells a network as cut, and behind each step that there was, by its metric', () => {
  const none = { recipe: null, recalibrate: null };
  const [first, cut] = ['Unpruned 0', 'As cut 0.8'];
  expect(told(0.3, { ...none, recipe: {} })).toEqual([first, cut, 'Repaired 0.3', 'Fine-tuned 0.2']);
  expect(told(0.2, none)).toEqual([first, cut, 'Repaired 0.2']);
  expect(told(null, { ...none, recipe: {} })).toEqual([first, cut, 'Fine-tuned 0.2']);
  expect(told(null, { ...none, recalibrate: 500 })).toEqual([first, cut, 'Recalibrated 0.2']);
  expect(told(null, none)).toEqual([first, cut, 'As exported 0.2']);
});
