import { expect, it } from 'vitest';
import { kindOf, pageOf } from './kind.ts';

it('tells by an id what it is of, and where that has its page', () => {
  expect([kindOf('exp_a1'), pageOf('exp_a1')]).toEqual(['experiment', '/experiments/exp_a1']);
  expect([kindOf('proj_a1'), pageOf('proj_a1')]).toEqual(['project', '/models?projects=proj_a1']);
  expect([kindOf('pub_a1'), pageOf('pub_a1')]).toEqual(['published result', null]);
  expect([kindOf('runs.csv'), pageOf('runs.csv')]).toEqual(['something else', null]);
});
