import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import { valueAxis } from './axes.ts';

it('tells the marks of a narrow axis apart', () => {
  const { format } = valueAxis(TOP1);
  expect([0.09, 0.092, 0.094].map(format)).toEqual(['9 %', '9.2 %', '9.4 %']);
  expect([0, 0.29, 0.58, 1].map(format)).toEqual(['0 %', '29 %', '58 %', '100 %']);
});
