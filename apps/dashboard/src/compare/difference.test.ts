import { expect, it } from 'vitest';
import { differenceRows, type Property } from './difference.ts';

const plain = (value: unknown) => String(value ?? '–');
const signed = (difference: number) => (difference > 0 ? `+${difference}` : String(difference));
const properties: Property[] = [
  { name: 'criterion', values: ['l1', 'l1'], show: plain },
  { name: 'allocation', values: ['cie', 'uniform'], show: plain },
  { name: 'top-1', values: [90, 85], show: plain, delta: signed, better: 'higher' },
  { name: 'latency', values: [2, 1], show: plain, delta: signed, better: 'lower' },
  { name: 'loss', values: [1, null], show: plain, delta: signed, better: 'lower' },
];

it('leaves out what all runs share, unless asked', () => {
  expect(differenceRows(properties, 0, true).map(({ name }) => name)).toEqual([
    'allocation',
    'top-1',
    'latency',
    'loss',
  ]);
  expect(differenceRows(properties, 0, false)).toHaveLength(5);
});

it('says how far each run is from the baseline, and which way is better', () => {
  const [, top1, latency, loss] = differenceRows(properties, 0, true);
  expect(top1?.cells).toEqual([
    { text: '90', delta: null, verdict: null },
    { text: '85', delta: '-5', verdict: 'worse' },
  ]);
  expect(latency?.cells[1]).toEqual({ text: '1', delta: '-1', verdict: 'better' });
  // What is not known is not compared.
  expect(loss?.cells[1]).toEqual({ text: '–', delta: null, verdict: null });
});

it('takes any column as the baseline', () => {
  const [top1] = differenceRows(properties.slice(2, 3), 1, true);
  expect(top1?.cells.map(({ delta }) => delta)).toEqual(['+5', null]);
});

it('judges no accuracy of what is apart from the baseline', () => {
  const unjudged = (column: number) => column === 1;
  const [top1] = differenceRows([{ ...properties[2], unjudged } as Property], 0, true);
  expect(top1?.cells[1]).toEqual({ text: '85', delta: '-5', verdict: null });
});
