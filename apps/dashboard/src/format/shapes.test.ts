import { expect, it } from 'vitest';
import { criterionIn, criterionShape } from './shapes.ts';

it('gives each criterion a form of its own, also read from the name of a strategy', () => {
  const criteria = ['l1', 'l2', 'random', 'taylor', 'fpgm', 'hrank', 'bn-scale', 'reconstruction', 'lamp'];
  expect(new Set(criteria.map(criterionShape)).size).toBe(criteria.length);
  expect(criterionShape(criterionIn('cie · taylor · widths of 8'))).toBe(criterionShape('taylor'));
  expect(criterionShape(criterionIn('cie'))).toBe(criterionShape('l1'));
});
